#include "server/app/gate.h"

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/url/url.h"
#include "server/app/settings.h"
#include "server/http/status.h"

namespace wm::app {

using server::Permission;
using server::Request;
using server::Response;

namespace {

std::optional<auth::Scope> needed(Permission permission) {
  switch (permission) {
    case Permission::kPublic: return std::nullopt;
    case Permission::kRead: return auth::Scope::kRead;
    case Permission::kWrite: return auth::Scope::kWrite;
    case Permission::kAdmin: return auth::Scope::kAdmin;
  }
  return auth::Scope::kAdmin;
}

bool changes_state(const Request& request) {
  return request.method() != "GET" && request.method() != "HEAD" && request.method() != "OPTIONS";
}

std::string_view host_without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) host = host.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return host;
}

std::optional<std::string_view> bearer(const Request& request) {
  const auto field = request.header("Authorization");
  if (!field) return std::nullopt;
  for (const std::string_view word : {"Bearer ", "Token "}) {
    if (istarts_with(*field, word)) return trim(field->substr(word.size()));
  }
  return std::nullopt;
}

}  // namespace

bool names_our_host(const Request& request, std::string_view configured_url) {
  const std::string_view host = host_without_port(request.header("Host").value_or("localhost"));
  if (is_loopback(host)) return true;
  const auto configured = url::Url::parse(configured_url);
  return configured && iequals(configured->host(), host);
}

std::optional<Response> Gate::check(const Request& request, Permission permission) const {
  if (!options_.passwords && !names_our_host(request, options_.app_url)) {
    return server::error_response(421, "wrong_host", "This name is not served here. Set server.app_url to use it.");
  }
  bool by_token = false;
  const auto scope = scope_of(request, by_token);
  if (!scope) {
    log::error("gate: {}", scope.error().what);
    return server::error_response(scope.error());
  }
  if (changes_state(request) && !by_token && !comes_from_us(request)) {
    return server::error_response(403, "cross_origin", "This request comes from another site's page.");
  }
  const auto least = needed(permission);
  if (!least) return std::nullopt;
  if (!*scope) {
    // linkding's clients read another shape than ours.
    const bool linkding = request.path().starts_with("/api/") && !request.path().starts_with("/api/v1/");
    Response refusal = linkding ? Response::json(401, R"({"detail":"Authentication credentials were not provided."})") : server::error_response(401, "log_in", "Log in or send a token.");
    refusal.headers.set("WWW-Authenticate", linkding ? "Token" : "Bearer");
    return refusal;
  }
  if (**scope < *least) return server::error_response(403, "scope", "This token may not do that.");
  return std::nullopt;
}

bool Gate::comes_from_us(const Request& request) const {
  const auto site = request.header("Sec-Fetch-Site");
  if (site && *site != "same-origin" && *site != "none") return false;
  const auto origin = request.header("Origin");
  if (!origin) return true;
  if (const auto configured = url::Url::parse(options_.app_url); configured && configured->origin() == *origin) return true;
  const auto parsed = url::Url::parse(*origin);
  const auto own = url::Url::parse("http://" + std::string(request.header("Host").value_or("")));
  return parsed && own && parsed->host() == own->host() && parsed->port() == own->port();
}

Result<std::optional<auth::Scope>> Gate::scope_of(const Request& request, bool& by_token) const {
  if (const auto token = bearer(request)) {
    by_token = true;
    if (!options_.local_token.empty() && *token == options_.local_token) return std::optional(auth::Scope::kAdmin);
    const auto caller = WM_TRY(accounts_.caller_of_token(*token));
    if (!caller) return std::optional<auth::Scope>();
    return std::optional(caller->scope);
  }
  if (!options_.passwords) return std::optional(auth::Scope::kAdmin);
  for (const std::string_view session : request.cookies("wm_session")) {
    const auto caller = WM_TRY(accounts_.caller_of_session(session));
    if (caller) return std::optional(caller->scope);
  }
  return std::optional<auth::Scope>();
}

}  // namespace wm::app
