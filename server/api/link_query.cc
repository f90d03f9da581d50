#include "server/api/link_query.h"

#include "core/base/ascii.h"
#include "server/api/link_view.h"

namespace wm::api {

using nlohmann::json;
using server::Request;

namespace {

constexpr std::uint64_t kCounted = 2000;  // of lists with several conditions
constexpr char kOffsetCursor = 'o';       // a search's cursor is an offset

Result<links::Sort> sort_of(std::string_view word) {
  if (word == "added") return links::Sort::kAdded;
  if (word == "modified") return links::Sort::kModified;
  if (word == "title") return links::Sort::kTitle;
  return fail(Error::Code::kInvalid, "sort must be added, modified or title");
}

Result<links::Direction> direction_of(const Request& request, links::Sort sort) {
  const std::string word = request.parameter("order").value_or(sort == links::Sort::kTitle ? "asc" : "desc");
  if (word == "asc") return links::Direction::kAscending;
  if (word == "desc") return links::Direction::kDescending;
  return fail(Error::Code::kInvalid, "order must be asc or desc");
}

Result<> read_states(const Request& request, links::Listing& listing) {
  for (const std::string& value : request.parameters("state")) {
    for (const std::string_view word : split(value, ',')) {
      if (trim(word).empty()) continue;
      const auto state = links::state_of(trim(word));
      if (!state) return fail(Error::Code::kInvalid, "state must be unread, read, archived, active, fav, shared, broken, tagged, untagged or trashed");
      listing.states.push_back(*state);
    }
  }
  return {};
}

Result<json> searched(const Services& s, const LinkQuery& query) {
  search::SearchRequest wanted{.query = search_query(query), .limit = query.listing.limit, .offset = query.listing.offset, .tags = query.listing.tags, .links_only = true};
  if (!query.listing.cursor.empty()) {
    const auto offset = query.listing.cursor.front() == kOffsetCursor ? parse_u64(std::string_view(query.listing.cursor).substr(1)) : std::nullopt;
    if (!offset) return fail(Error::Code::kInvalid, "not a cursor of a search: " + query.listing.cursor.substr(0, 40));
    wanted.offset = static_cast<std::size_t>(*offset);
  }
  const search::Answer found = WM_TRY(s.search.search(wanted));
  json list = json::array();
  for (const search::Hit& hit : found.results) {
    const auto link = WM_TRY(s.links.get(hit.link_id));
    if (!link) continue;
    json item = WM_TRY(link_json(s, *link));
    item["snippets"] = hit.snippets;
    list.push_back(std::move(item));
  }
  const bool more = found.results.size() == wanted.limit;
  return json{{"links", std::move(list)},
              {"total", found.total},
              {"total_is_estimate", found.total_is_estimate},
              {"next_cursor", more ? json(kOffsetCursor + std::to_string(wanted.offset + wanted.limit)) : json(nullptr)},
              {"note", found.note}};
}

}  // namespace

Result<LinkQuery> link_query(const Request& request) {
  LinkQuery query;
  query.words = std::string(trim(request.parameter("q").value_or("")));
  links::Listing& listing = query.listing;
  const Page page = WM_TRY(page_of(request, 50, 1000));
  listing.limit = page.limit;
  listing.offset = page.offset;
  listing.cursor = request.parameter("cursor").value_or("");
  for (std::string& tag : request.parameters("tag")) {
    if (!trim(tag).empty()) listing.tags.push_back(std::move(tag));
  }
  WM_TRY(read_states(request, listing));
  const std::string sort = request.parameter("sort").value_or("added");
  listing.sort = WM_TRY(sort_of(sort));
  listing.direction = WM_TRY(direction_of(request, listing.sort));
  return query;
}

std::string search_query(const LinkQuery& query) {
  if (query.listing.states.empty()) return query.words;
  std::string all = query.words.empty() ? "" : "(" + query.words + ")";
  for (const links::State state : query.listing.states) {
    all += state == links::State::kActive ? " not is:archived" : " is:" + std::string(links::name_of(state));
  }
  return all;
}

Result<json> found_links(const Services& s, const LinkQuery& query) {
  if (!query.words.empty()) return searched(s, query);
  const links::LinkPage page = WM_TRY(s.links.page(query.listing));
  const links::LinkCount count = WM_TRY(s.links.count(query.listing, kCounted));
  json list = json::array();
  for (const links::Link& link : page.links) list.push_back(WM_TRY(link_json(s, link)));
  return json{{"links", std::move(list)},
              {"total", count.links},
              {"total_is_estimate", !count.exact},
              {"next_cursor", page.next.empty() ? json(nullptr) : json(page.next)},
              {"note", ""}};
}

Result<links::LinkPatch> read_patch(JsonBody& body) {
  links::LinkPatch patch;
  patch.add_tags = WM_TRY(body.texts("add_tags")).value_or(std::vector<std::string>());
  patch.remove_tags = WM_TRY(body.texts("remove_tags")).value_or(std::vector<std::string>());
  patch.engine = WM_TRY(body.text("engine"));
  patch.schedule = WM_TRY(body.text("schedule"));
  patch.unread = WM_TRY(body.flag("unread"));
  patch.archived = WM_TRY(body.flag("archived"));
  patch.favourite = WM_TRY(body.flag("favourite"));
  patch.shared = WM_TRY(body.flag("shared"));
  patch.deleted = WM_TRY(body.flag("deleted"));
  return patch;
}

}  // namespace wm::api
