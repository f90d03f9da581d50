#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

constexpr std::string_view kCookie = "wm_session";

Result<Response> log_in(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const std::string name = WM_TRY(body.text("name")).value_or("");
  const std::string password = WM_TRY(body.text("password")).value_or("");
  WM_TRY(body.finish());
  const std::string address = request.peer_address.substr(0, request.peer_address.rfind(':'));
  const std::string secret = WM_TRY(s.accounts.log_in(name, password, address));
  Response response = answer(201, {{"user", name}});
  response.headers.add("Set-Cookie", std::string(kCookie) + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000" + (s.secure_cookies ? "; Secure" : ""));
  return response;
}

Result<Response> log_out(Services& s, const Request& request) {
  for (const std::string_view session : request.cookies(kCookie)) WM_TRY(s.accounts.log_out(session));
  Response response = no_content();
  response.headers.add("Set-Cookie", std::string(kCookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
  return response;
}

/// Who am I, and where is the replay origin: what a page needs before anything else.
Result<Response> who(Services& s, const Request& request) {
  json body = {{"auth", s.passwords ? "password" : "none"}, {"user", nullptr}, {"replay_url", replay_url(s, request)}, {"private_replay", s.private_replay}};
  for (const std::string_view session : s.passwords ? request.cookies(kCookie) : std::vector<std::string_view>()) {
    const auto caller = WM_TRY(s.accounts.caller_of_session(session));
    if (caller) body["user"] = caller->user;
  }
  return answer(200, body);
}

Result<Response> add_user(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const std::string name = WM_TRY(body.text("name")).value_or("");
  const std::string password = WM_TRY(body.text("password")).value_or("");
  WM_TRY(body.finish());
  WM_TRY(s.accounts.add_user(name, password));
  return answer(201, {{"name", name}});
}

Result<Response> add_token(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const std::string user = WM_TRY(body.text("user")).value_or("");
  const std::string label = WM_TRY(body.text("label")).value_or("");
  const std::string scope_name = WM_TRY(body.text("scope")).value_or("write");
  WM_TRY(body.finish());
  const auto scope = auth::scope_of(scope_name);
  if (!scope) return fail(Error::Code::kInvalid, "scope must be read, write or admin");
  const std::string token = WM_TRY(s.accounts.create_token(user, label, *scope));
  return answer(201, {{"token", token}});
}

}  // namespace

void add_session_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/session", Permission::kPublic, [&s](const Request& r, const PathValues&) { return respond([&] { return who(s, r); }); }});
  routes.push_back({"POST", "/api/v1/session", Permission::kPublic, [&s](const Request& r, const PathValues&) { return respond([&] { return log_in(s, r); }); }});
  routes.push_back({"DELETE", "/api/v1/session", Permission::kPublic, [&s](const Request& r, const PathValues&) { return respond([&] { return log_out(s, r); }); }});
  routes.push_back({"POST", "/api/v1/users", Permission::kAdmin, [&s](const Request& r, const PathValues&) { return respond([&] { return add_user(s, r); }); }});
  routes.push_back({"POST", "/api/v1/tokens", Permission::kAdmin, [&s](const Request& r, const PathValues&) { return respond([&] { return add_token(s, r); }); }});
}

}  // namespace wm::api
