#pragma once

#include <memory>
#include <string>

#include "core/base/source.h"
#include "indexer/cdx/cdx_index.h"
#include "replay/memento/link_header.h"

namespace wm::memento {

/// All mementos of a URL in time order, written as they are read from the index: a million of them
/// cost no memory. `index` outlives the stream. Link format is RFC 7089 5; json is one CDX object a
/// line; cdxj as `waymark cdx` prints it. nullptr when there is no capture.
Result<std::unique_ptr<Source>> timemap(const cdx::CdxIndex& index, const Addresses& at,
                                        std::string_view url, WaybackUrl::TimeMapFormat format);

std::string_view media_type_of(WaybackUrl::TimeMapFormat format) noexcept;

/// Reads the captures of one key in pages, so that no look-up holds an iterator between reads.
class CapturePages {
 public:
  CapturePages(const cdx::CdxIndex& index, cdx::RangeQuery query)
      : index_(index), query_(std::move(query)) {}
  /// The next captures in order, at most some hundred; empty at the end.
  Result<std::vector<cdx::Capture>> next();

 private:
  const cdx::CdxIndex& index_;
  cdx::RangeQuery query_;
  std::size_t passed_at_start_ = 0;  ///< captures of the second query_.from that were given already
  bool done_ = false;
};

/// A string as JSON text, with its quotes.
std::string json_string(std::string_view text);

}  // namespace wm::memento
