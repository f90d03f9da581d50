#pragma once

#include "replay/cdxserver/listing.h"
#include "replay/cdxserver/query.h"

namespace wm::cdxserver {

/// The answer to an OpenSearch query of OpenWayback, in XML.
Result<Listing> xml_listing(const cdx::CdxIndex& index, const access::Judge& judge, XmlQuery query,
                            std::uint64_t scan_limit);

}  // namespace wm::cdxserver
