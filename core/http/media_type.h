#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/headers.h"

namespace wm::http {

/// A Content-Type value as the WHATWG MIME Sniffing Standard parses it. A value.
struct MediaType {
  std::string type;     ///< lower case
  std::string subtype;  ///< lower case
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case

  std::string essence() const { return type + "/" + subtype; }
  std::optional<std::string_view> parameter(std::string_view name) const;
  bool is_html() const;        ///< text/html, application/xhtml+xml
  bool is_javascript() const;  ///< every JavaScript MIME type
  bool is_json() const;        ///< application/json, text/json, +json
  bool is_xml() const;
};

std::optional<MediaType> parse_media_type(std::string_view value);
std::optional<MediaType> content_type(const Headers& headers);

/// One link of a Link header (RFC 8288).
struct LinkValue {
  std::string target;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case
  std::optional<std::string_view> parameter(std::string_view name) const;
};
std::vector<LinkValue> parse_link_header(std::string_view value);

/// name=value pairs of a query or form body in order, repeats kept, '+' and escapes decoded.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view encoded);

}  // namespace wm::http
