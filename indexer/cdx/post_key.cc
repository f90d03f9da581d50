#include "indexer/cdx/post_key.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/url/url.h"

namespace wm::cdx {
namespace {

using nlohmann::ordered_json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kQueryBytes = 4096;
constexpr std::size_t kBodyBytes = 1 << 20;
constexpr int kDepth = 64;

/// Escaped as forms are, a blank as '+'.
std::string form_escaped(std::string_view text) {
  std::string out = url::percent_encode_component(text);
  std::string plus;
  for (std::size_t at = 0; at < out.size(); ++at) {
    if (out.compare(at, 3, "%20") == 0) {
      plus.push_back('+');
      at += 2;
    } else {
      plus.push_back(out[at]);
    }
  }
  return plus;
}

std::string encoded(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out.push_back('&');
    out += form_escaped(name) + '=' + form_escaped(value);
  }
  return out;
}

std::string binary(std::string_view body) {
  return "__wb_post_data=" + base64_encode(body);
}

std::string form(std::string_view body) {
  std::string blanks(body);
  for (char& c : blanks) c = c == '+' ? ' ' : c;
  std::string decoded = url::percent_decode(blanks);
  return is_valid_utf8(decoded) ? decoded : binary(body);
}

/// Leaves by the last property name above them. A name that came before gets ".2_", ".3_" …
class Flattener {
 public:
  void add(const ordered_json& value, const std::string& name, int depth) {
    if (depth > kDepth) return;
    if (value.is_object()) {
      for (const auto& [key, inner] : value.items()) add(inner, key, depth + 1);
    } else if (value.is_array()) {
      for (const auto& inner : value) add(inner, name, depth + 1);
    } else if (!name.empty()) {
      const int count = ++seen_[name];
      pairs.emplace_back(count == 1 ? name : name + "." + std::to_string(count) + "_",
                         text_of(value));
    }
  }
  Pairs pairs;

 private:
  static std::string text_of(const ordered_json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_float()) {
      const double number = value.get<double>();
      // As JavaScript writes it: 44.0 is 44.
      if (number == static_cast<double>(static_cast<std::int64_t>(
                        number < 9e15 && number > -9e15 ? number : 0.5))) {
        return std::to_string(static_cast<std::int64_t>(number));
      }
    }
    return value.dump();
  }
  std::map<std::string, int> seen_;
};

std::optional<std::string> json(std::string_view body) {
  const auto value = ordered_json::parse(body, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  Flattener flat;
  flat.add(value, "", 0);
  return encoded(flat.pairs);
}

std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  const auto at = ifind(header, std::string(name) + "=");
  if (at == header.npos) return std::nullopt;
  std::string_view value = header.substr(at + name.size() + 1);
  if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
  return std::string(trim(value.substr(0, value.find_first_of("; \t,"))));
}

/// name=value of each part. A part without a name is left out.
std::optional<std::string> multipart(std::string_view body, std::string_view content_type) {
  const auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty()) return std::nullopt;
  const std::string mark = "--" + *boundary;
  Pairs pairs;
  for (auto at = body.find(mark); at != body.npos && pairs.size() < 1000;) {
    at += mark.size();
    const auto next = body.find(mark, at);
    std::string_view part = body.substr(at, next == body.npos ? body.npos : next - at);
    at = next;
    const auto head_end = part.find("\r\n\r\n");
    if (head_end == part.npos) continue;
    const auto name = parameter(part.substr(0, head_end), " name");
    std::string_view value = part.substr(head_end + 4);
    if (value.ends_with("\r\n")) value.remove_suffix(2);
    if (name) pairs.emplace_back(*name, std::string(value));
  }
  return encoded(pairs);
}

std::string query_of(const Asked& asked) {
  const std::string_view body = asked.body.substr(0, kBodyBytes);
  const std::string_view type = trim(asked.content_type);
  if (istarts_with(type, "application/x-www-form-urlencoded")) return form(body);
  if (istarts_with(type, "multipart/")) return multipart(body, type).value_or(binary(body));
  if (istarts_with(type, "application/json") || istarts_with(type, "text/plain"))
    return json(body).value_or(binary(body));
  return binary(body);
}

}  // namespace

std::string url_with_request(std::string_view url, const Asked& asked) {
  std::string method(asked.method);
  for (char& c : method) c = to_upper(c);
  if (method == "GET" || method.empty()) return std::string(url);
  std::string out(url.substr(0, url.find('#')));
  out.push_back(out.find('?') == out.npos ? '?' : '&');
  out += "__wb_method=" + url::percent_encode_component(method);
  if (!asked.body.empty()) out += "&" + query_of(asked).substr(0, kQueryBytes);
  return out;
}

}  // namespace wm::cdx
