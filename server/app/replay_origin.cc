#include "server/app/replay_origin.h"

#include <algorithm>

#include "core/html/tokenizer.h"
#include "replay/error_page.h"
#include "replay/memento/negotiate.h"
#include "replay/memento/wayback_url.h"
#include "replay/policy.h"
#include "server/app/gate.h"
#include "server/http/status.h"
#include "server/proxy/replay_response.h"

namespace wm::app {

using proxy::as_response;
using server::Request;
using server::Response;

namespace {

constexpr std::string_view kTicketPath = auth::Tickets::kTakePath;
constexpr std::string_view kMount = auth::Tickets::kMountPath;
constexpr std::string_view kWombat = "/static/wombat/";
constexpr std::string_view kCookie = "wm_replay";

SysSeconds now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

/// What a policy calls the paths below `mount`.
std::string source_of(const Request& request, std::string_view mount) {
  const std::string host(request.header("Host").value_or(""));
  // Without a scheme: that of the page, which a proxy may have made https.
  if (host.empty() || !replay::is_origin("http://" + host)) return "'none'";
  return host + std::string(mount) + "/";
}

/// Our own page around a mounted one.
Response framed(const Request& request, std::string_view mount) {
  std::string page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Waymark</title><style>html,body,iframe{margin:0;border:0;"
                     "width:100%;height:100%;display:block;overflow:hidden}</style><iframe name=\"___wb_replay_top_frame\" sandbox=\"allow-scripts "
                     "allow-forms allow-modals allow-pointer-lock\" src=\"";
  page += html::escape_attribute(request.head.target, '"');
  page += "\"></iframe>";
  Response response = Response::html(200, std::move(page));
  response.headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src " + source_of(request, mount) +
                                                      "; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

/// "http://<the host the browser used>:<the app's port>".
std::string app_beside(const Request& request, std::uint16_t port) {
  std::string host(request.header("Host").value_or("127.0.0.1"));
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) host.resize(colon);
  return "http://" + host + ":" + std::to_string(port);
}

}  // namespace

void ReplayOrigin::set_app(std::string app_url, std::uint16_t app_port) {
  app_url_ = std::move(app_url);
  app_port_ = app_port;
}

Response ReplayOrigin::handle(const Request& request) const {
  if (options_.loopback_only && !names_our_host(request, options_.replay_url)) {
    return server::error_response(421, "wrong_host", "This name is not served here. Set server.replay_url to use it.");
  }
  if (request.head.target.starts_with(kTicketPath)) return take_ticket(request);
  if (options_.private_replay) {
    const auto tickets = request.cookies(kCookie);
    const bool let_in = std::any_of(tickets.begin(), tickets.end(), [this](std::string_view ticket) { return tickets_.valid(ticket, now()); });
    if (!let_in) return refusal(request, request.head.target);
  }
  return replayed(request, request.head.target, "");
}

Response ReplayOrigin::replayed(const Request& request, std::string_view target, std::string_view mount) const {
  replay::ReplayRequest wanted{.method = request.head.method, .target = std::string(target), .headers = request.head.headers,
                               .app_origin = app_origin(request), .body = request.body,
                               .opaque_origin = options_.one_port, .mount = std::string(mount)};
  return as_response(replay_.handle(wanted));
}

bool ReplayOrigin::is_mounted(const Request& request) {
  return request.head.target.starts_with(kMount) || request.head.target.starts_with(kWombat);
}

bool ReplayOrigin::names_memento(const Request& request) {
  const auto url = memento::parse_wayback_url(request.head.target);
  return url && url->certain && url->collection != "api";
}

Response ReplayOrigin::mounted(const Request& request, bool let_in) const {
  if (options_.loopback_only && !names_our_host(request, options_.replay_url)) {
    return server::error_response(421, "wrong_host", "This name is not served here. Set server.app_url to use it.");
  }
  const std::string_view target = request.head.target;
  if (!target.starts_with(kMount)) {
    const bool is_public = target.starts_with(kWombat);
    if (!let_in && !is_public) return refusal(request, target);
    // A browser sees it by way of a ticket; a program that names the very bytes gets them.
    const auto destination = request.header("Sec-Fetch-Dest").value_or("");
    if (destination == "document" || destination == "iframe" || destination == "frame") return Response::redirect(302, "/open" + std::string(target));
    return replayed(request, target, "");
  }
  const std::size_t slash = target.find('/', kMount.size());
  if (slash == std::string_view::npos || !tickets_.valid(target.substr(kMount.size(), slash - kMount.size()), now())) {
    return refusal(request, slash == std::string_view::npos ? "" : target.substr(slash));
  }
  // In a tab of its own a page could carry its ticket away by going elsewhere; a frame of ours has nowhere to go.
  if (request.header("Sec-Fetch-Dest").value_or("") == "document") return framed(request, target.substr(0, slash));
  return replayed(request, target.substr(slash), target.substr(0, slash));
}

Response ReplayOrigin::refusal(const Request& request, std::string_view target) const {
  return as_response(replay::failure_answer(replay::Failure::kLogIn, {.app_origin = app_origin(request),
                                                                      .destination = memento::destination_of(request.head.headers, memento::Modifier::kNone),
                                                                      .accept = request.header("Accept").value_or(""),
                                                                      .target = target}));
}

std::string ReplayOrigin::app_origin(const Request& request) const { return app_url_.empty() ? app_beside(request, app_port_) : app_url_; }

Response ReplayOrigin::take_ticket(const Request& request) const {
  const std::string_view rest = std::string_view(request.head.target).substr(kTicketPath.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos || !tickets_.valid(rest.substr(0, slash), now())) {
    return refusal(request, slash == std::string_view::npos ? "/" : rest.substr(slash));
  }
  // The path alone: "//host" would lead elsewhere.
  std::string_view target = rest.substr(slash);
  while (target.size() > 1 && target[1] == '/') target.remove_prefix(1);
  Response response = Response::redirect(302, target);
  response.headers.add("Set-Cookie", std::string(kCookie) + "=" + std::string(rest.substr(0, slash)) + "; Path=/; HttpOnly; SameSite=Lax" +
                                         (options_.replay_url.starts_with("https:") ? "; Secure" : "") + "; Max-Age=" +
                                         std::to_string(options_.ticket_life.count()));
  response.headers.set("Referrer-Policy", "no-referrer");
  return response;
}

}  // namespace wm::app
