// HTML Standard 13.2.5.72 to 13.2.5.80: character references; and escaping, their inverse.
#include <algorithm>
#include <iterator>

#include "core/base/ascii.h"
#include "core/base/utf8.h"
#include "core/html/tokenizer.h"

namespace wm::html {
namespace {

struct NamedReference {
  std::uint16_t name_begin;
  std::uint8_t name_size;
  std::uint16_t text_begin;
  std::uint8_t text_size;
  std::string_view name() const;
  std::string_view text() const;
};
#include "core/html/named_references.inc"

std::string_view NamedReference::name() const {
  return {kNames + name_begin, name_size};
}
std::string_view NamedReference::text() const {
  return {kTexts + text_begin, text_size};
}

/// The longest name that `rest`, the bytes after '&', begins with. Names are narrowed down one
/// character at a time, so the cost is bounded by the longest name, of 32 characters.
const NamedReference* longest_match(std::string_view rest) {
  const NamedReference* first = std::begin(kReferences);
  const NamedReference* last = std::end(kReferences);
  const NamedReference* best = nullptr;
  for (std::size_t i = 0; i < rest.size() && (is_alnum(rest[i]) || rest[i] == ';'); ++i) {
    const auto character = [i](const NamedReference& reference) {
      return i < reference.name_size ? reference.name()[i] : '\0';
    };
    first = std::lower_bound(first, last, rest[i],
                             [&](const NamedReference& a, char c) { return character(a) < c; });
    last = std::upper_bound(first, last, rest[i],
                            [&](char c, const NamedReference& a) { return c < character(a); });
    if (first == last) break;
    if (first->name_size == i + 1) best = first;
  }
  return best;
}

/// 13.2.5.80, the table for 0x80 to 0x9f: windows-1252.
constexpr char16_t kWindows1252[32] = {
    0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

char32_t numeric_value(char32_t c) {
  if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return 0xfffd;
  return c >= 0x80 && c <= 0x9f ? kWindows1252[c - 0x80] : c;
}

/// "#…" after '&'. The number of bytes it takes, 0 if it is no reference.
std::size_t decode_numeric(std::string_view rest, std::string& out) {
  std::size_t at = 1;
  const bool hex = at < rest.size() && (rest[at] == 'x' || rest[at] == 'X');
  if (hex) ++at;
  const std::size_t digits = at;
  char32_t value = 0;
  for (; at < rest.size(); ++at) {
    const int digit = hex ? hex_value(rest[at]) : is_digit(rest[at]) ? rest[at] - '0' : -1;
    if (digit < 0) break;
    value = std::min<char32_t>(value * (hex ? 16 : 10) + static_cast<char32_t>(digit), 0x110000);
  }
  if (at == digits) return 0;
  append_utf8(numeric_value(value), out);
  return at < rest.size() && rest[at] == ';' ? at + 1 : at;
}

std::size_t decode_named(std::string_view rest, InAttribute where, std::string& out) {
  const NamedReference* const found = longest_match(rest);
  if (found == nullptr) return 0;
  const std::size_t size = found->name_size;
  // For old links: &copy=1 and &notit in an attribute are not references.
  if (where == InAttribute::kYes && rest[size - 1] != ';' && size < rest.size() &&
      (rest[size] == '=' || is_alnum(rest[size])))
    return 0;
  out += found->text();
  return size;
}

void append_number(char c, std::string& out) {
  out += "&#";
  out += std::to_string(static_cast<unsigned char>(c));
  out += ';';
}

}  // namespace

std::string decode_references(std::string_view text, InAttribute where) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t next = std::min(text.find('&', at), text.size());
    out += text.substr(at, next - at);
    if (next == text.size()) break;
    const std::string_view rest = text.substr(next + 1);
    const bool numeric = !rest.empty() && rest.front() == '#';
    const std::size_t taken = numeric ? decode_numeric(rest, out) : decode_named(rest, where, out);
    if (taken == 0) out += '&';
    at = next + 1 + taken;
  }
  return out;
}

std::string escape_attribute(std::string_view value, char quote) {
  if (value.empty() && quote == 0) return "\"\"";
  std::string out;
  out.reserve(value.size() + value.size() / 16);
  for (const char c : value) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      // Would be read back as a line feed.
      case '\r':
        out += "&#13;";
        break;
      default: {
        const bool ends =
            quote != 0 ? c == quote : is_space(c) || c == '"' || c == '\'' || c == '=' || c == '`';
        if (ends) {
          append_number(c, out);
        } else {
          out += c;
        }
      }
    }
  }
  return out;
}

std::string escape_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace wm::html
