#include "server/api/json_body.h"
#include "server/api/services.h"
#include "server/links/rules.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

constexpr std::size_t kLinksTried = 20'000;
constexpr std::size_t kAtOnce = 1000;

json flag(const std::optional<bool>& value) { return value ? json(*value) : json(nullptr); }

json to_json(const links::Rule& rule) {
  return {{"id", rule.id},         {"name", rule.name},         {"enabled", rule.enabled},        {"site", rule.site},
          {"url", rule.url},       {"title", rule.title},       {"text", rule.text},              {"tags", rule.tags},
          {"engine", rule.engine}, {"schedule", rule.schedule}, {"unread", flag(rule.unread)},    {"archived", flag(rule.archived)},
          {"favourite", flag(rule.favourite)}, {"shared", flag(rule.shared)}};
}

/// The body's fields over those of `rule`.
Result<links::Rule> read_rule(JsonBody& body, links::Rule rule) {
  rule.name = WM_TRY(body.text("name")).value_or(rule.name);
  rule.enabled = WM_TRY(body.flag("enabled")).value_or(rule.enabled);
  rule.site = WM_TRY(body.text("site")).value_or(rule.site);
  rule.url = WM_TRY(body.text("url")).value_or(rule.url);
  rule.title = WM_TRY(body.text("title")).value_or(rule.title);
  rule.text = WM_TRY(body.text("text")).value_or(rule.text);
  rule.tags = WM_TRY(body.texts("tags")).value_or(rule.tags);
  rule.engine = WM_TRY(body.text("engine")).value_or(rule.engine);
  rule.schedule = WM_TRY(body.text("schedule")).value_or(rule.schedule);
  for (const auto& [name, state] : {std::pair("unread", &rule.unread), std::pair("archived", &rule.archived), std::pair("favourite", &rule.favourite), std::pair("shared", &rule.shared)}) {
    if (const auto given = WM_TRY(body.flag(name))) *state = *given;
    if (body.raw().contains(name) && body.raw()[name].is_null()) state->reset();
  }
  return rule;
}

Result<Response> list_rules(Services& s) {
  json list = json::array();
  const auto rules = WM_TRY(s.links.rules().list());
  for (const links::Rule& rule : rules) list.push_back(to_json(rule));
  return answer(200, {{"rules", std::move(list)}});
}

Result<Response> add_rule(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const links::Rule rule = WM_TRY(read_rule(body, {}));
  WM_TRY(body.finish());
  const links::Rule made = WM_TRY(s.links.rules().add(rule));
  Response response = answer(201, to_json(made));
  response.headers.set("Location", "/api/v1/rules/" + std::to_string(made.id));
  return response;
}

Result<Response> get_rule(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  return answer(200, to_json(WM_TRY(s.links.rules().get(id))));
}

Result<Response> patch_rule(Services& s, const Request& request, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  const links::Rule before = WM_TRY(s.links.rules().get(id));
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const links::Rule after = WM_TRY(read_rule(body, before));
  WM_TRY(body.finish());
  return answer(200, to_json(WM_TRY(s.links.rules().replace(after))));
}

Result<Response> delete_rule(Services& s, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  WM_TRY(s.links.rules().remove(id));
  return no_content();
}

/// Which of the links that are there a rule would fit, the newest first. Their texts are not read: a rule that asks for one is tried by its other conditions.
Result<Response> preview_rule(Services& s, const Request& request) {
  JsonBody body = WM_TRY(JsonBody::parse(request));
  const links::Rule rule = WM_TRY(read_rule(body, {}));
  WM_TRY(body.finish());
  links::Rule tried = WM_TRY(links::clean(rule));
  const bool text_left_out = !tried.text.empty() && !(tried.site.empty() && tried.url.empty() && tried.title.empty());
  if (text_left_out) tried.text.clear();
  tried.enabled = true;
  const links::RuleSet rules({tried});
  const Page page = WM_TRY(page_of(request, 20, 1000));
  links::Listing listing{.limit = kAtOnce};
  json found = json::array();
  std::uint64_t tested = 0, matched = 0;
  do {
    const links::LinkPage some = WM_TRY(s.links.page(listing));
    for (const links::Link& link : some.links) {
      ++tested;
      if (rules.matching(link, {}, links::RuleSet::Moment::kAdded).empty()) continue;
      if (++matched <= page.limit) found.push_back({{"id", link.id}, {"url", link.url}, {"title", link.title}, {"tags", link.tags}});
    }
    listing.cursor = some.next;
  } while (!listing.cursor.empty() && tested < kLinksTried);
  return answer(200, {{"matched", matched}, {"tested", tested}, {"all_tested", listing.cursor.empty()}, {"text_left_out", text_left_out}, {"links", std::move(found)}});
}

}  // namespace

void add_rule_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back({"GET", "/api/v1/rules", Permission::kRead, [&s](const Request&, const PathValues&) { return respond([&] { return list_rules(s); }); }});
  routes.push_back({"POST", "/api/v1/rules", Permission::kWrite, [&s](const Request& r, const PathValues&) { return respond([&] { return add_rule(s, r); }); }});
  routes.push_back({"POST", "/api/v1/rules/preview", Permission::kRead, [&s](const Request& r, const PathValues&) { return respond([&] { return preview_rule(s, r); }); }});
  routes.push_back({"GET", "/api/v1/rules/{id}", Permission::kRead, [&s](const Request&, const PathValues& p) { return respond([&] { return get_rule(s, p); }); }});
  routes.push_back({"PATCH", "/api/v1/rules/{id}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return respond([&] { return patch_rule(s, r, p); }); }});
  routes.push_back({"DELETE", "/api/v1/rules/{id}", Permission::kWrite, [&s](const Request&, const PathValues& p) { return respond([&] { return delete_rule(s, p); }); }});
}

}  // namespace wm::api
