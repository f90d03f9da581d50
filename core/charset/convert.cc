#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>

#include "core/base/ascii.h"
#include "core/charset/charset.h"

namespace wm::charset {

namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

struct IcuName {
  std::string_view encoding;
  const char* icu;
};
/// Where ICU's converter has another name than the standard, or one by that name is another.
constexpr IcuName kIcuNames[] = {
    {"ISO-8859-8-I", "ISO-8859-8"},
    {"macintosh", "macos-0_2-10.2"},
    {"x-mac-cyrillic", "macos-7_3-10.2"},
    {"windows-874", "windows-874-2000"},
    {"GBK", "gb18030"},
    {"Big5", "Big5-HKSCS"},
    {"Shift_JIS", "ibm-943_P15A-2003"},
    {"EUC-JP", "euc-jp-2007"},
    {"EUC-KR", "windows-949-2000"},
};

std::string icu_name(std::string_view encoding) {
  const auto at = std::find_if(std::begin(kIcuNames), std::end(kIcuNames),
                               [encoding](const IcuName& entry) { return entry.encoding == encoding; });
  return at != std::end(kIcuNames) ? at->icu : std::string(encoding);
}

/// ICU's own substitution gives U+001A for some single bytes.
void U_CALLCONV replace(const void*, UConverterToUnicodeArgs* args, const char*, int32_t, UConverterCallbackReason reason,
                        UErrorCode* error) {
  constexpr UChar kReplacement = 0xfffd;
  if (reason > UCNV_IRREGULAR) return;  // reset, close, clone: nothing to write
  *error = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars(args, &kReplacement, 1, 0, error);
}

Result<Converter> open_converter(const std::string& name) {
  UErrorCode error = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &error));
  if (U_FAILURE(error)) return fail(Error::Code::kUnsupported, "no converter for " + name);
  return converter;
}

Result<std::string> convert(std::string_view bytes, std::string_view encoding) {
  const Converter from = WM_TRY(open_converter(icu_name(encoding)));
  const Converter to = WM_TRY(open_converter("UTF-8"));
  UErrorCode error = U_ZERO_ERROR;
  ucnv_setToUCallBack(from.get(), replace, nullptr, nullptr, nullptr, &error);
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 2);
  std::array<char, 16 * 1024> out;
  std::array<UChar, 4 * 1024> pivot;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = bytes.data();
  UBool reset = true;
  do {
    error = U_ZERO_ERROR;
    char* target = out.data();
    ucnv_convertEx(to.get(), from.get(), &target, out.data() + out.size(), &source, bytes.data() + bytes.size(), pivot.data(),
                   &pivot_source, &pivot_target, pivot.data() + pivot.size(), reset, true, &error);
    text.append(out.data(), static_cast<std::size_t>(target - out.data()));
    reset = false;
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  if (U_FAILURE(error)) return fail(Error::Code::kCorrupt, std::string(encoding) + ": " + u_errorName(error));
  return text;
}

std::string user_defined(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
      continue;
    }
    text += '\xef';  // U+F780 to U+F7FF
    text += static_cast<char>(byte < 0xc0 ? 0x9e : 0x9f);
    text += static_cast<char>(0x80 | (byte & 0x3f));
  }
  return text;
}

}  // namespace

Result<std::string> to_utf8(std::string_view bytes, std::string_view encoding) {
  const auto name = encoding_of_label(encoding);
  if (!name) return fail(Error::Code::kUnsupported, "encoding " + std::string(encoding.substr(0, 64)));
  if (const auto bom = encoding_of_bom(bytes); bom == name) bytes.remove_prefix(*bom == "UTF-8" ? 3 : 2);
  if (bytes.empty()) return std::string();
  if (*name == "UTF-8" && is_valid_utf8(bytes)) return std::string(bytes);
  if (*name == "x-user-defined") return user_defined(bytes);
  if (*name == "replacement") return std::string("\xef\xbf\xbd");
  return convert(bytes, *name);
}

}  // namespace wm::charset
