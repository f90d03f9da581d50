#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::html {

/// The WHATWG Encoding Standard's name for a label ("latin1" → "windows-1252", "gb2312" → "GBK"); nullopt for an unknown label.
std::optional<std::string_view> encoding_of_label(std::string_view label);

/// Which encoding a page has: byte order mark, HTTP charset, <meta> or XML declaration within the first 1024 bytes, then valid
/// UTF-8, then detection (uchardet), then windows-1252. `head_bytes` are the first bytes of the decoded body, 4 KiB or more are best.
struct CharsetGuess {
  std::string encoding;  ///< WHATWG name
  enum class From { kBom, kHttp, kMeta, kDetected, kDefault } from;
};
CharsetGuess sniff_charset(std::string_view head_bytes, std::optional<std::string_view> http_charset);

/// Text in `encoding` as valid UTF-8; what cannot be decoded becomes U+FFFD. The byte order mark is dropped. kUnsupported for an
/// encoding that ICU does not know.
Result<std::string> to_utf8(std::string_view bytes, std::string_view encoding);

}  // namespace wm::html
