#include <algorithm>
#include <tuple>

#include "core/base/ascii.h"
#include "core/url/url.h"
#include "server/api/link_view.h"
#include "server/api/linkding_view.h"
#include "server/bookmarks/dates.h"
#include "server/links/rules.h"

namespace wm::api {

using nlohmann::json;
using namespace linkding;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

constexpr std::size_t kFiltered = 10'000;  // of a list by date

/// What a client sent; unknown fields are left alone, as linkding does. nullopt when it is no object.
std::optional<json> body_of(const Request& request) {
  json body = request.body.empty() ? json::object() : json::parse(request.body, nullptr, false);
  return body.is_object() ? std::optional(std::move(body)) : std::nullopt;
}

std::optional<std::string> text(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}
std::optional<bool> flag(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_boolean() ? std::optional(found->get<bool>()) : std::nullopt;
}
std::optional<std::vector<std::string>> tags(const json& body) {
  const auto found = body.find("tag_names");
  if (found == body.end() || !found->is_array()) return std::nullopt;
  std::vector<std::string> names;
  for (const json& tag : *found) {
    if (tag.is_string() && !tag_name(tag.get<std::string>()).empty()) names.push_back(tag_name(tag.get<std::string>()));
  }
  return names;
}
std::optional<SysMicros> date(const json& body, const char* name) {
  const auto written = text(body, name);
  return written ? bookmarks::parse_date(*written) : std::nullopt;
}

/// What of a list is wanted besides the kind of it.
struct Filter {
  std::string words;
  std::optional<SysMicros> added_since, modified_since;
  links::Listing listing;
};

Result<> apply_bundle(const Services& s, const Request& request, Filter& filter) {
  const auto id = parse_u64(request.parameter("bundle").value_or(""));
  if (!id) return {};
  const links::SavedSearch bundle = WM_TRY(s.searches.get(*id));
  const std::string whole = bundle.whole_query();
  if (!whole.empty()) filter.words = filter.words.empty() ? whole : "(" + filter.words + ") (" + whole + ")";
  return {};
}

Result<Filter> filter_of(const Services& s, const Request& request, links::State kind) {
  Filter filter;
  filter.words = trim(request.parameter("q").value_or(""));
  const Page page = WM_TRY(page_of(request, 100, 10'000));
  filter.listing.limit = page.limit;
  filter.listing.offset = page.offset;
  filter.listing.states.push_back(kind);
  const auto state = [&](const char* name, links::State yes, std::optional<links::State> no) {
    const std::string word = request.parameter(name).value_or("off");
    if (word == "yes") filter.listing.states.push_back(yes);
    if (word == "no" && no) filter.listing.states.push_back(*no);
  };
  state("unread", links::State::kUnread, links::State::kRead);
  state("shared", links::State::kShared, std::nullopt);
  const std::string sort = request.parameter("sort").value_or("added_desc");
  if (sort.starts_with("title")) filter.listing.sort = links::Sort::kTitle;
  if (sort.starts_with("modified")) filter.listing.sort = links::Sort::kModified;
  filter.listing.direction = sort.ends_with("_asc") ? links::Direction::kAscending : links::Direction::kDescending;
  // A date that cannot be read is left out of account.
  filter.added_since = bookmarks::parse_date(request.parameter("added_since").value_or(""));
  filter.modified_since = bookmarks::parse_date(request.parameter("modified_since").value_or(""));
  WM_TRY(apply_bundle(s, request, filter));
  return filter;
}

bool is_wanted(const links::Link& link, const Filter& filter) {
  const auto& states = filter.listing.states;
  return std::all_of(states.begin(), states.end(), [&](links::State state) { return links::is_in(link, state); }) &&
         (!filter.added_since || link.created > *filter.added_since) && (!filter.modified_since || link.modified > *filter.modified_since);
}

struct Found {
  std::vector<links::Link> links;
  std::uint64_t count = 0;
};

Found page_within(std::vector<links::Link> all, const links::Listing& listing) {
  Found found{.links = {}, .count = all.size()};
  for (std::size_t i = listing.offset; i < all.size() && found.links.size() < listing.limit; ++i) found.links.push_back(std::move(all[i]));
  return found;
}

/// Links changed or added since a time come first in that order.
Result<Found> listed_since(const Services& s, const Filter& filter) {
  links::Listing newest{.states = filter.listing.states, .sort = filter.added_since ? links::Sort::kAdded : links::Sort::kModified, .limit = 1000};
  std::vector<links::Link> all;
  for (bool more = true; more && all.size() < kFiltered;) {
    const links::LinkPage page = WM_TRY(s.links.page(newest));
    for (const links::Link& link : page.links) {
      const SysMicros time = filter.added_since ? link.created : link.modified;
      if (time <= (filter.added_since ? *filter.added_since : *filter.modified_since)) {
        more = false;
        break;
      }
      if (is_wanted(link, filter)) all.push_back(link);
    }
    newest.cursor = page.next;
    more = more && !page.next.empty();
  }
  return page_within(std::move(all), filter.listing);
}

Result<Found> searched(const Services& s, const Filter& filter) {
  // Ids alone: no snippets are made of what is only sorted and counted.
  const std::vector<std::uint64_t> ids = WM_TRY(s.search.link_ids({.query = filter.words, .tags = {}, .links_only = true}));
  std::vector<links::Link> all;
  for (const std::uint64_t id : ids) {
    auto link = WM_TRY(s.links.get(id));
    if (link && !link->deleted && is_wanted(*link, filter)) all.push_back(std::move(*link));
  }
  const bool ascending = filter.listing.direction == links::Direction::kAscending;
  std::stable_sort(all.begin(), all.end(), [&](const links::Link& a, const links::Link& b) {
    const auto& [x, y] = ascending ? std::tie(a, b) : std::tie(b, a);
    if (filter.listing.sort == links::Sort::kTitle) return to_lower(x.title) < to_lower(y.title);
    return filter.listing.sort == links::Sort::kModified ? x.modified < y.modified : x.created < y.created;
  });
  return page_within(std::move(all), filter.listing);
}

Result<Found> find(const Services& s, const Filter& filter) {
  if (!filter.words.empty()) return searched(s, filter);
  if (filter.added_since || filter.modified_since) return listed_since(s, filter);
  links::LinkPage page = WM_TRY(s.links.page(filter.listing));
  const links::LinkCount count = WM_TRY(s.links.count(filter.listing, 1'000'000));
  return Found{.links = std::move(page.links), .count = count.links};
}

Result<Response> list(const Services& s, const Request& request, links::State kind) {
  const Filter filter = WM_TRY(filter_of(s, request, kind));
  const Found found = WM_TRY(find(s, filter));
  json results = json::array();
  for (const links::Link& link : found.links) results.push_back(bookmark(s, request, link));
  return answer(200, envelope(s, request, {.limit = filter.listing.limit, .offset = filter.listing.offset}, found.count, std::move(results)));
}

/// Always 201: an address that is saved is changed to what was sent.
Result<Response> create(Services& s, const Request& request) {
  const auto body = body_of(request);
  if (!body) return answer(400, {{"detail", "JSON parse error"}});
  const auto url = text(*body, "url");
  if (!url || trim(*url).empty()) return field_error("url", "This field is required.");
  const auto parsed = url::Url::parse(trim(*url));
  if (!parsed || !parsed->is_http()) return field_error("url", "Enter a valid URL.");
  links::NewLink fields;
  fields.url = *url;
  fields.title = text(*body, "title").value_or("");
  fields.description = text(*body, "description").value_or("");
  fields.notes = text(*body, "notes").value_or("");
  fields.tags = tags(*body).value_or(std::vector<std::string>());
  fields.archived = flag(*body, "is_archived");
  fields.unread = flag(*body, "unread");
  fields.shared = flag(*body, "shared");
  fields.created = date(*body, "date_added");
  fields.modified = date(*body, "date_modified");
  links::Added added = WM_TRY(s.links.add(fields));
  if (!added.is_new) {
    links::LinkPatch patch;
    patch.title = text(*body, "title");
    patch.description = text(*body, "description");
    patch.notes = text(*body, "notes");
    patch.tags = tags(*body);
    added.link = WM_TRY(s.links.update(added.link.id, patch));
  }
  const bool capture = added.is_new && !request.parameter("disable_html_snapshot");
  if (capture) static_cast<void>(WM_TRY(queue_capture(s, added.link)));
  return answer(201, bookmark(s, request, added.link));
}

Result<Response> update(Services& s, const Request& request, const PathValues& path) {
  const links::Link before = WM_TRY(wanted_link(s, path.get("id")));
  const auto body = body_of(request);
  if (!body) return answer(400, {{"detail", "JSON parse error"}});
  links::LinkPatch patch;
  patch.url = text(*body, "url");
  if (patch.url) {
    const auto parsed = url::Url::parse(trim(*patch.url));
    if (!parsed || !parsed->is_http()) return field_error("url", "Enter a valid URL.");
    const auto other = WM_TRY(s.links.find(*patch.url));
    if (other && other->id != before.id) return field_error("url", "A bookmark with this URL already exists.");
  }
  patch.title = text(*body, "title");
  patch.description = text(*body, "description");
  patch.notes = text(*body, "notes");
  patch.tags = tags(*body);
  patch.archived = flag(*body, "is_archived");
  patch.unread = flag(*body, "unread");
  patch.shared = flag(*body, "shared");
  patch.created = date(*body, "date_added");
  patch.modified = date(*body, "date_modified");
  const links::Link after = WM_TRY(s.links.update(before.id, patch));
  return answer(200, bookmark(s, request, after));
}

Result<Response> set_archived(Services& s, const PathValues& path, bool archived) {
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  links::LinkPatch patch;
  patch.archived = archived;
  static_cast<void>(WM_TRY(s.links.update(link.id, patch)));
  return no_content();
}

/// To the trash, where a mistake can be undone.
Result<Response> remove(Services& s, const PathValues& path) {
  const links::Link link = WM_TRY(wanted_link(s, path.get("id")));
  if (link.deleted) return fail(Error::Code::kNotFound, "bookmark " + std::to_string(link.id));
  links::LinkPatch patch;
  patch.deleted = true;
  static_cast<void>(WM_TRY(s.links.update(link.id, patch)));
  return no_content();
}

Result<Response> check(const Services& s, const Request& request) {
  const auto url = request.parameter("url");
  if (!url || url->empty()) return field_error("url", "This field is required.");
  const auto link = WM_TRY(s.links.find(*url));
  const bool saved = link && !link->deleted;
  links::Link given;
  given.url = *url;
  const auto rules = WM_TRY(s.links.rules().compiled());
  links::apply(rules->matching(given, "", links::RuleSet::Moment::kAdded), given);
  const auto known = [&](const std::string& field) { return saved && !field.empty() ? json(field) : json(nullptr); };
  json metadata = {{"url", *url}, {"title", saved ? known(link->title) : json(nullptr)}, {"description", saved ? known(link->description) : json(nullptr)}, {"preview_image", nullptr}};
  return answer(200, {{"bookmark", saved ? bookmark(s, request, *link) : json(nullptr)}, {"metadata", std::move(metadata)}, {"auto_tags", given.tags}});
}

template <class F>
Response answered(F&& work) {
  Result<Response> response = work();
  return response ? std::move(*response) : refused(response.error());
}

}  // namespace

void add_linkding_bookmark_routes(std::vector<server::Route>& routes, Services& s) {
  const std::string all = "/api/bookmarks";
  const auto lists = [&](const std::string& path, links::State kind) {
    add(routes, "GET", path, Permission::kRead, [&s, kind](const Request& r, const PathValues&) { return answered([&] { return list(s, r, kind); }); });
  };
  lists(all, links::State::kActive);
  lists(all + "/archived", links::State::kArchived);
  lists(all + "/shared", links::State::kShared);
  add(routes, "POST", all, Permission::kWrite, [&s](const Request& r, const PathValues&) { return answered([&] { return create(s, r); }); });
  add(routes, "GET", all + "/check", Permission::kRead, [&s](const Request& r, const PathValues&) { return answered([&] { return check(s, r); }); });
  add(routes, "GET", all + "/{id}", Permission::kRead, [&s](const Request& r, const PathValues& p) {
    return answered([&]() -> Result<Response> {
      const links::Link link = WM_TRY(wanted_link(s, p.get("id")));
      return answer(200, bookmark(s, r, link));
    });
  });
  for (const char* method : {"PUT", "PATCH"}) {
    add(routes, method, all + "/{id}", Permission::kWrite, [&s](const Request& r, const PathValues& p) { return answered([&] { return update(s, r, p); }); });
  }
  add(routes, "DELETE", all + "/{id}", Permission::kWrite, [&s](const Request&, const PathValues& p) { return answered([&] { return remove(s, p); }); });
  add(routes, "POST", all + "/{id}/archive", Permission::kWrite, [&s](const Request&, const PathValues& p) { return answered([&] { return set_archived(s, p, true); }); });
  add(routes, "POST", all + "/{id}/unarchive", Permission::kWrite, [&s](const Request&, const PathValues& p) { return answered([&] { return set_archived(s, p, false); }); });
}

}  // namespace wm::api
