// The Internet Archive's Save Page Now and availability calls, so that scripts written for them work here by changing the host.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/surt.h"
#include "core/url/url.h"
#include "server/api/json_body.h"
#include "server/api/link_view.h"
#include "server/http/multipart.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

constexpr std::string_view kJobPrefix = "spn2-";

/// application/x-www-form-urlencoded, multipart/form-data or the query: the field "url".
std::string wanted_url(const Request& request) {
  if (auto url = request.parameter("url")) return *url;
  if (const auto parts = server::parse_multipart(request)) {
    for (const auto& part : *parts) {
      if (part.name == "url") return std::string(part.data);
    }
  }
  for (const std::string_view pair : split(request.body, '&')) {
    if (!pair.starts_with("url=")) continue;
    std::string value(pair.substr(4));
    for (char& c : value) c = c == '+' ? ' ' : c;
    return server::percent_decode(value);
  }
  return {};
}

Result<jobs::Job> capture(Services& s, const std::string& url) {
  const links::Added added = WM_TRY(s.links.add({.url = url, .title = {}, .notes = {}, .tags = {}}));
  return queue_capture(s, added.link);
}

json job_name(const jobs::Job& job) { return std::string(kJobPrefix) + std::to_string(job.id); }

Result<Response> save(Services& s, const Request& request) {
  const std::string url = wanted_url(request);
  if (trim(url).empty()) return fail(Error::Code::kInvalid, "the form has no field \"url\"");
  const jobs::Job job = WM_TRY(capture(s, url));
  return answer(200, {{"url", job.url}, {"job_id", job_name(job)}});
}

/// As a person or curl asks: waits for the capture a while and leads to it. A GET that changes something, so no other site's page may make a
/// browser send it; the session's cookie is not sent from there anyway.
Result<Response> save_now(Services& s, const Request& request, std::string_view target) {
  const auto site = request.header("Sec-Fetch-Site");
  if (site && *site != "same-origin" && *site != "none") return fail(Error::Code::kDenied, "this request comes from another site's page");
  const jobs::Job job = WM_TRY(capture(s, std::string(target)));
  const jobs::Job over = WM_TRY(s.jobs.wait(job.id, std::chrono::seconds(50)));
  if (over.state == jobs::State::kFailed) return fail(Error::Code::kIo, over.error.empty() ? "the capture failed" : over.error);
  const json result = json::parse(over.result, nullptr, false);
  const std::string path = result.is_object() ? result.value("replay_path", "") : "";
  Response response = path.empty() ? answer(202, {{"url", job.url}, {"job_id", job_name(job)}}) : Response::redirect(302, "/open" + path);
  if (!path.empty()) response.headers.set("Content-Location", path);
  return response;
}

json status_of(const jobs::Job& job) {
  json told = {{"job_id", job_name(job)}};
  switch (job.state) {
    case jobs::State::kDone: {
      const json result = json::parse(job.result, nullptr, false);
      const bool whole = result.is_object();
      told.update({{"status", "success"},
                   {"original_url", job.url},
                   {"timestamp", whole ? result.value("timestamp", "") : ""},
                   {"duration_sec", job.started && job.finished ? std::chrono::duration<double>(*job.finished - *job.started).count() : 0.0},
                   {"resources", json::array()}});
      break;
    }
    case jobs::State::kFailed:
    case jobs::State::kCancelled:
      told.update({{"status", "error"}, {"status_ext", "error:job-failed"}, {"exception", nullptr}, {"message", job.error.empty() ? "cancelled" : job.error}});
      break;
    default: told["status"] = "pending";
  }
  return told;
}

Result<Response> status(const Services& s, std::string_view name) {
  if (name.starts_with(kJobPrefix)) name.remove_prefix(kJobPrefix.size());
  const std::uint64_t id = WM_TRY(id_of(name));
  const auto job = WM_TRY(s.jobs.get(id));
  if (!job) return fail(Error::Code::kNotFound, fmt::format("there is no job {}{}", kJobPrefix, id));
  return answer(200, status_of(*job));
}

Result<Response> available(const Services& s, const Request& request) {
  const std::string url = request.parameter("url").value_or("");
  const std::string timestamp = request.parameter("timestamp").value_or("");
  json told = {{"url", url}, {"archived_snapshots", json::object()}};
  if (!timestamp.empty()) told["timestamp"] = timestamp;
  const auto wanted = Time14::parse_padded(timestamp.empty() ? Time14(std::chrono::floor<std::chrono::seconds>(now_micros())).text() : timestamp, Time14::Pad::kEarliest);
  if (!wanted) return fail(Error::Code::kInvalid, "timestamp must be 1 to 14 digits, not " + timestamp);
  auto closest = s.cdx.closest("web", url::surt(url), *wanted);
  auto capture = WM_TRY(closest.next());
  const auto judge = s.access.judge();
  while (capture && judge.hides(*capture)) capture = WM_TRY(closest.next());
  if (capture) {
    told["archived_snapshots"]["closest"] = {{"available", true},
                                              {"url", replay_url(s, request) + "/web/" + capture->time.text() + "/" + capture->url},
                                              {"timestamp", capture->time.text()},
                                              {"status", capture->status ? std::to_string(*capture->status) : "200"}};
  }
  Response response = answer(200, told);
  if (const auto callback = request.parameter("callback"); callback && !callback->empty()) {
    const bool name = std::all_of(callback->begin(), callback->end(), [](char c) { return is_alnum(c) || c == '_' || c == '.' || c == '$'; });
    if (!name || callback->size() > 100) return fail(Error::Code::kInvalid, "callback must be a JavaScript name");
    response.body = *callback + "(" + response.body + ");";
    response.headers.set("Content-Type", "text/javascript; charset=utf-8");
    response.headers.set("X-Content-Type-Options", "nosniff");
  }
  return response;
}

}  // namespace

void add_internet_archive_routes(std::vector<server::Route>& routes, Services& s) {
  for (const char* path : {"/save", "/save/"}) {
    routes.push_back({"POST", path, Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return save(s, r); }); }});
  }
  routes.push_back({"GET", "/save/status/{id}", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return status(s, p.get("id")); }); }});
  routes.push_back({"GET", "/save/{url:rest}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return save_now(s, r, p.get("url")); }); }});
  routes.push_back({"GET", "/wayback/available", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return available(s, r); }); }});
}

}  // namespace wm::api
