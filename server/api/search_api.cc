#include "core/url/surt.h"
#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

constexpr std::size_t kMostLines = 100'000;

json hit_json(const search::Hit& hit) {
  const std::string path = hit.time ? "/" + hit.collection + "/" + hit.time->text() + "/" + hit.url : "";
  return {{"link_id", hit.link_id != 0 ? json(hit.link_id) : json(nullptr)},
          {"url", hit.url},
          {"title", hit.title},
          {"tags", hit.tags},
          {"timestamp", hit.time ? json(hit.time->text()) : json(nullptr)},
          {"replay_path", hit.time ? json(path) : json(nullptr)},
          {"versions_matched", hit.versions_matched},
          {"snippets", hit.snippets}};
}

Result<Response> search(Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 20, 200));
  search::SearchRequest wanted{.query = request.parameter("q").value_or(""), .limit = page.limit, .offset = page.offset, .tags = {}};
  if (auto tag = request.parameter("tag")) wanted.tags.push_back(std::move(*tag));
  const search::Answer found = WM_TRY(s.search.search(wanted));
  json results = json::array();
  for (const search::Hit& hit : found.results) results.push_back(hit_json(hit));
  return answer(200, {{"total", found.total}, {"total_is_estimate", found.total_is_estimate}, {"note", found.note}, {"results", std::move(results)}});
}

Result<url::MatchType> match_type(const Request& request) {
  const std::string name = request.parameter("matchType").value_or("exact");
  if (name == "exact") return url::MatchType::kExact;
  if (name == "prefix") return url::MatchType::kPrefix;
  if (name == "host") return url::MatchType::kHost;
  if (name == "domain") return url::MatchType::kDomain;
  return fail(Error::Code::kInvalid, "matchType must be exact, prefix, host or domain");
}

Result<std::optional<Time14>> time_of(const Request& request, const char* name, Time14::Pad pad) {
  const auto digits = request.parameter(name);
  if (!digits || digits->empty()) return std::optional<Time14>();
  const auto time = Time14::parse_padded(*digits, pad);
  if (!time) return fail(Error::Code::kInvalid, std::string(name) + " must be 1 to 14 digits");
  return time;
}

/// CDXJ lines of a URL, for the command line and people; the replay origin's CDX servers speak the other tools' dialects.
Result<Response> cdx(Services& s, const Request& request) {
  const auto url = request.parameter("url");
  if (!url || url->empty()) return fail(Error::Code::kInvalid, "url is missing");
  const url::MatchType match = WM_TRY(match_type(request));
  cdx::RangeQuery query{.collection = request.parameter("collection").value_or("web"), .keys = url::surt_range(*url, match), .from = {}, .to = {}};
  query.from = WM_TRY(time_of(request, "from", Time14::Pad::kEarliest));
  query.to = WM_TRY(time_of(request, "to", Time14::Pad::kLatest));
  const Page page = WM_TRY(page_of(request, 10'000, kMostLines));
  std::string lines;
  std::size_t count = 0;
  WM_TRY(s.cdx.for_each(query, [&](const cdx::Capture& capture) {
    lines += cdx::to_cdxj(capture);
    lines += '\n';
    return ++count < page.limit;
  }));
  Response response = Response::text(200, lines);
  response.headers.set("Content-Type", "text/x-cdxj; charset=utf-8");
  return response;
}

}  // namespace

void add_search_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/search", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return search(s, r); }); }});
  routes.push_back({"GET", "/api/v1/cdx", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return cdx(s, r); }); }});
}

}  // namespace wm::api
