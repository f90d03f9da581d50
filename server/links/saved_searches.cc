#include "server/links/saved_searches.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "server/links/stored_json.h"
#include "server/links/tag.h"

namespace wm::links {

using nlohmann::json;

namespace {

constexpr int kSearchVersion = 1;
constexpr std::size_t kSearches = 1000;
constexpr std::size_t kNameBytes = 400;
constexpr std::size_t kQueryBytes = 4096;
constexpr std::array<std::string_view, 3> kFilters = {"off", "yes", "no"};

SavedSearch::Filter filter_in(const json& object, const char* name) {
  std::string word;
  take(object, name, word);
  return filter_of(word).value_or(SavedSearch::Filter::kOff);
}

Result<SavedSearch> clean(const SavedSearch& search) {
  SavedSearch clean = search;
  clean.name = valid_utf8(trim(search.name));
  clean.query = valid_utf8(trim(search.query));
  if (clean.name.empty()) return fail(Error::Code::kInvalid, "a saved search needs a name");
  if (clean.name.size() > kNameBytes) return fail(Error::Code::kInvalid, "the name of a saved search is longer than 400 bytes");
  if (clean.query.size() > kQueryBytes) return fail(Error::Code::kInvalid, "a query is longer than 4096 bytes");
  for (auto* tags : {&clean.any_tags, &clean.all_tags, &clean.excluded_tags}) {
    if (tags->size() > 100) return fail(Error::Code::kInvalid, "a saved search has at most 100 tags of a kind");
    for (std::string& tag : *tags) tag = WM_TRY(clean_tag(tag));
  }
  return clean;
}

std::string quoted_tag(const std::string& tag) {
  std::string out = "#\"";
  for (const char c : tag) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void add_part(std::string& query, std::string_view part) {
  if (part.empty()) return;
  if (!query.empty()) query += ' ';
  query += part;
}

}  // namespace

std::string SavedSearch::whole_query() const {
  std::string whole;
  const bool more = !any_tags.empty() || !all_tags.empty() || !excluded_tags.empty() || unread != Filter::kOff || shared != Filter::kOff;
  add_part(whole, more && !query.empty() ? "(" + query + ")" : query);
  std::string any;
  for (const std::string& tag : any_tags) any += (any.empty() ? "" : " or ") + quoted_tag(tag);
  if (!any.empty()) add_part(whole, "(" + any + ")");
  for (const std::string& tag : all_tags) add_part(whole, quoted_tag(tag));
  for (const std::string& tag : excluded_tags) add_part(whole, "not " + quoted_tag(tag));
  if (unread != Filter::kOff) add_part(whole, unread == Filter::kYes ? "is:unread" : "not is:unread");
  if (shared != Filter::kOff) add_part(whole, shared == Filter::kYes ? "is:shared" : "not is:shared");
  return whole;
}

std::string_view name_of(SavedSearch::Filter filter) noexcept { return kFilters[static_cast<std::size_t>(filter)]; }

std::optional<SavedSearch::Filter> filter_of(std::string_view name) noexcept {
  const auto* found = std::find(kFilters.begin(), kFilters.end(), name);
  if (found == kFilters.end()) return std::nullopt;
  return static_cast<SavedSearch::Filter>(found - kFilters.begin());
}

std::string encode(const SavedSearch& s) {
  return stored_text(json{{"v", kSearchVersion},
                          {"id", s.id},
                          {"name", s.name},
                          {"query", s.query},
                          {"any_tags", s.any_tags},
                          {"all_tags", s.all_tags},
                          {"excluded_tags", s.excluded_tags},
                          {"unread", std::string(name_of(s.unread))},
                          {"shared", std::string(name_of(s.shared))},
                          {"order", s.order},
                          {"created", micros_of(s.created)},
                          {"modified", micros_of(s.modified)}});
}

Result<SavedSearch> decode_search(std::string_view stored) {
  return read_stored("search", stored, kSearchVersion, [](const json& j) {
    SavedSearch s;
    j.at("id").get_to(s.id);
    j.at("name").get_to(s.name);
    take(j, "query", s.query);
    take(j, "any_tags", s.any_tags);
    take(j, "all_tags", s.all_tags);
    take(j, "excluded_tags", s.excluded_tags);
    s.unread = filter_in(j, "unread");
    s.shared = filter_in(j, "shared");
    take(j, "order", s.order);
    take(j, "created", s.created);
    take(j, "modified", s.modified);
    return s;
  });
}

SavedSearches::SavedSearches(store::Store& store) : stored_(store, 'q', "search", kSearches) {}

Result<std::vector<SavedSearch>> SavedSearches::list() const {
  auto found = WM_TRY(stored_.all<SavedSearch>(decode_search));
  const auto place = [](const SavedSearch& one) { return one.order == 0 ? UINT64_MAX : one.order; };
  std::stable_sort(found.begin(), found.end(), [&](const SavedSearch& a, const SavedSearch& b) { return place(a) < place(b); });
  return found;
}

Result<SavedSearch> SavedSearches::get(std::uint64_t id) const {
  const auto found = WM_TRY(stored_.get(id));
  if (!found) return fail(Error::Code::kNotFound, "there is no saved search " + std::to_string(id));
  return decode_search(*found);
}

Result<SavedSearch> SavedSearches::add(const SavedSearch& search) {
  SavedSearch made = WM_TRY(clean(search));
  MutexLock lock(mutex_);
  const std::size_t there = WM_TRY(list()).size();
  made.id = WM_TRY(stored_.next(there));
  made.created = made.modified = now_micros();
  WM_TRY(stored_.put(made.id, encode(made)));
  return made;
}

Result<SavedSearch> SavedSearches::replace(const SavedSearch& search) {
  SavedSearch made = WM_TRY(clean(search));
  MutexLock lock(mutex_);
  made.created = WM_TRY(get(made.id)).created;
  made.modified = now_micros();
  WM_TRY(stored_.put(made.id, encode(made)));
  return made;
}

Result<> SavedSearches::remove(std::uint64_t id) {
  MutexLock lock(mutex_);
  WM_TRY(get(id));
  return stored_.erase(id);
}

}  // namespace wm::links
