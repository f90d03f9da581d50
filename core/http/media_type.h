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
  std::string type;                                             ///< lower case
  std::string subtype;                                          ///< lower case
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case

  std::string essence() const { return type + "/" + subtype; }
  std::optional<std::string_view> parameter(std::string_view name) const;
  bool is_html() const;        ///< text/html, application/xhtml+xml
  bool is_javascript() const;  ///< every JavaScript MIME type
  bool is_json() const;        ///< application/json, text/json, +json
  bool is_xml() const;
};

/// Parameters beyond the 64th are left out.
std::optional<MediaType> parse_media_type(std::string_view value);
/// "Extract a MIME type" of the Fetch Standard: the last valid one of all Content-Type values,
/// which takes over the charset of an equal one before it.
std::optional<MediaType> content_type(const Headers& headers);

/// One link of a Link header (RFC 8288).
struct LinkValue {
  std::string target;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case
  std::optional<std::string_view> parameter(std::string_view name) const;
};
/// Up to the first thing that is no link. Repeated parameters are kept; the first one counts.
std::vector<LinkValue> parse_link_header(std::string_view value);

/// name=value pairs of a query or form body in order, repeats kept, '+' and escapes decoded to
/// bytes (not all are UTF-8). Escapes that are none stay as they are.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view encoded);

}  // namespace wm::http
