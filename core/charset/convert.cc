#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/base/ascii.h"
#include "core/charset/charset.h"
#include "core/charset/icu_encoding_internal.h"

namespace wm::charset {

namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

/// The fix whose range holds `c`.
const CharFix* fix_for(std::span<const CharFix> fixes, char16_t c) {
  for (const CharFix& fix : fixes) {
    if (c >= fix.first && c <= fix.last) return &fix;
  }
  return nullptr;
}

/// What the standard has for bytes that ICU does not take: a character after all, or U+FFFD. The
/// second byte of a pair without a meaning counts for itself if it is ASCII, so that a stray lead
/// byte hides no markup.
std::u16string instead_of(std::string_view bytes, const IcuEncoding& encoding) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() == 1) {
    for (const ByteFix& fix : encoding.bytes) {
      if (fix.byte == first) return {fix.to};
    }
  }
  if (bytes.size() != 2) return {kToReplacement};
  const auto second = static_cast<unsigned char>(bytes[1]);
  const auto pair = static_cast<char16_t>(first * 256 + second);
  if (const CharFix* fix = fix_for(encoding.pairs, pair)) return {fix->apply(pair)};
  if (second < 0x80) return {kToReplacement, second};
  return {kToReplacement};
}

/// Instead of ICU's own substitution, which gives U+001A for some single bytes.
void U_CALLCONV substitute(const void* context, UConverterToUnicodeArgs* args, const char* bytes,
                           int32_t length, UConverterCallbackReason reason, UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;  // reset, close, clone: nothing to write
  *error = U_ZERO_ERROR;
  const auto& encoding = *static_cast<const IcuEncoding*>(context);
  const std::u16string text =
      instead_of({bytes, static_cast<std::size_t>(std::max(length, 1))}, encoding);
  ucnv_cbToUWriteUChars(args, text.data(), static_cast<int32_t>(text.size()), 0, error);
}

void append_utf8(std::string& text, char32_t c) {
  const auto add = [&text](char32_t byte) { text += static_cast<char>(byte); };
  const auto add_tail = [&add](char32_t bits) { add(0x80 | (bits & 0x3f)); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xc0 | (c >> 6));
  } else if (c < 0x10000) {
    add(0xe0 | (c >> 12));
    add_tail(c >> 6);
  } else {
    add(0xf0 | (c >> 18));
    add_tail(c >> 12);
    add_tail(c >> 6);
  }
  add_tail(c);
}

/// UTF-16 of whole characters, in pieces, to UTF-8 with an encoding's fixes.
class Utf8Text {
 public:
  explicit Utf8Text(std::span<const CharFix> fixes) : fixes_(fixes) {}

  void append(std::u16string_view piece) {
    for (const char16_t c : piece) add(c);
  }
  std::string& text() { return text_; }

 private:
  void add(char16_t c) {
    if (const CharFix* fix = fix_for(fixes_, c)) c = fix->apply(c);
    if (c >= 0xd800 && c < 0xdc00) {
      lead_ = c;
    } else if (c >= 0xdc00 && c < 0xe000) {
      append_utf8(text_, 0x10000u + ((lead_ - 0xd800u) << 10) + (c - 0xdc00u));
    } else {
      append_utf8(text_, c);
    }
  }

  std::span<const CharFix> fixes_;
  std::string text_;
  char16_t lead_ = 0xd800;
};

Result<std::string> convert(std::string_view bytes, std::string_view name) {
  const IcuEncoding encoding = icu_encoding(name);
  UErrorCode error = U_ZERO_ERROR;
  const Converter from(ucnv_open(std::string(encoding.icu).c_str(), &error));
  if (U_FAILURE(error))
    return fail(Error::Code::kUnsupported, "no converter for " + std::string(encoding.icu));
  ucnv_setToUCallBack(from.get(), substitute, &encoding, nullptr, nullptr, &error);
  Utf8Text text(encoding.chars);
  text.text().reserve(bytes.size() + bytes.size() / 2);
  std::array<UChar, 8 * 1024> piece;
  const char* source = bytes.data();
  do {
    error = U_ZERO_ERROR;
    UChar* target = piece.data();
    ucnv_toUnicode(from.get(), &target, piece.data() + piece.size(), &source,
                   bytes.data() + bytes.size(), nullptr, true, &error);
    text.append({piece.data(), static_cast<std::size_t>(target - piece.data())});
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  if (U_FAILURE(error))
    return fail(Error::Code::kCorrupt, std::string(name) + ": " + u_errorName(error));
  return std::move(text.text());
}

std::string iso_8859_16(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 4);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(text, byte < 0xa0 ? byte : kIso8859_16[byte - 0xa0u]);
  }
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
  if (!name)
    return fail(Error::Code::kUnsupported, "encoding " + std::string(encoding.substr(0, 64)));
  if (const auto bom = encoding_of_bom(bytes); bom == name)
    bytes.remove_prefix(*bom == "UTF-8" ? 3 : 2);
  if (bytes.empty()) return std::string();
  if (*name == "UTF-8" && is_valid_utf8(bytes)) return std::string(bytes);
  if (*name == "x-user-defined") return user_defined(bytes);
  if (*name == "ISO-8859-16") return iso_8859_16(bytes);
  if (*name == "replacement") return std::string("\xef\xbf\xbd");
  return convert(bytes, *name);
}

}  // namespace wm::charset
