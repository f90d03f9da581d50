#include "server/app/proxy_mode.h"

#include "core/base/ascii.h"
#include "core/tls/certificate_authority.h"
#include "server/proxy/past_web.h"
#include "server/proxy/proxy_server.h"

namespace wm::app {

namespace {

/// The password of "Basic base64(name:password)"; "" for anything else.
std::string password_in(std::string_view authorization) {
  if (!istarts_with(authorization, "Basic ")) return "";
  const auto pair = base64_decode(trim(authorization.substr(6)));
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  return colon == std::string::npos ? "" : pair->substr(colon + 1);
}

}  // namespace

/// In the order they need each other: the server ends first.
struct ProxyMode::Parts {
  std::unique_ptr<tls::CertificateAuthority> authority;
  std::unique_ptr<proxy::PastWeb> web;
  std::unique_ptr<proxy::ProxyServer> server;
};

ProxyMode::ProxyMode(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ProxyMode::~ProxyMode() = default;
std::uint16_t ProxyMode::port() const {
  return parts_->server->port();
}

Result<std::unique_ptr<ProxyMode>> ProxyMode::start(const Settings& settings,
                                                    const replay::Replay& replay,
                                                    const auth::Accounts& accounts, Place place) {
  auto parts = std::make_unique<Parts>();
  parts->authority = WM_TRY(
      tls::CertificateAuthority::open(place.authority_file, "Waymark proxy of this computer"));
  proxy::PastWeb::Options web{.collection = settings.replay.proxy_collection,
                              .time = {},
                              .replay_origin = settings.server.replay_url,
                              .certificate_pem = parts->authority->certificate_pem()};
  if (web.replay_origin.empty())
    web.replay_origin = "http://127.0.0.1:" + std::to_string(place.replay_port);
  if (!settings.replay.proxy_time.empty())
    web.time = Time14::parse_padded(settings.replay.proxy_time, Time14::Pad::kLatest);
  parts->web = std::make_unique<proxy::PastWeb>(replay, std::move(web));
  const HostPort at = WM_TRY(parse_listen(settings.replay.proxy_listen));
  const proxy::ProxyOptions options{.address = at.host == "localhost" ? "127.0.0.1" : at.host,
                                    .port = at.port,
                                    .connections = settings.replay.proxy_connections,
                                    .body_bytes = settings.server.body_bytes,
                                    .timeout = settings.server.keep_alive_timeout};
  const auto gate = [&accounts, open = !place.private_replay](std::string_view authorization) {
    if (open) return true;
    const std::string token = password_in(authorization);
    const auto caller = token.empty() ? Result<std::optional<auth::Caller>>(std::nullopt)
                                      : accounts.caller_of_token(token);
    return caller && caller->has_value();
  };
  parts->server = WM_TRY(proxy::ProxyServer::start(
      options, *parts->authority, gate,
      [&web = *parts->web](const proxy::ProxiedRequest& asked) { return web.handle(asked); }));
  return std::unique_ptr<ProxyMode>(new ProxyMode(std::move(parts)));
}

}  // namespace wm::app
