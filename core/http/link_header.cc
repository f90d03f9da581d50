// RFC 8288 Appendix B.2 and B.3: a forgiving reading, step by step.
#include <algorithm>

#include "core/base/ascii.h"
#include "core/http/field_value_internal.h"
#include "core/http/media_type.h"

namespace wm::http {

namespace {

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && (is_blank(rest.front()) || rest.front() == '\r' || rest.front() == '\n'))
    rest.remove_prefix(1);
}

void parse_parameter(std::string_view& rest, LinkValue& link) {
  std::string name = to_lower(take_until(rest, " \t\r\n=;,"));
  skip_blanks(rest);
  std::string value;
  if (rest.starts_with('=')) {
    rest.remove_prefix(1);
    skip_blanks(rest);
    value = rest.starts_with('"') ? take_quoted(rest) : std::string(trim(take_until(rest, ";,")));
  }
  if (!name.empty()) link.parameters.emplace_back(std::move(name), std::move(value));
}

}  // namespace

std::vector<LinkValue> parse_link_header(std::string_view value) {
  std::vector<LinkValue> links;
  std::string_view rest = value;
  for (;;) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n,"), rest.size()));
    if (!rest.starts_with('<')) return links;
    const std::size_t close = rest.find('>');
    if (close == std::string_view::npos) return links;
    LinkValue link{std::string(trim(rest.substr(1, close - 1))), {}};
    rest.remove_prefix(close + 1);
    for (skip_blanks(rest); rest.starts_with(';'); skip_blanks(rest)) {
      rest.remove_prefix(1);
      skip_blanks(rest);
      parse_parameter(rest, link);
    }
    take_until(rest, ",");
    links.push_back(std::move(link));
  }
}

}  // namespace wm::http
