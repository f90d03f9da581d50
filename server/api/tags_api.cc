#include "server/api/json_body.h"
#include "server/api/services.h"
#include "server/http/status.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

// So many links follow a renamed tag while the client waits; more are a job.
constexpr std::uint64_t kAtOnce = 500;

json to_json(const links::TagInfo& info) {
  return {{"tag", info.tag.name},       {"links", info.links},           {"own", info.own},         {"colour", info.tag.colour}, {"engine", info.tag.engine},
          {"schedule", info.tag.schedule}, {"aliases", info.tag.aliases}, {"created", rfc3339(info.tag.created)}};
}

json to_json(const std::vector<links::TagInfo>& tags) {
  json list = json::array();
  for (const links::TagInfo& one : tags) list.push_back(to_json(one));
  return list;
}

Result<Response> list_tags(Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 100'000, 100'000));
  std::vector<links::TagInfo> tags;
  if (const auto prefix = request.parameter("prefix")) {
    tags = WM_TRY(s.tags.typed(*prefix, std::min<std::size_t>(page.limit, 1000)));
  } else {
    tags = WM_TRY(s.tags.list());
  }
  if (request.parameter("unused").value_or("") == "true") std::erase_if(tags, [](const links::TagInfo& one) { return one.links > 0; });
  const std::size_t total = tags.size();
  tags.erase(tags.begin(), tags.begin() + static_cast<std::ptrdiff_t>(std::min(page.offset, tags.size())));
  if (tags.size() > page.limit) tags.resize(page.limit);
  return answer(200, {{"tags", to_json(tags)}, {"total", total}});
}

Result<Response> get_tag(Services& s, const PathValues& path) {
  const auto tag = WM_TRY(s.tags.find(path.get("tag")));
  if (!tag) return fail(Error::Code::kNotFound, "there is no tag " + std::string(path.get("tag").substr(0, 200)));
  return answer(200, to_json(*tag));
}

/// The links follow: now if they are few, else in a job, which is given.
Result<json> follow(Services& s, const links::TagMove& move) {
  if (move.links <= kAtOnce) {
    std::string cursor;
    static_cast<void>(WM_TRY(s.tags.move_some(move.key, cursor, kAtOnce + 1)));
    if (cursor.empty()) return json(nullptr);
  }
  jobs::Job job;
  job.kind = "tags";
  job.parameters = json{{"key", move.key}}.dump(-1, ' ', false, json::error_handler_t::replace);
  const jobs::Job added = WM_TRY(s.jobs.add(std::move(job)));
  return json(added.id);
}

Response with_job(int status, json body, const json& job) {
  body["job_id"] = job;
  Response response = answer(job.is_null() ? status : 202, body);
  if (!job.is_null()) response.headers.set("Location", "/api/v1/jobs/" + job.dump());
  return response;
}

links::TagStore::OldName old_name(const std::optional<bool>& keep) { return keep.value_or(false) ? links::TagStore::OldName::kAlias : links::TagStore::OldName::kForget; }

Result<Response> add_tag(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const std::string name = WM_TRY(body.text("tag")).value_or("");
  links::TagPatch patch;
  patch.colour = WM_TRY(body.text("colour"));
  patch.engine = WM_TRY(body.text("engine"));
  patch.schedule = WM_TRY(body.text("schedule"));
  patch.aliases = WM_TRY(body.texts("aliases"));
  WM_TRY(body.finish());
  const bool known = WM_TRY(s.tags.find(name)).has_value();
  const links::TagInfo made = WM_TRY(s.tags.create(name));
  const links::TagInfo tag = WM_TRY(s.tags.update(made.tag.name, patch));
  return answer(known ? 200 : 201, to_json(tag));
}

Result<Response> patch_tag(Services& s, const Request& request, const PathValues& path) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const auto name = WM_TRY(body.text("tag"));
  const auto keep = WM_TRY(body.flag("keep_alias"));
  links::TagPatch patch;
  patch.colour = WM_TRY(body.text("colour"));
  patch.engine = WM_TRY(body.text("engine"));
  patch.schedule = WM_TRY(body.text("schedule"));
  patch.aliases = WM_TRY(body.texts("aliases"));
  WM_TRY(body.finish());
  links::TagInfo tag = WM_TRY(s.tags.update(path.get("tag"), patch));
  json job;
  if (name && *name != tag.tag.name) {
    const links::TagMove move = WM_TRY(s.tags.rename(tag.tag.name, *name, old_name(keep)));
    job = WM_TRY(follow(s, move));
    const auto renamed = WM_TRY(s.tags.find(*name));
    if (renamed) tag = *renamed;
  }
  return with_job(200, to_json(tag), job);
}

Result<Response> delete_tag(Services& s, const Request& request, const PathValues& path) {
  const bool children = request.parameter("children").value_or("") == "true";
  const links::TagMove move = WM_TRY(s.tags.remove(path.get("tag"), children ? links::TagStore::Children::kGo : links::TagStore::Children::kStay));
  const json job = WM_TRY(follow(s, move));
  if (job.is_null()) return no_content();
  return with_job(202, json::object(), job);
}

Result<Response> merge_tags(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const auto tags = WM_TRY(body.texts("tags")).value_or(std::vector<std::string>());
  const std::string into = WM_TRY(body.text("into")).value_or("");
  const auto keep = WM_TRY(body.flag("keep_alias"));
  WM_TRY(body.finish());
  if (tags.empty() || tags.size() > 1000) return fail(Error::Code::kInvalid, "\"tags\" must name 1 to 1000 tags");
  const links::TagInfo target = WM_TRY(s.tags.create(into));
  json last;
  for (const std::string& tag : tags) {
    const auto found = WM_TRY(s.tags.find(tag));
    if (!found) return fail(Error::Code::kNotFound, "there is no tag " + tag.substr(0, 200));
    if (found->tag.name == target.tag.name) continue;
    const links::TagMove move = WM_TRY(s.tags.rename(found->tag.name, target.tag.name, old_name(keep)));
    const json job = WM_TRY(follow(s, move));
    if (!job.is_null()) last = job;
  }
  const auto merged = WM_TRY(s.tags.find(target.tag.name));
  return with_job(200, to_json(merged.value_or(target)), last);
}

Result<Response> similar_tags(Services& s) {
  json groups = json::array();
  const auto found = WM_TRY(s.tags.similar());
  for (const auto& group : found) groups.push_back(to_json(group));
  return answer(200, {{"groups", std::move(groups)}});
}

}  // namespace

void add_tag_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/tags", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return list_tags(s, r); }); }});
  routes.push_back({"POST", "/api/v1/tags", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return add_tag(s, r); }); }});
  routes.push_back({"POST", "/api/v1/tags/merge", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return merge_tags(s, r); }); }});
  routes.push_back({"GET", "/api/v1/similar-tags", Permission::kRead, [&s](const Request&, const PathValues&) { return respond([&] { return similar_tags(s); }); }});
  routes.push_back({"GET", "/api/v1/tags/{tag}", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return get_tag(s, p); }); }});
  routes.push_back({"PATCH", "/api/v1/tags/{tag}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return patch_tag(s, r, p); }); }});
  routes.push_back({"DELETE", "/api/v1/tags/{tag}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return delete_tag(s, r, p); }); }});
}

}  // namespace wm::api
