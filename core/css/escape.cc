// CSS Syntax 3, 4.3.7: escaped code points; and their inverse for URLs.
#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/utf8.h"
#include "core/css/css_scanner.h"
#include "core/css/escape_internal.h"

namespace wm::css {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

}  // namespace

Escape::Step Escape::next(char c) {
  switch (stage_) {
    case Stage::kNone:
      break;
    case Stage::kBackslash:
      if (const int digit = hex_value(c); digit >= 0) {
        what_ = What::kCodePoint;
        value_ = static_cast<std::uint32_t>(digit);
        digits_ = 1;
        stage_ = Stage::kHex;
        return Step::kMore;
      }
      what_ = is_newline(c) ? What::kNothing : What::kByte;
      value_ = static_cast<unsigned char>(c);
      stage_ = c == '\r' ? Stage::kLineFeed : Stage::kNone;
      return c == '\r' ? Step::kMore : Step::kDone;
    case Stage::kHex:
      if (const int digit = hex_value(c); digit >= 0 && digits_ < 6) {
        value_ = value_ * 16 + static_cast<std::uint32_t>(digit);
        ++digits_;
        return Step::kMore;
      }
      stage_ = c == '\r' ? Stage::kLineFeed : Stage::kNone;
      if (!is_space(c)) return Step::kPast;
      return c == '\r' ? Step::kMore : Step::kDone;
    case Stage::kLineFeed:
      stage_ = Stage::kNone;
      return c == '\n' ? Step::kDone : Step::kPast;
  }
  return Step::kPast;
}

void Escape::append_to(std::string& out) const {
  if (what_ == What::kNothing) return;
  if (what_ == What::kByte && value_ != 0) {
    out += static_cast<char>(static_cast<unsigned char>(value_));
  } else if (value_ == 0 || value_ > 0x10ffff || (value_ >= 0xd800 && value_ <= 0xdfff)) {
    out += kReplacement;
  } else {
    append_utf8(value_, out);
  }
}

char Escape::ascii() const {
  return what_ != What::kNothing && value_ < 0x80 ? static_cast<char>(value_) : '\0';
}

std::string unescape(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  Escape escape;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (escape.active()) {
      const auto step = escape.next(c);
      if (step == Escape::Step::kMore) continue;
      escape.append_to(out);
      if (step == Escape::Step::kDone) continue;
    }
    if (c == '\\') {
      escape.begin();
    } else if (c == '\0') {
      out += kReplacement;
    } else {
      out += c;
    }
  }
  if (escape.active() && !escape.at_backslash()) escape.append_to(out);
  return out;
}

std::string escape_url(std::string_view url, char quote) {
  std::string out;
  out.reserve(url.size());
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    const bool by_number = byte < 0x20 || byte == 0x7f || c == '<';
    const bool by_backslash =
        c == '\\' ||
        (quote != 0 ? c == quote : c == '"' || c == '\'' || c == '(' || c == ')' || c == ' ');
    if (by_number) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += '\\';
      if (byte >= 0x10) out += kDigits[byte >> 4];
      out += kDigits[byte & 0xf];
      out += ' ';
    } else {
      if (by_backslash) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace wm::css
