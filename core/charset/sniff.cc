#include <uchardet/uchardet.h>

#include <algorithm>
#include <memory>

#include "core/base/ascii.h"
#include "core/charset/charset.h"

namespace wm::charset {

namespace {

constexpr std::size_t kDetectBytes = 64 * 1024;
constexpr std::size_t kNulProbeBytes = 1024;

struct FreeDetector {
  void operator()(uchardet* detector) const noexcept { uchardet_delete(detector); }
};

/// UTF-16 without a byte order mark: markup and blanks leave a NUL in one half of many pairs and
/// hardly any in the other.
std::optional<std::string_view> utf16_by_nuls(std::string_view bytes) {
  bytes = bytes.substr(0, kNulProbeBytes);
  const std::size_t pairs = bytes.size() / 2;
  if (pairs < 2) return std::nullopt;
  std::size_t nuls[2] = {};
  for (std::size_t at = 0; at < 2 * pairs; ++at) {
    if (bytes[at] == '\0') ++nuls[at % 2];
  }
  const auto dominates = [pairs](std::size_t one, std::size_t other) {
    return one * 10 >= pairs * 3 && other * 20 <= one;
  };
  if (dominates(nuls[1], nuls[0])) return "UTF-16LE";
  if (dominates(nuls[0], nuls[1])) return "UTF-16BE";
  return std::nullopt;
}

/// Without a character that the end of the bytes cut off.
std::string_view whole_characters(std::string_view bytes) {
  const std::size_t most = std::min<std::size_t>(bytes.size(), 3);
  for (std::size_t back = 1; back <= most; ++back) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
    if ((byte & 0xc0) == 0x80) continue;
    const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.substr(0, bytes.size() - back) : bytes;
  }
  return bytes;
}

bool is_iso_2022_jp(std::string_view bytes) {
  for (const char* escape : {"\x1b$B", "\x1b$@", "\x1b(J"}) {
    if (bytes.find(escape) != std::string_view::npos) return true;
  }
  return false;
}

std::optional<std::string_view> detected(std::string_view bytes) {
  const std::unique_ptr<uchardet, FreeDetector> detector(uchardet_new());
  bytes = bytes.substr(0, kDetectBytes);
  if (!detector || uchardet_handle_data(detector.get(), bytes.data(), bytes.size()) != 0)
    return std::nullopt;
  uchardet_data_end(detector.get());
  const std::string_view name = uchardet_get_charset(detector.get());
  // Its own names for what the standard calls otherwise.
  if (name == "UHC") return "EUC-KR";
  if (name == "MAC-CYRILLIC") return "x-mac-cyrillic";
  const auto encoding = encoding_of_label(name);
  // Bytes that reach here are no UTF-8, and what would replace the text by one character does not
  // help.
  if (encoding && *encoding != "UTF-8" && *encoding != "replacement") return encoding;
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> encoding_of_bom(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) return "UTF-8";
  if (bytes.starts_with("\xff\xfe")) return "UTF-16LE";
  if (bytes.starts_with("\xfe\xff")) return "UTF-16BE";
  return std::nullopt;
}

CharsetGuess sniff_charset(std::string_view head_bytes,
                           std::optional<std::string_view> http_charset) {
  using From = CharsetGuess::From;
  const auto guess = [](std::string_view encoding, From from) {
    return CharsetGuess{std::string(encoding), from};
  };
  if (const auto bom = encoding_of_bom(head_bytes)) return guess(*bom, From::kBom);
  if (http_charset) {
    if (const auto told = encoding_of_label(*http_charset)) return guess(*told, From::kHttp);
  }
  if (const auto declared = prescan(head_bytes)) return guess(*declared, From::kMeta);
  if (const auto utf16 = utf16_by_nuls(head_bytes)) return guess(*utf16, From::kDetected);
  const bool ascii = std::all_of(head_bytes.begin(), head_bytes.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii && is_iso_2022_jp(head_bytes)) return guess("ISO-2022-JP", From::kDetected);
  if (ascii) return guess("UTF-8", From::kDefault);
  if (is_valid_utf8(whole_characters(head_bytes))) return guess("UTF-8", From::kDetected);
  if (const auto found = detected(head_bytes)) return guess(*found, From::kDetected);
  return guess("windows-1252", From::kDefault);
}

}  // namespace wm::charset
