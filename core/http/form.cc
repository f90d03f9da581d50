// WHATWG URL 5.1, application/x-www-form-urlencoded parsing, without the decoding to UTF-8.
#include <algorithm>

#include "core/base/ascii.h"
#include "core/http/media_type.h"

namespace wm::http {

namespace {

int percent_value(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::string form_decoded(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int value = text[at] == '%' ? percent_value(text, at) : -1;
    plain += value >= 0 ? static_cast<char>(value) : text[at] == '+' ? ' ' : text[at];
    if (value >= 0) at += 2;
  }
  return plain;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view encoded) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view pair : split(encoded, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(form_decoded(pair.substr(0, equals)),
                       form_decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return pairs;
}

}  // namespace wm::http
