#include "core/base/ascii.h"
#include "server/api/linkding_view.h"

namespace wm::api {

using nlohmann::json;
using namespace linkding;
using links::SavedSearch;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

template <class F>
Response answered(F&& work) {
  Result<Response> response = work();
  return response ? std::move(*response) : refused(response.error());
}

json tag_json(const links::Tag& tag) { return {{"id", tag_number(tag.name)}, {"name", tag.name}, {"date_added", w3c_date_micros(tag.created)}}; }

Result<Response> list_tags(const Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 100, 10'000));
  const auto tags = WM_TRY(s.tags.list());
  json results = json::array();
  for (std::size_t i = page.offset; i < tags.size() && results.size() < page.limit; ++i) results.push_back(tag_json(tags[i].tag));
  return answer(200, envelope(s, request, page, tags.size(), std::move(results)));
}

Result<links::TagInfo> wanted_tag(const Services& s, std::string_view number) {
  const auto tags = WM_TRY(s.tags.list());
  for (const links::TagInfo& info : tags) {
    if (std::to_string(tag_number(info.tag.name)) == number) return info;
  }
  return fail(Error::Code::kNotFound, "tag " + std::string(number));
}

/// One that is there is given back.
Result<Response> create_tag(Services& s, const Request& request) {
  const json body = json::parse(request.body, nullptr, false);
  const std::string name = body.is_object() && body.contains("name") && body["name"].is_string() ? tag_name(body["name"].get<std::string>()) : "";
  if (name.empty()) return field_error("name", "This field is required.");
  const links::TagInfo info = WM_TRY(s.tags.create(name));
  return answer(201, tag_json(info.tag));
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

std::vector<std::string> words_of(const std::string& written) {
  std::vector<std::string> words;
  for (const std::string_view word : split(written, ' ')) {
    if (!trim(word).empty()) words.emplace_back(trim(word));
  }
  return words;
}

json bundle_json(const SavedSearch& b) {
  return {{"id", b.id},
          {"name", b.name},
          {"search", b.query},
          {"any_tags", joined(b.any_tags)},
          {"all_tags", joined(b.all_tags)},
          {"excluded_tags", joined(b.excluded_tags)},
          {"filter_unread", std::string(links::name_of(b.unread))},
          {"filter_shared", std::string(links::name_of(b.shared))},
          {"order", b.order},
          {"date_created", w3c_date_micros(b.created)},
          {"date_modified", w3c_date_micros(b.modified)}};
}

/// What was sent over what is there; nullopt and a refusal for a field that cannot be so.
std::optional<Response> read_bundle(const Request& request, SavedSearch& bundle) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return answer(400, {{"detail", "JSON parse error"}});
  const auto text = [&](const char* name) { return body.contains(name) && body[name].is_string() ? std::optional(body[name].get<std::string>()) : std::nullopt; };
  if (const auto name = text("name")) bundle.name = *name;
  if (const auto query = text("search")) bundle.query = *query;
  if (const auto tags = text("any_tags")) bundle.any_tags = words_of(*tags);
  if (const auto tags = text("all_tags")) bundle.all_tags = words_of(*tags);
  if (const auto tags = text("excluded_tags")) bundle.excluded_tags = words_of(*tags);
  for (const auto& [name, filter] : {std::pair{"filter_unread", &bundle.unread}, std::pair{"filter_shared", &bundle.shared}}) {
    const auto word = text(name);
    if (!word) continue;
    const auto known = links::filter_of(*word);
    if (!known) return field_error(name, "Must be off, yes or no.");
    *filter = *known;
  }
  if (body.contains("order") && body["order"].is_number_unsigned()) bundle.order = body["order"].get<std::uint64_t>();
  if (trim(bundle.name).empty()) return field_error("name", "This field is required.");
  return std::nullopt;
}

Result<Response> list_bundles(const Services& s, const Request& request) {
  const Page page = WM_TRY(page_of(request, 100, 10'000));
  const auto bundles = WM_TRY(s.searches.list());
  json results = json::array();
  for (std::size_t i = page.offset; i < bundles.size() && results.size() < page.limit; ++i) results.push_back(bundle_json(bundles[i]));
  return answer(200, envelope(s, request, page, bundles.size(), std::move(results)));
}

Result<Response> create_bundle(Services& s, const Request& request) {
  SavedSearch bundle;
  if (auto refusal = read_bundle(request, bundle)) return std::move(*refusal);
  const SavedSearch made = WM_TRY(s.searches.add(bundle));
  return answer(201, bundle_json(made));
}

Result<Response> update_bundle(Services& s, const Request& request, const PathValues& path) {
  const std::uint64_t id = WM_TRY(id_of(path.get("id")));
  SavedSearch bundle = WM_TRY(s.searches.get(id));
  if (auto refusal = read_bundle(request, bundle)) return std::move(*refusal);
  const SavedSearch made = WM_TRY(s.searches.replace(bundle));
  return answer(200, bundle_json(made));
}

json profile() {
  return {{"theme", "auto"},
          {"bookmark_date_display", "relative"},
          {"bookmark_link_target", "_blank"},
          {"web_archive_integration", "disabled"},
          {"tag_search", "lax"},
          {"enable_sharing", false},
          {"enable_public_sharing", false},
          {"enable_favicons", true},
          {"display_url", false},
          {"permanent_notes", false},
          {"search_preferences", {{"sort", "added_desc"}, {"shared", "off"}, {"unread", "off"}}},
          {"version", WM_VERSION}};
}

}  // namespace

void add_linkding_tag_routes(std::vector<server::Route>& routes, Services& s) {
  add(routes, "GET", "/api/tags", Permission::kRead, [&s](const Request& r, const PathValues&) { return answered([&] { return list_tags(s, r); }); });
  add(routes, "POST", "/api/tags", Permission::kWrite, [&s](const Request& r, const PathValues&) { return answered([&] { return create_tag(s, r); }); });
  add(routes, "GET", "/api/tags/{id}", Permission::kRead, [&s](const Request&, const PathValues& p) {
    return answered([&]() -> Result<Response> {
      const links::TagInfo info = WM_TRY(wanted_tag(s, p.get("id")));
      return answer(200, tag_json(info.tag));
    });
  });
  add(routes, "GET", "/api/bundles", Permission::kRead, [&s](const Request& r, const PathValues&) { return answered([&] { return list_bundles(s, r); }); });
  add(routes, "POST", "/api/bundles", Permission::kWrite, [&s](const Request& r, const PathValues&) { return answered([&] { return create_bundle(s, r); }); });
  add(routes, "GET", "/api/bundles/{id}", Permission::kRead, [&s](const Request&, const PathValues& p) {
    return answered([&]() -> Result<Response> {
      const std::uint64_t id = WM_TRY(id_of(p.get("id")));
      const SavedSearch bundle = WM_TRY(s.searches.get(id));
      return answer(200, bundle_json(bundle));
    });
  });
  for (const char* method : {"PUT", "PATCH"}) {
    add(routes, method, "/api/bundles/{id}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return answered([&] { return update_bundle(s, r, p); }); });
  }
  add(routes, "DELETE", "/api/bundles/{id}", Permission::kWrite, [&s](const Request&, const PathValues& p) {
    return answered([&]() -> Result<Response> {
      const std::uint64_t id = WM_TRY(id_of(p.get("id")));
      WM_TRY(s.searches.remove(id));
      return no_content();
    });
  });
  add(routes, "GET", "/api/user/profile", Permission::kRead, [](const Request&, const PathValues&) { return answer(200, profile()); });
}

}  // namespace wm::api
