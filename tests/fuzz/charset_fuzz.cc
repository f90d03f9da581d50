// Sniffing stays within its input and names an encoding; text comes out as valid UTF-8, in every
// encoding.
#include <cstdint>
#include <string_view>

#include "core/base/ascii.h"
#include "core/charset/charset.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wm::charset;
  constexpr std::string_view kEncodings[] = {
      "UTF-8",          "GBK",         "Big5",     "EUC-JP",   "ISO-2022-JP",
      "Shift_JIS",      "EUC-KR",      "UTF-16LE", "UTF-16BE", "windows-1255",
      "x-user-defined", "ISO-8859-16", "KOI8-U"};
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto guess = sniff_charset(bytes, std::nullopt);
  WM_CHECK(encoding_of_label(guess.encoding) == guess.encoding);
  for (const std::string_view encoding :
       {std::string_view(guess.encoding), kEncodings[data[0] % std::size(kEncodings)]}) {
    const auto text = to_utf8(bytes, encoding);
    WM_CHECK(text && wm::is_valid_utf8(*text) && text->size() <= 3 * bytes.size() + 3);
  }
  encoding_of_label(bytes);
  return 0;
}
