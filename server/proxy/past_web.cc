#include "server/proxy/past_web.h"

#include "core/base/ascii.h"
#include "core/base/random.h"
#include "core/html/tokenizer.h"
#include "core/http/media_type.h"
#include "core/url/url.h"
#include "replay/as_archived.h"
#include "replay/error_page.h"
#include "replay/memento/negotiate.h"
#include "replay/memento/wayback_url.h"
#include "replay/policy.h"
#include "server/http/compress.h"
#include "server/proxy/replay_response.h"

namespace wm::proxy {

using server::Response;

namespace {

constexpr std::string_view kControlHost = "waymark.invalid";
constexpr std::string_view kControlUrl = "http://waymark.invalid/";

/// Links of replay's own error pages lead to addresses of the replay origin; here a page leads to
/// the control page.
Response failure(replay::Failure why, const ProxiedRequest& asked) {
  const auto destination =
      memento::destination_of(asked.request.head.headers, memento::Modifier::kNone);
  Response response = as_response(
      replay::failure_answer(why, {.app_origin = "",
                                   .destination = destination,
                                   .accept = asked.request.header("Accept").value_or("")}));
  const std::size_t end = response.body.rfind("</body>");
  if (end == std::string::npos) return response;
  response.body.insert(end, "<p><code>" + html::escape_text(valid_utf8(asked.url)) +
                                "</code></p><p><a href=\"" + std::string(kControlUrl) +
                                "\">Choose another time</a></p>");
  return response;
}

Response own_response(int status, std::string body) {
  Response response = Response::html(status, std::move(body));
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                       "base-uri 'none'; frame-ancestors 'none'");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "no-referrer");
  return response;
}

/// The digits of "2020-05-01" or "20200501123000"; "" stays "".
std::string digits_of(std::string_view written) {
  std::string digits;
  for (const char c : written) {
    if (is_digit(c)) digits += c;
  }
  return digits;
}

}  // namespace

PastWeb::PastWeb(const replay::Replay& replay, Options options)
    : replay_(replay),
      options_(std::move(options)),
      form_key_(base32_encode(random_bytes(20))),
      time_(options_.time) {}

std::optional<Time14> PastWeb::chosen() const {
  const MutexLock lock(mutex_);
  return time_;
}

Response PastWeb::handle(const ProxiedRequest& asked) {
  if (asked.url.starts_with(kControlUrl)) return control(asked);
  const auto wanted = memento::accept_datetime(asked.request.head.headers);
  if (!wanted) return failure(replay::Failure::kBadDate, asked);
  const Time14 now(std::chrono::floor<std::chrono::seconds>(now_micros()));
  const std::string time = wanted->value_or(chosen().value_or(now)).text();
  replay::ReplayRequest request{
      .method = asked.request.head.method,
      .target =
          memento::replay_path(options_.collection, time, memento::Modifier::kIdentity, asked.url),
      .headers = asked.request.head.headers,
      .body = asked.request.body};
  request.headers.set(
      "Host",
      std::string_view(options_.replay_origin).substr(options_.replay_origin.find("//") + 2));
  replay::ReplayResponse memento = replay_.handle(request);
  if (!memento.headers.has("Memento-Datetime")) {
    if (memento.status == 404) return failure(replay::Failure::kNotArchived, asked);
    if (memento.status == 503) return failure(replay::Failure::kUnreadable, asked);
    return as_response(std::move(memento));
  }
  memento.headers = replay::as_archived(memento.headers, "/" + options_.collection + "/" + time);
  Response response = as_response(std::move(memento));
  server::add_vary(response, "Accept-Datetime");
  return response;
}

Response PastWeb::control(const ProxiedRequest& asked) {
  const std::string_view path = asked.request.path();
  if (path == "/time" && asked.request.method() == "POST") return choose_time(asked);
  if (path == "/certificate.pem") {
    Response response = Response::text(200, options_.certificate_pem);
    response.headers.set("Content-Type", "application/x-x509-ca-cert");
    response.headers.set("Content-Disposition", "attachment; filename=\"waymark.pem\"");
    return response;
  }
  if (path == "/") return control_page("");
  return own_response(404, replay::own_page("Waymark", "<p><a href=\"/\">Waymark’s proxy</a></p>"));
}

Response PastWeb::choose_time(const ProxiedRequest& asked) {
  const auto origin = asked.request.header("Origin");
  std::string time, key;
  for (const auto part : split(asked.request.body, '&')) {
    const auto value =
        server::percent_decode(part.substr(std::min(part.find('=') + 1, part.size())));
    if (part.starts_with("time=")) time = digits_of(value);
    if (part.starts_with("key=")) key = value;
  }
  if (key != form_key_ ||
      (origin && *origin != "http://" + std::string(kControlHost) && *origin != "null")) {
    return own_response(
        403, replay::own_page("Refused", "<h1>Refused</h1><p>This form was not Waymark’s.</p>"));
  }
  const auto chosen =
      time.empty() ? std::nullopt : Time14::parse_padded(time, Time14::Pad::kLatest);
  if (!time.empty() && !chosen) return control_page("That is no time.");
  {
    const MutexLock lock(mutex_);
    time_ = chosen;
  }
  return Response::redirect(303, kControlUrl);
}

Response PastWeb::control_page(std::string_view note) const {
  const auto time = chosen();
  std::string body = "<h1>The web as it was</h1>";
  if (!note.empty()) body += "<p role=\"alert\">" + html::escape_text(note) + "</p>";
  body += "<p>Pages are shown as of <strong>" +
          (time ? w3c_date(time->time()) : std::string("now")) +
          "</strong>, or the nearest capture. What is not in the archive is not shown: the live "
          "web is not asked.</p>"
          "<form method=\"post\" action=\"/time\"><input type=\"hidden\" name=\"key\" value=\"" +
          form_key_ +
          "\"><label>Time (YYYY-MM-DD, or up to 14 digits; empty for the newest) <input "
          "name=\"time\" value=\"" +
          (time ? time->text() : "") +
          "\"></label> <button>Choose</button></form><p>For https pages the browser must trust <a "
          "href=\"/certificate.pem\">this "
          "installation’s certificate</a>. Use a profile of its own for that: whoever holds its "
          "key could pose as any site.</p>";
  return own_response(200, replay::own_page("Waymark: the web as it was", body));
}

}  // namespace wm::proxy
