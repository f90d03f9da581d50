#include "server/http/message.h"

#include "core/base/ascii.h"
#include "core/http/media_type.h"

namespace wm::server {

std::string_view Request::path() const {
  const std::string_view target = head.target;
  return target.substr(0, target.find('?'));
}

std::string_view Request::query() const {
  const std::string_view target = head.target;
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  for (auto& [key, value] : http::parse_form(query())) {
    if (key == name) return std::move(value);
  }
  return std::nullopt;
}

std::vector<std::string> Request::parameters(std::string_view name) const {
  std::vector<std::string> values;
  for (auto& [key, value] : http::parse_form(query())) {
    if (key == name) values.push_back(std::move(value));
  }
  return values;
}

// RFC 6265 5.4, read as browsers write it: pairs between semicolons, in any number of fields.
std::vector<std::string_view> Request::cookies(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const std::string_view field : head.headers.all("Cookie")) {
    for (const std::string_view pair : split(field, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
      std::string_view value = trim(pair.substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      values.push_back(value);
    }
  }
  return values;
}

Response Response::text(int status, std::string_view text) {
  Response response{.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}};
  response.body = text;
  return response;
}

Response Response::html(int status, std::string body) {
  Response response{.status = status, .headers = {{"Content-Type", "text/html; charset=utf-8"}}};
  response.body = std::move(body);
  return response;
}

Response Response::json(int status, std::string body) {
  Response response{.status = status, .headers = {{"Content-Type", "application/json"}}};
  response.body = std::move(body);
  return response;
}

Response Response::redirect(int status, std::string_view location) {
  return Response{.status = status, .headers = {{"Location", std::string(location)}}};
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace wm::server
