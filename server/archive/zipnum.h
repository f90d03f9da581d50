#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/warc/gzip_compressor.h"
#include "server/archive/sorted_items.h"

namespace wm::archive {

/// The lines of a CDXJ index as a ZipNum index: gzip members of some hundred lines each, and a second index that names the first line of
/// each. Readers fetch the second and then single blocks, where a plain index has to be loaded whole. Lines go in in any order; then every
/// block() until it is empty, then every entry(). In bounded memory. One thread. Source: WACZ 1.1.1 §5.2.2; pywb's ZipNum.
class ZipNum {
 public:
  static constexpr std::size_t kLines = 512;  ///< of a block

  /// Keys are of warcio.js' flavour: ReplayWeb.page looks its own up in the second index.
  Result<> add(std::string_view cdxj_line);
  /// The next gzip member of `index.cdx.gz`; "" when that was all.
  Result<std::string> block();
  /// The next line of `index.idx`, with its end; nullopt at the end.
  Result<std::optional<std::string>> entry();

 private:
  SortedItems lines_;
  SortedItems entries_;
  warc::GzipCompressor gzip_{6};
  std::uint64_t at_ = 0;
  bool headed_ = false;
};

}  // namespace wm::archive
