#include "server/http/compress.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/http/body.h"
#include "core/http/media_type.h"

namespace wm::server {

namespace {

/// Fast: pages are compressed while a reader waits.
constexpr int kLevel = 4;

/// A q-value in thousandths; malformed ones count as 0, as the safe side.
int q_value(std::string_view parameters) {
  for (const std::string_view part : split(parameters, ';')) {
    const std::string_view parameter = trim(part);
    if (!istarts_with(parameter, "q=")) continue;
    const std::string_view digits = parameter.substr(2);
    if (digits.empty() || digits.size() > 5 || (digits[0] != '0' && digits[0] != '1')) return 0;
    if (digits.size() > 1 && digits[1] != '.') return 0;
    int value = (digits[0] - '0') * 1000;
    int scale = 100;
    for (const char c : digits.substr(std::min<std::size_t>(2, digits.size()))) {
      if (!is_digit(c)) return 0;
      value += (c - '0') * scale;
      scale /= 10;
    }
    return std::min(value, 1000);
  }
  return 1000;
}

}  // namespace

bool accepts_gzip(const Request& request) {
  const std::string accepted = request.head.headers.joined("Accept-Encoding");
  int gzip = -1, any = -1, identity = -1;
  for (const std::string_view part : split(accepted, ',')) {
    const std::size_t end = std::min(part.find(';'), part.size());
    const std::string_view coding = trim(part.substr(0, end));
    const int q = end < part.size() ? q_value(part.substr(end + 1)) : 1000;
    if (iequals(coding, "gzip") || iequals(coding, "x-gzip")) gzip = std::max(gzip, q);
    if (coding == "*") any = q;
    if (iequals(coding, "identity")) identity = q;
  }
  if (gzip < 0) gzip = any;
  return gzip > 0 && gzip >= identity;
}

bool is_compressible(std::string_view content_type) {
  const auto type = http::parse_media_type(content_type);
  if (!type) return false;
  if (type->type == "text") return type->subtype != "event-stream";
  if (type->is_json() || type->is_xml() || type->is_javascript()) return true;
  const std::string essence = type->essence();
  return essence == "application/wasm" || essence == "application/x-ndjson" ||
         essence == "application/link-format" || essence == "application/manifest+json" ||
         essence == "font/ttf" || essence == "font/otf";
}

void add_vary(Response& response, std::string_view field) {
  if (response.headers.has_token("Vary", field) || response.headers.has_token("Vary", "*")) return;
  const std::string before = response.headers.joined("Vary");
  response.headers.set("Vary",
                       before.empty() ? std::string(field) : before + ", " + std::string(field));
}

void compress(const Request& request, Response& response) {
  const std::size_t size = response.body.size();
  const auto type = response.headers.find("Content-Type");
  const bool candidate = !response.stream && !response.events && response.status >= 200 &&
                         response.status != 206 && size >= kCompressAtLeast &&
                         size <= kCompressAtMost && type && is_compressible(*type) &&
                         !response.headers.has("Content-Encoding") &&
                         !response.headers.has_token("Cache-Control", "no-transform");
  if (!candidate) return;
  add_vary(response, "Accept-Encoding");
  if (!accepts_gzip(request)) return;
  std::string packed = http::gzip(response.body, kLevel);
  if (packed.size() >= size) return;
  response.body = std::move(packed);
  response.headers.set("Content-Encoding", "gzip");
  const std::string etag(response.headers.find("ETag").value_or(""));
  if (etag.starts_with('"')) response.headers.set("ETag", "W/" + etag);
}

Handler with_compression(Handler handler) {
  return [inner = std::move(handler)](const Request& request) {
    Response response = inner(request);
    compress(request, response);
    return response;
  };
}

}  // namespace wm::server
