#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/source.h"
#include "core/base/time14.h"
#include "indexer/cdx/cdx_index.h"
#include "replay/access/control.h"
#include "replay/memento/link_header.h"

namespace wm::memento {

struct TimeMapQuery {
  Addresses at = {};
  std::string url = {};
  WaybackUrl::TimeMapFormat format = WaybackUrl::TimeMapFormat::kLink;
  std::optional<Time14> from = {};  ///< where the page starts; none: the first page
  std::size_t page_size = 10'000;   ///< mementos on one; those of one second stay together
};

/// The mementos of a URL in time order, a page of them, written as they are read from the index.
struct TimeMap {
  std::unique_ptr<Source> stream;
  std::string next_page;  ///< its address; "" after the last
};

/// `index` outlives the stream. Link format is RFC 7089 5, with `from` and `until` of the page and
/// a link to the page that follows; json is one CDX object a line; cdxj as `waymark cdx` prints it.
/// What the judge hides is left out. nullopt when there is nothing to show.
Result<std::optional<TimeMap>> timemap(const cdx::CdxIndex& index, const access::Judge& judge,
                                       const TimeMapQuery& query);

std::string_view media_type_of(WaybackUrl::TimeMapFormat format) noexcept;

/// A string as JSON text, with its quotes. Bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);
void append_json(std::string& out, std::string_view text);

}  // namespace wm::memento
