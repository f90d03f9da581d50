#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "indexer/cdx/cdx_index.h"

namespace wm::cdx {
namespace {

using nlohmann::json;

constexpr std::size_t kLineBytes = 1 << 20;

void put_json(std::string& out, std::string_view name, std::string_view value) {
  if (!out.ends_with('{')) out.append(", ");
  out.append("\"").append(name).append("\": ");
  out.append(json(std::string(value)).dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string text_of(const json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end()) return {};
  if (it->is_string()) return it->get<std::string>();
  if (it->is_number_unsigned()) return std::to_string(it->get<std::uint64_t>());
  if (it->is_number_integer()) return std::to_string(it->get<std::int64_t>());
  return {};
}

std::optional<std::string> optional_text(const json& object, const char* name) {
  auto text = text_of(object, name);
  if (text.empty() || text == "-") return std::nullopt;
  return text;
}

/// pywb writes bare base32 SHA-1.
std::string digest_of(std::string_view written) {
  if (written.empty() || written == "-") return {};
  return normalized_digest(written);
}

Result<std::uint64_t> number_of(const json& object, const char* name) {
  const std::string text = text_of(object, name);
  if (text.empty() || text == "-") return std::uint64_t{0};
  const auto number = parse_u64(text);
  if (!number)
    return fail(Error::Code::kInvalid, std::string("a CDXJ line whose ") + name + " is no number");
  return *number;
}

Result<Capture> from_json(const json& object, Capture capture) {
  capture.url = text_of(object, "url");
  if (capture.url.empty()) return fail(Error::Code::kInvalid, "a CDXJ line without url");
  capture.mime = optional_text(object, "mime").value_or("unk");
  capture.digest = digest_of(text_of(object, "digest"));
  capture.file = text_of(object, "filename");
  capture.offset = WM_TRY(number_of(object, "offset"));
  capture.length = WM_TRY(number_of(object, "length"));
  if (const auto status = optional_text(object, "status")) {
    const auto number = parse_u64(*status);
    if (!number || *number > 999)
      return fail(Error::Code::kInvalid,
                  "a CDXJ line whose status is none: " + status->substr(0, 20));
    capture.status = static_cast<int>(*number);
  }
  capture.redirect = optional_text(object, "redirect");
  capture.method = optional_text(object, "method");
  capture.request_digest = digest_of(text_of(object, "request_digest"));
  capture.refers_to_uri = optional_text(object, "refers_to_uri");
  if (const auto time = optional_text(object, "refers_to_time"))
    capture.refers_to_time = Time14::parse(*time);
  return capture;
}

}  // namespace

std::string to_cdxj(const Capture& capture) {
  std::string line = capture.surt + " " + capture.time.text() + " {";
  put_json(line, "url", capture.url);
  put_json(line, "mime", capture.mime);
  if (capture.status) put_json(line, "status", std::to_string(*capture.status));
  if (!capture.digest.empty()) put_json(line, "digest", capture.digest);
  if (capture.redirect) put_json(line, "redirect", *capture.redirect);
  if (capture.method) put_json(line, "method", *capture.method);
  if (!capture.request_digest.empty()) put_json(line, "request_digest", capture.request_digest);
  if (capture.refers_to_uri) put_json(line, "refers_to_uri", *capture.refers_to_uri);
  if (capture.refers_to_time) put_json(line, "refers_to_time", capture.refers_to_time->text());
  put_json(line, "length", std::to_string(capture.length));
  put_json(line, "offset", std::to_string(capture.offset));
  put_json(line, "filename", capture.file);
  return line + "}";
}

Result<Capture> from_cdxj(std::string_view line) {
  if (line.size() > kLineBytes)
    return fail(Error::Code::kTooLarge, "a CDXJ line of " + std::to_string(line.size()) + " bytes");
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  const auto brace = line.find(" {");
  if (brace == line.npos) return fail(Error::Code::kInvalid, "a CDXJ line without an object");
  // A SURT may hold blanks when a URL was filed as it came: the time is the last word before the
  // object.
  const auto blank = line.substr(0, brace).rfind(' ');
  if (blank == line.npos || blank == 0)
    return fail(Error::Code::kInvalid, "a CDXJ line without a key or a time");
  const auto digits = line.substr(blank + 1, brace - blank - 1);
  const auto time = digits.size() == 14 || digits.size() == 17 ? Time14::parse(digits.substr(0, 14))
                                                               : std::nullopt;
  if (!time)
    return fail(Error::Code::kInvalid,
                "a CDXJ line whose time is none: " + std::string(digits.substr(0, 40)));
  const json object = json::parse(line.substr(brace + 1), nullptr, false);
  if (!object.is_object()) return fail(Error::Code::kInvalid, "a CDXJ line whose object is none");
  Capture capture;
  capture.surt = line.substr(0, blank);
  capture.time = *time;
  return from_json(object, std::move(capture));
}

}  // namespace wm::cdx
