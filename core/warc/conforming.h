#pragma once

#include <string>

#include "core/base/time14.h"
#include "core/http/headers.h"
#include "core/warc/record.h"

namespace wm::warc {

/// What a record gets that lacks it.
struct Substitutes {
  std::string id;  ///< "<urn:uuid:...>"
  SysMicros date{};
};

/// The named fields of a record as the standard wants them written (ISO 28500 §4, §5.2 to 5.20,
/// docs/formats/warc.md): nothing that a record of its type shall not have, nothing twice but
/// WARC-Concurrent-To, URIs without brackets, in RFC 3986 characters and
/// the few more that browsers send, ids in brackets, dates in
/// UTC, media types, addresses and digests by their grammar. What cannot be mended is left out.
/// Fields that are right come back as they were, in their order; Content-Length too.
http::Headers conforming_fields(const WarcRecord& record, const Substitutes& substitutes);

/// Can the record be handed on byte for byte: no damage, of WARC 1.0 or 1.1, and its fields are
/// those of conforming_fields()?
bool is_conforming(const WarcRecord& record);

/// Goes from the fields of a record to what we write ourselves: revisit profiles and truncation of
/// WARC/1.1, SHA-1 in base32.
void modernize(http::Headers& fields, RecordType type);

}  // namespace wm::warc
