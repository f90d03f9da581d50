#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::charset {

/// The WHATWG Encoding Standard's name for a label ("latin1" → "windows-1252", "gb2312" → "GBK");
/// nullopt for an unknown label. Case and blanks around it do not matter. The view lives for ever.
std::optional<std::string_view> encoding_of_label(std::string_view label);

/// The encoding that a byte order mark says: UTF-8, UTF-16LE or UTF-16BE.
std::optional<std::string_view> encoding_of_bom(std::string_view bytes);

/// What HTML's "prescan a byte stream to determine its encoding" finds in the first 1024 bytes: a
/// <meta> or an XML declaration.
std::optional<std::string_view> prescan(std::string_view head_bytes);

/// Which encoding a page has: byte order mark, HTTP charset, <meta> or XML declaration within the
/// first 1024 bytes, UTF-16 without a mark (by its NULs), then valid UTF-8, then detection
/// (uchardet, over 64 KiB at most), then windows-1252. `head_bytes` are the first bytes of the
/// decoded body, 4 KiB or more are best, all of it is fine; a character cut off at their end does
/// no harm.
struct CharsetGuess {
  std::string encoding;  ///< WHATWG name
  /// kDefault: nothing told. That is UTF-8 where all is ASCII, windows-1252 elsewhere.
  enum class From { kBom, kHttp, kMeta, kDetected, kDefault } from;
};
CharsetGuess sniff_charset(std::string_view head_bytes,
                           std::optional<std::string_view> http_charset);

/// Text in `encoding` (a WHATWG name or any label) as valid UTF-8; what cannot be decoded becomes
/// U+FFFD. The byte order mark of that encoding is dropped. Linear, at most three times as long as
/// `bytes`. kUnsupported for an unknown encoding.
Result<std::string> to_utf8(std::string_view bytes, std::string_view encoding);

}  // namespace wm::charset
