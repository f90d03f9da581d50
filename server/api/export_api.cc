#include "core/base/time14.h"
#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using archive::ExportWish;
using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

Result<Response> export_archive(const Services& s, const Request& request) {
  ExportWish wish{.query = request.parameter("query"),
                  .collection = request.parameter("collection"),
                  .format = request.parameter("format").value_or("warc"),
                  .name = request.parameter("name").value_or("waymark"),
                  .title = request.parameter("title").value_or("")};
  if (const auto link = request.parameter("link")) wish.link = WM_TRY(id_of(*link));
  const std::string sign = request.parameter("sign").value_or("false");
  if (sign != "true" && sign != "false") return fail(Error::Code::kInvalid, "sign must be true or false");
  wish.sign = sign == "true";
  const auto wanted = WM_TRY(archive::request_of(wish));
  Response response;
  response.stream = WM_TRY(s.exporter.open(wanted));
  response.headers.add("Content-Type", archive::media_type_of(wanted.format));
  response.headers.add("Content-Disposition", "attachment; filename=\"" + wanted.file_name + "\"");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

/// A file that stays for a while, for who reads it in parts: a stream has no ranges.
Result<Response> start_export(const Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  ExportWish wish{.query = WM_TRY(body.text("query")), .collection = WM_TRY(body.text("collection"))};
  if (const auto link = WM_TRY(body.text("link"))) wish.link = WM_TRY(id_of(*link));
  wish.format = WM_TRY(body.text("format")).value_or("wacz");
  wish.name = WM_TRY(body.text("name")).value_or("waymark");
  wish.title = WM_TRY(body.text("title")).value_or("");
  wish.sign = WM_TRY(body.flag("sign")).value_or(false);
  WM_TRY(body.finish());
  static_cast<void>(WM_TRY(archive::request_of(wish)));
  json parameters = {{"format", wish.format}, {"name", wish.name}, {"title", wish.title}, {"sign", wish.sign}};
  if (wish.query) parameters["query"] = *wish.query;
  if (wish.link) parameters["link"] = *wish.link;
  if (wish.collection) parameters["collection"] = *wish.collection;
  jobs::Job job;
  job.kind = "export";
  job.parameters = parameters.dump(-1, ' ', false, json::error_handler_t::replace);
  job = WM_TRY(s.jobs.add(std::move(job)));
  Response response = answer(202, {{"job_id", job.id}});
  response.headers.set("Location", "/api/v1/jobs/" + std::to_string(job.id));
  return response;
}

Response list_exports(const Services& s) {
  json list = json::array();
  for (const auto& one : s.exports.list()) {
    list.push_back({{"id", one.id}, {"name", one.name}, {"path", "/exports/" + one.id + "/" + one.name}, {"bytes", one.bytes}, {"made", w3c_date(one.made)}});
  }
  return answer(200, {{"exports", list}});
}

/// Players of web archives run on other sites and send no cookie: the address is the key.
Response with_cors(Response response) {
  response.headers.set("Access-Control-Allow-Origin", "*");
  response.headers.set("Access-Control-Expose-Headers", "Accept-Ranges, Content-Length, Content-Range, ETag");
  response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  response.headers.set("X-Content-Type-Options", "nosniff");
  return response;
}

Response allow_ranges() {
  Response response = with_cors(no_content());
  response.headers.set("Access-Control-Allow-Methods", "GET, HEAD");
  response.headers.set("Access-Control-Allow-Headers", "Range, If-Range, If-None-Match");
  response.headers.set("Access-Control-Max-Age", "86400");
  return response;
}

}  // namespace

void add_export_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/export", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return export_archive(s, r); }); }});
  routes.push_back({"POST", "/api/v1/exports", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return start_export(s, r); }); }});
  routes.push_back({"GET", "/api/v1/exports", Permission::kRead, [&s](const Request&, const PathValues&) { return list_exports(s); }});
  routes.push_back({"DELETE", "/api/v1/exports/{id}", Permission::kWrite, [&s](const Request&, const PathValues& path) {
                      return respond([&]() -> Result<Response> {
                        WM_TRY(s.exports.remove(path.get("id")));
                        return no_content();
                      });
                    }});
  routes.push_back({"GET", "/exports/{path:rest}", Permission::kPublic, [&s](const Request& r, const PathValues& path) { return with_cors(s.export_files(r, path.get("path"))); }});
  routes.push_back({"OPTIONS", "/exports/{path:rest}", Permission::kPublic, [](const Request&, const PathValues&) { return allow_ranges(); }});
}

}  // namespace wm::api
