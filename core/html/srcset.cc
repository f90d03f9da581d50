// HTML Standard 4.8.4.2.1 "parse a srcset attribute" and 4.2.5.3 "shared declarative refresh
// steps".
#include "core/base/ascii.h"
#include "core/html/url_attributes.h"

namespace wm::html {
namespace {

std::size_t skip_spaces(std::string_view value, std::size_t at) {
  while (at < value.size() && is_space(value[at])) ++at;
  return at;
}

/// Past the descriptors of one candidate and the comma after them. A comma within parentheses ends
/// nothing.
std::size_t skip_descriptors(std::string_view value, std::size_t at) {
  bool in_parentheses = false;
  for (; at < value.size(); ++at) {
    if (in_parentheses) {
      in_parentheses = value[at] != ')';
    } else if (value[at] == ',') {
      return at + 1;
    } else {
      in_parentheses = value[at] == '(';
    }
  }
  return at;
}

}  // namespace

std::vector<SrcsetCandidate> parse_srcset(std::string_view value) {
  std::vector<SrcsetCandidate> candidates;
  std::size_t at = 0;
  for (;;) {
    while (at < value.size() && (is_space(value[at]) || value[at] == ',')) ++at;
    if (at == value.size()) return candidates;
    const std::size_t begin = at;
    while (at < value.size() && !is_space(value[at])) ++at;
    std::size_t end = at;
    while (value[end - 1] == ',') --end;  // the first is none
    if (end == at) at = skip_descriptors(value, at);
    candidates.push_back({begin, end});
  }
}

std::optional<SrcsetCandidate> parse_refresh(std::string_view value) {
  std::size_t at = skip_spaces(value, 0);
  const std::size_t time = at;
  while (at < value.size() && is_digit(value[at])) ++at;
  if (at == time && (at == value.size() || value[at] != '.')) return std::nullopt;
  while (at < value.size() && (is_digit(value[at]) || value[at] == '.')) ++at;
  if (at == value.size()) return std::nullopt;
  if (value[at] != ';' && value[at] != ',' && !is_space(value[at])) return std::nullopt;
  at = skip_spaces(value, at);
  if (at < value.size() && (value[at] == ';' || value[at] == ',')) at = skip_spaces(value, at + 1);
  std::size_t begin = at, end = value.size();
  bool quotes = true;
  if (istarts_with(value.substr(at), "u")) {
    const std::size_t equals =
        istarts_with(value.substr(at), "url") ? skip_spaces(value, at + 3) : value.size();
    quotes = equals < value.size() && value[equals] == '=';
    if (quotes) begin = skip_spaces(value, equals + 1);
  }
  if (quotes && begin < end && (value[begin] == '"' || value[begin] == '\'')) {
    const char quote = value[begin++];
    end = std::min(value.find(quote, begin), value.size());
  }
  while (begin < end && is_space(value[begin])) ++begin;
  while (end > begin && is_space(value[end - 1])) --end;
  if (begin == end) return std::nullopt;
  return SrcsetCandidate{begin, end};
}

}  // namespace wm::html
