#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wm::http {

struct Header {
  std::string name;   ///< as received
  std::string value;  ///< as received, without blanks around it; any byte but CR, LF and NUL
  friend bool operator==(const Header&, const Header&) = default;
};

/// Header fields in the order received, repeats kept: order and repeats are data in an archive.
/// Names compare without case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  void add(std::string_view name, std::string_view value);
  /// Replaces the first field of that name and removes the others; adds it at the end if there is
  /// none.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);

  /// The first value; the view lives until the next change.
  std::optional<std::string_view> find(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;
  /// All values of a list header joined by ", ".
  std::string joined(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }
  /// Does a comma-separated list header hold `token`, whatever its case? Commas in quoted strings
  /// separate nothing.
  bool has_token(std::string_view name, std::string_view token) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  auto begin() { return fields_.begin(); }
  auto end() { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }
  void reserve(std::size_t count) { fields_.reserve(count); }

  friend bool operator==(const Headers&, const Headers&) = default;

 private:
  std::vector<Header> fields_;
};

/// Is `text` a token (RFC 9110 5.6.2): what a method and a field name are made of?
bool is_token(std::string_view text) noexcept;

}  // namespace wm::http
