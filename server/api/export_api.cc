#include "core/base/ascii.h"
#include "server/api/json_body.h"
#include "server/api/services.h"

namespace wm::api {

using archive::Format;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

constexpr std::size_t kNameBytes = 100;

/// Exactly one of the three.
Result<archive::Selection> selection_of(const Request& request) {
  const auto query = request.parameter("query"), link = request.parameter("link"), collection = request.parameter("collection");
  if (query.has_value() + link.has_value() + collection.has_value() != 1) return fail(Error::Code::kInvalid, "one of query, link and collection says what to export");
  if (link) return archive::OfLink{.id = WM_TRY(id_of(*link))};
  if (collection) return archive::OfCollection{.name = *collection};
  return archive::OfQuery{.query = *query};
}

/// What a file may be called anywhere, with the suffix of its format.
std::string file_name(const Request& request, Format format) {
  std::string name = request.parameter("name").value_or("waymark");
  const std::string_view suffix = archive::suffix_of(format);
  if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  for (char& c : name) {
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') c = '_';
  }
  name.resize(std::min(name.size(), kNameBytes));
  if (name.empty() || name.front() == '.') name.insert(0, "waymark");
  return name.append(suffix);
}

Result<Response> export_archive(const Services& s, const Request& request) {
  archive::ExportRequest wanted{.selection = WM_TRY(selection_of(request))};
  wanted.format = WM_TRY(archive::format_of(request.parameter("format").value_or("warc")));
  wanted.file_name = file_name(request, wanted.format);
  wanted.title = request.parameter("title").value_or("");
  const std::string sign = request.parameter("sign").value_or("false");
  if (sign != "true" && sign != "false") return fail(Error::Code::kInvalid, "sign must be true or false");
  if (sign == "true") wanted.sign = archive::ExportRequest::Sign::kYes;
  Response response;
  response.stream = WM_TRY(s.exporter.open(wanted));
  response.headers.add("Content-Type", archive::media_type_of(wanted.format));
  response.headers.add("Content-Disposition", "attachment; filename=\"" + wanted.file_name + "\"");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_export_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/export", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return export_archive(s, r); }); }});
}

}  // namespace wm::api
