#pragma once

#include <string>
#include <string_view>

namespace wm::http {

/// Takes what is before one of `ends` off; the end stays.
inline std::string_view take_until(std::string_view& rest, std::string_view ends) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

/// Takes a quoted string off and undoes its escapes; `rest` starts with the quote, the closing one
/// may be missing.
inline std::string take_quoted(std::string_view& rest) {
  std::string value;
  rest.remove_prefix(1);
  while (!rest.empty()) {
    char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') break;
    if (c == '\\' && !rest.empty()) {
      c = rest.front();
      rest.remove_prefix(1);
    }
    value += c;
  }
  return value;
}

}  // namespace wm::http
