// WHATWG MIME Sniffing 4.4 "parse a MIME type" and Fetch 2.2.2 "extract a MIME type".
#include "core/http/media_type.h"

#include <algorithm>
#include <iterator>

#include "core/base/ascii.h"
#include "core/http/field_value_internal.h"

namespace wm::http {

namespace {

constexpr std::size_t kMaxParameters = 64;

constexpr bool is_http_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && is_http_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view trim_start(std::string_view text) {
  while (!text.empty() && is_http_space(text.front())) text.remove_prefix(1);
  return text;
}

bool is_quoted_string_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

void add_parameter(MediaType& media, std::string_view name, std::string value) {
  std::string lower = to_lower(name);
  if (media.parameters.size() < kMaxParameters && is_token(name) && is_quoted_string_text(value) &&
      !media.parameter(lower)) {
    media.parameters.emplace_back(std::move(lower), std::move(value));
  }
}

void parse_parameters(MediaType& media, std::string_view rest) {
  while (!rest.empty()) {
    rest = trim_start(rest.substr(1));  // past the ";"
    const std::string_view name = take_until(rest, ";=");
    if (rest.empty()) return;
    if (rest.front() == ';') continue;
    rest.remove_prefix(1);
    if (rest.empty()) return;
    if (rest.front() == '"') {
      std::string value = take_quoted(rest);
      take_until(rest, ";");
      add_parameter(media, name, std::move(value));
    } else {
      const std::string_view value = trim_end(take_until(rest, ";"));
      if (!value.empty()) add_parameter(media, name, std::string(value));
    }
  }
}

std::optional<std::string_view> value_of(
    const std::vector<std::pair<std::string, std::string>>& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return value;
  }
  return std::nullopt;
}

/// Takes one value off a list; commas in quoted strings separate nothing ("get, decode, and
/// split").
std::string_view take_value(std::string_view& rest) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ','); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (quoted && rest[end] == '\\') ++end;
  }
  const std::string_view value = rest.substr(0, std::min(end, rest.size()));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return value;
}

}  // namespace

std::optional<std::string_view> MediaType::parameter(std::string_view name) const {
  return value_of(parameters, name);
}

bool MediaType::is_html() const {
  return (type == "text" && subtype == "html") || (type == "application" && subtype == "xhtml+xml");
}

bool MediaType::is_javascript() const {
  constexpr std::string_view kText[] = {"ecmascript",    "javascript",    "javascript1.0",
                                        "javascript1.1", "javascript1.2", "javascript1.3",
                                        "javascript1.4", "javascript1.5", "jscript",
                                        "livescript",    "x-ecmascript",  "x-javascript"};
  constexpr std::string_view kApplication[] = {"ecmascript", "javascript", "x-ecmascript",
                                               "x-javascript"};
  const auto holds = [this](const auto& names) {
    return std::find(std::begin(names), std::end(names), subtype) != std::end(names);
  };
  return (type == "text" && holds(kText)) || (type == "application" && holds(kApplication));
}

bool MediaType::is_json() const {
  return subtype.ends_with("+json") ||
         (subtype == "json" && (type == "application" || type == "text"));
}

bool MediaType::is_xml() const {
  return subtype.ends_with("+xml") ||
         (subtype == "xml" && (type == "application" || type == "text"));
}

std::optional<MediaType> parse_media_type(std::string_view value) {
  std::string_view rest = trim_end(trim_start(value));
  const std::string_view type = take_until(rest, "/");
  if (!is_token(type) || rest.empty()) return std::nullopt;
  rest.remove_prefix(1);
  const std::string_view subtype = trim_end(take_until(rest, ";"));
  if (!is_token(subtype)) return std::nullopt;
  MediaType media{to_lower(type), to_lower(subtype), {}};
  parse_parameters(media, rest);
  return media;
}

std::optional<MediaType> content_type(const Headers& headers) {
  std::optional<MediaType> found;
  std::string charset;
  for (const Header& field : headers) {
    if (!iequals(field.name, "Content-Type")) continue;
    for (std::string_view rest = field.value; !rest.empty();) {
      auto media = parse_media_type(take_value(rest));
      if (!media || (media->type == "*" && media->subtype == "*")) continue;
      const auto own = media->parameter("charset");
      const bool same = found && found->type == media->type && found->subtype == media->subtype;
      if (own || !same) {
        charset = own.value_or("");
      } else if (!charset.empty()) {
        media->parameters.emplace_back("charset", charset);
      }
      found = std::move(media);
    }
  }
  return found;
}

std::optional<std::string_view> LinkValue::parameter(std::string_view name) const {
  return value_of(parameters, name);
}

}  // namespace wm::http
