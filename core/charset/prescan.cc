// HTML 13.2.3.2, "prescan a byte stream to determine its encoding", steps as numbered there.
#include <algorithm>
#include <string>

#include "core/base/ascii.h"
#include "core/charset/charset.h"

namespace wm::charset {

namespace {

constexpr std::size_t kPrescanBytes = 1024;

struct Attribute {
  std::string name;
  std::string value;
};

/// The bytes and a position in them. Reading past their end ends the prescan, which the methods say
/// by false or nullopt.
class Prescan {
 public:
  explicit Prescan(std::string_view bytes) : bytes_(bytes.substr(0, kPrescanBytes)) {}

  std::optional<std::string_view> run() {
    if (bytes_.starts_with(std::string_view("<\0?\0x\0", 6))) return "UTF-16LE";
    if (bytes_.starts_with(std::string_view("\0<\0?\0x", 6))) return "UTF-16BE";
    while (!at_end()) {
      const std::size_t before = at_;
      if (const auto found = step()) return found;
      at_ = std::max(at_, before) + 1;
    }
    return xml_encoding();
  }

 private:
  bool at_end() const { return at_ >= bytes_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < bytes_.size() ? bytes_[at_ + ahead] : '\0';
  }
  std::string_view rest() const { return bytes_.substr(std::min(at_, bytes_.size())); }

  /// One turn of the loop; leaves the position on the last byte it used.
  std::optional<std::string_view> step() {
    if (peek() != '<') return std::nullopt;
    if (rest().starts_with("<!--")) {
      // The dashes may be those of the opening: "<!-->" is a comment.
      move_to(bytes_.find("-->", at_ + 2), 2);
      return std::nullopt;
    }
    if (istarts_with(rest(), "<meta") && (is_space(peek(5)) || peek(5) == '/')) {
      at_ += 5;
      return meta();
    }
    if (is_alpha(peek(1)) || (peek(1) == '/' && is_alpha(peek(2)))) {
      move_to(bytes_.find_first_of(" \t\n\f\r>", at_), 0);
      while (next_attribute()) {
      }
    } else if (peek(1) == '!' || peek(1) == '/' || peek(1) == '?') {
      move_to(bytes_.find('>', at_), 0);
    }
    return std::nullopt;
  }

  void move_to(std::size_t found, std::size_t further) {
    at_ = found == std::string_view::npos ? bytes_.size() : found + further;
  }

  std::optional<std::string_view> meta() {
    bool got_pragma = false;
    bool got_equiv = false, got_content = false, got_charset = false;
    std::optional<bool> need_pragma;
    std::optional<std::string_view> charset;
    while (const auto attribute = next_attribute()) {
      if (attribute->name == "http-equiv" && !std::exchange(got_equiv, true)) {
        got_pragma = attribute->value == "content-type";
      } else if (attribute->name == "content" && !std::exchange(got_content, true)) {
        const auto found = encoding_in_content(attribute->value);
        if (found && !charset) {
          charset = found;
          need_pragma = true;
        }
      } else if (attribute->name == "charset" && !std::exchange(got_charset, true)) {
        charset = encoding_of_label(attribute->value);
        need_pragma = false;
      }
    }
    if (at_end() || !charset || !need_pragma || (*need_pragma && !got_pragma)) return std::nullopt;
    if (*charset == "UTF-16BE" || *charset == "UTF-16LE") return "UTF-8";
    if (*charset == "x-user-defined") return "windows-1252";
    return charset;
  }

  /// "Get an attribute": nullopt at the tag's ">" (where the position stays) or the end of the
  /// bytes.
  std::optional<Attribute> next_attribute() {
    while (!at_end() && (is_space(peek()) || peek() == '/')) ++at_;  // 1
    if (at_end() || peek() == '>') return std::nullopt;              // 2
    Attribute attribute;
    while (!at_end() && !(peek() == '=' && !attribute.name.empty()) && !is_space(peek())) {  // 4
      if (peek() == '/' || peek() == '>') return attribute;
      attribute.name += to_lower(bytes_[at_++]);
    }
    while (!at_end() && is_space(peek())) ++at_;  // 6
    if (at_end()) return std::nullopt;
    if (peek() != '=') return attribute;          // 7
    ++at_;                                        // 8
    while (!at_end() && is_space(peek())) ++at_;  // 9
    if (at_end()) return std::nullopt;
    if (!read_value(attribute)) return std::nullopt;
    return attribute;
  }

  bool read_value(Attribute& attribute) {
    if (peek() == '"' || peek() == '\'') {  // 10
      const char quote = bytes_[at_++];
      while (!at_end() && peek() != quote) attribute.value += to_lower(bytes_[at_++]);
      if (at_end()) return false;
      ++at_;
      return true;
    }
    while (!at_end() && !is_space(peek()) && peek() != '>')
      attribute.value += to_lower(bytes_[at_++]);  // 11, 12
    return !at_end();
  }

  /// "Extracting a character encoding from a meta element"; `value` is in lower case.
  static std::optional<std::string_view> encoding_in_content(std::string_view value) {
    constexpr std::string_view kCharset = "charset";
    for (;;) {
      const std::size_t at = value.find(kCharset);
      if (at == std::string_view::npos) return std::nullopt;
      value.remove_prefix(at + kCharset.size());
      std::string_view after = trim(value);
      if (!after.starts_with('=')) continue;
      after = trim(after.substr(1));
      if (after.empty()) return std::nullopt;
      if (after.front() == '"' || after.front() == '\'') {
        const std::size_t close = after.find(after.front(), 1);
        return close == std::string_view::npos ? std::nullopt
                                               : encoding_of_label(after.substr(1, close - 1));
      }
      return encoding_of_label(after.substr(0, after.find_first_of(" \t\n\f\r;")));
    }
  }

  /// "Get an XML encoding".
  std::optional<std::string_view> xml_encoding() const {
    if (!bytes_.starts_with("<?xml")) return std::nullopt;
    const std::size_t close = bytes_.find('>');
    if (close == std::string_view::npos) return std::nullopt;
    std::string_view text = bytes_.substr(0, close);
    const std::size_t at = text.find("encoding");
    if (at == std::string_view::npos) return std::nullopt;
    text = skip_controls(text.substr(at + 8));
    if (!text.starts_with('=')) return std::nullopt;
    text = skip_controls(text.substr(1));
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) return std::nullopt;
    const std::size_t end = text.find(text.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view label = text.substr(1, end - 1);
    if (std::any_of(label.begin(), label.end(),
                    [](char c) { return static_cast<unsigned char>(c) <= 0x20; }))
      return std::nullopt;
    const auto found = encoding_of_label(label);
    return found && (*found == "UTF-16BE" || *found == "UTF-16LE") ? "UTF-8" : found;
  }

  static std::string_view skip_controls(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20) text.remove_prefix(1);
    return text;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string_view> prescan(std::string_view head_bytes) {
  return Prescan(head_bytes).run();
}

}  // namespace wm::charset
