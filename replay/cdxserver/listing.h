#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/source.h"
#include "indexer/cdx/cdx_index.h"
#include "replay/access/control.h"
#include "replay/cdxserver/fields.h"
#include "replay/memento/link_header.h"

namespace wm::cdxserver {

/// An answer of a CDX server. The stream is pulled by whoever sends it and reads the index no
/// faster than the client takes it; between two pulls it holds nothing of the store.
struct Listing {
  std::string media_type;
  std::unique_ptr<Source> stream;
};

struct Wanted {
  Dialect dialect = Dialect::kOwn;
  memento::Addresses at;   ///< of mementos, in link format; `at.collection` is asked
  std::string_view query;  ///< of the request, raw
  std::uint64_t scan_limit = 10'000'000;
};

/// Answers a request in its dialect. `index` outlives the stream. kInvalid tells the client what is
/// wrong with the request; kTooLarge that it asks for too much at once.
Result<Listing> list_captures(const cdx::CdxIndex& index, const access::Judge& judge,
                              const Wanted& wanted);

}  // namespace wm::cdxserver
