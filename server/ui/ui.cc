#include "server/ui/ui.h"

#include <map>

#include "core/base/digest.h"
#include "core/url/url.h"
#include "server/http/status.h"

namespace wm::ui {

using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

// Nothing inline, nothing from elsewhere; pictures of mementos come from the replay origin, whose port is not known here.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

std::string_view type_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},             {".json", "application/json"},             {".txt", "text/plain; charset=utf-8"}};
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

/// Nothing but "scheme://host[:port]", so that a Host of somebody's making cannot add to the policy.
bool is_origin(std::string_view text) {
  const auto parsed = url::Url::parse(text);
  return parsed && parsed->is_http() && text.find_first_of(" ;,'\"") == std::string_view::npos && parsed->origin() == text;
}

struct Served {
  std::string_view bytes;
  std::string etag;
};

const std::map<std::string_view, Served>& served() {
  static const std::map<std::string_view, Served> all = [] {
    std::map<std::string_view, Served> made;
    for (const Asset& asset : assets()) made.emplace(asset.name, Served{asset.bytes, "\"" + sha256_hex(asset.bytes).substr(0, 16) + "\""});
    return made;
  }();
  return all;
}

Response serve(const Request& request, std::string_view name, std::string_view more_policy = {}) {
  const auto found = served().find(name);
  if (found == served().end()) return server::error_response(404, "not_found", "There is no such file.");
  Response response;
  response.headers = {{"Content-Type", std::string(type_of(name))},
                      {"ETag", found->second.etag},
                      {"Cache-Control", "no-cache"},
                      {"Content-Security-Policy", std::string(kPolicy) + std::string(more_policy)},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"}};
  const auto known = request.header("If-None-Match");
  if (known && known->find(found->second.etag) != std::string_view::npos) {
    response.status = 304;
  } else {
    response.body = found->second.bytes;
  }
  return response;
}

}  // namespace

void add_routes(std::vector<server::Route>& routes, std::function<std::string(const Request&)> replay_origin) {
  routes.push_back({"GET", "/", Permission::kPublic, [](const Request& r, const PathValues&) { return serve(r, "index.html"); }});
  routes.push_back({"GET", "/static/{name:rest}", Permission::kPublic, [](const Request& r, const PathValues& p) { return serve(r, p.get("name").substr(0, p.get("name").find('?'))); }});
  routes.push_back({"GET", "/view/{target:rest}", Permission::kPublic, [replay_origin](const Request& r, const PathValues&) {
                      const std::string origin = replay_origin(r);
                      return serve(r, "viewer.html", is_origin(origin) ? "; frame-src " + origin : "");
                    }});
  routes.push_back({"GET", "/web/{target:rest}", Permission::kPublic,
                    [](const Request&, const PathValues& p) { return Response::redirect(302, "/view/web/" + std::string(p.get("target"))); }});
}

}  // namespace wm::ui
