#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "indexer/search/compile_internal.h"
#include "indexer/search/sources.h"

namespace wm::search {
namespace {

using Query = Xapian::Query;

// Xapian throws for terms beyond 245 bytes; none of ours is longer than this.
constexpr std::size_t kValueBytes = 200;

Query boolean(std::string_view prefix, std::string_view value) {
  return Query(std::string(prefix) + std::string(value.substr(0, kValueBytes)));
}

std::optional<Query> no_sense(const Node& node, CompiledQuery& result, std::string_view hint) {
  add_note(result.note,
           "“" + node.field + ":" + node.text + "” was left out: " + std::string(hint));
  return std::nullopt;
}

/// Values are alternatives when commas part them: type:pdf,image.
template <class Each>
std::optional<Query> any_of(std::string_view values, Each each) {
  std::vector<Query> queries;
  for (const auto value : split(values, ',')) {
    if (!value.empty() && queries.size() < 32) queries.push_back(each(value));
  }
  if (queries.empty()) return std::nullopt;
  return Query(Query::OP_OR, queries.begin(), queries.end());
}

std::optional<Query> tag_query(const Node& node) {
  const std::string key = tag_key(node.text);
  if (key.empty()) return std::nullopt;
  const std::string term = std::string(prefix::kTag) +
                           (node.starred ? key.substr(0, kValueBytes) : tag_terms(key).back());
  if (node.starred)
    return Query(Query::OP_WILDCARD, term, 1000, Query::WILDCARD_LIMIT_FIRST, Query::OP_OR);
  return Query(term);
}

std::optional<Query> type_query(const Node& node) {
  return any_of(to_lower(node.text), [](std::string_view value) {
    if (value == "page" || value == "web") value = "html";
    if (value == "picture" || value == "photo") value = "image";
    return boolean(prefix::kType, value);
  });
}

std::optional<Query> language_query(const Node& node) {
  return any_of(to_lower(node.text), [](std::string_view value) {
    return boolean(prefix::kLanguage, value.substr(0, value.find_first_of("-_")));
  });
}

std::optional<Query> site_query(const Node& node, const CompileContext& context,
                                CompiledQuery& result) {
  std::string value = node.text;
  if (value.find("://") == value.npos) value = "http://" + value;
  const auto hosts = host_terms(value);
  if (hosts.empty()) return no_sense(node, result, "a host is expected");
  Query query = boolean(prefix::kHost, hosts.front());
  const auto path = value.find('/', value.find("://") + 3);
  if (path == value.npos || path + 1 == value.size()) return query;
  Node words{.kind = Node::Kind::kPhrase, .text = url_words(value), .field = {}, .children = {}};
  if (const auto in_path = WordQueries(context, result).under(prefix::kUrl, words))
    query = Query(Query::OP_AND, query, *in_path);
  return query;
}

std::optional<Query> is_query(const Node& node, CompiledQuery& result) {
  static constexpr std::array<std::string_view, 12> kStates = {
      "unread", "read",   "archived", "fav",    "shared", "broken",
      "dup",    "failed", "trashed",  "pinned", "public", "captured"};
  std::string value = to_lower(node.text);
  if (value == "trashed" || value == "deleted") {
    result.trash = true;
    value = "trashed";
  }
  if (value == "untagged")
    return Query(Query::OP_AND_NOT, Query::MatchAll, boolean(prefix::kHas, "tag"));
  if (value == "tagged") return boolean(prefix::kHas, "tag");
  if (value == "captured") return boolean(prefix::kHas, "snapshot");
  if (value == "favourite" || value == "favorite" || value == "favourited") value = "fav";
  if (value == "read")
    return Query(Query::OP_AND_NOT, Query::MatchAll, boolean(prefix::kState, "unread"));
  if (std::find(kStates.begin(), kStates.end(), value) == kStates.end()) {
    return no_sense(node, result,
                    "unread, archived, fav, shared, broken, untagged or trashed is expected");
  }
  return boolean(prefix::kState, value);
}

std::optional<Query> has_query(const Node& node) {
  std::string value = to_lower(node.text);
  if (value == "notes") value = "note";
  if (value == "tags") value = "tag";
  if (value == "warc" || value == "capture" || value == "snapshots") value = "snapshot";
  return Query(Query::OP_OR, boolean(prefix::kHas, value), boolean(prefix::kState, value));
}

std::optional<Query> date_query(const Node& node, CompiledQuery& result) {
  const auto range = parse_date(node.text);
  if (!range) return no_sense(node, result, "a date like 2024, 2024-05 or 2024-05-31 is expected");
  if (node.field == "after") {
    result.from = range->first;
    return Query(Query::OP_VALUE_GE, slot::kNewest, time_value(range->first));
  }
  result.before = range->first;
  // Strictly before: the last value that is smaller.
  std::string last = time_value(Time14(range->first.time() - std::chrono::seconds(1)));
  return Query(Query::OP_VALUE_RANGE, slot::kOldest, std::string(1, '\0'), last);
}

struct Comparison {
  char sign;  // < > = g (>=) l (<=)
  std::uint64_t number;
  std::string_view unit;
};

std::optional<Comparison> comparison(std::string_view text) {
  char sign = '=';
  if (text.starts_with(">=")) sign = 'g';
  if (text.starts_with("<=")) sign = 'l';
  if (sign != '=') {
    text.remove_prefix(2);
  } else if (!text.empty() && (text[0] == '<' || text[0] == '>' || text[0] == '=')) {
    sign = text[0];
    text.remove_prefix(1);
  }
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit) - text.begin();
  const auto number = parse_u64(text.substr(0, static_cast<std::size_t>(end)));
  if (!number || *number > 1000000) return std::nullopt;
  return Comparison{sign, *number, text.substr(static_cast<std::size_t>(end))};
}

std::optional<Query> age_query(const Node& node, const CompileContext& context,
                               CompiledQuery& result) {
  const auto age = comparison(node.text);
  const std::string_view units = "hdwmy";
  static constexpr std::array<int, 5> kHours = {1, 24, 24 * 7, 24 * 30, 24 * 365};
  const auto unit = age && age->unit.size() == 1 ? units.find(to_lower(age->unit[0])) : units.npos;
  if (unit == units.npos)
    return no_sense(node, result, "an age like <7d, >1y (h, d, w, m, y) is expected");
  const auto hours = std::min<std::uint64_t>(age->number * static_cast<std::uint64_t>(kHours[unit]),
                                             24ull * 365 * 1900);
  const Time14 then(context.now.time() - std::chrono::hours(hours));
  if (age->sign == '>' || age->sign == 'g')
    return Query(Query::OP_VALUE_RANGE, slot::kAdded, std::string(1, '\0'), time_value(then));
  return Query(Query::OP_VALUE_GE, slot::kAdded, time_value(then));
}

std::optional<Query> versions_query(const Node& node, CompiledQuery& result) {
  const auto count = comparison(node.text);
  if (!count || !count->unit.empty()) return no_sense(node, result, "a number like >1 is expected");
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
  if (count->sign == '>') least = count->number + 1;
  if (count->sign == 'g' || count->sign == '=') least = count->number;
  if (count->sign == 'l' || count->sign == '=') most = count->number;
  if (count->sign == '<') {
    if (count->number == 0) return Query::MatchNothing;
    most = count->number - 1;
  }
  return Query(
      (new VersionsSource(least, most))->release());  // Xapian counts who shares it and deletes it
}

std::optional<int> number(std::string_view digits, int least, int most) {
  const auto value = digits.size() > 4 ? std::nullopt : parse_u64(digits);
  if (!value || static_cast<int>(*value) < least || static_cast<int>(*value) > most)
    return std::nullopt;
  return static_cast<int>(*value);
}

}  // namespace

std::optional<DateRange> parse_date(std::string_view text) {
  std::vector<std::string_view> parts;
  if (text.size() == 8 && std::all_of(text.begin(), text.end(), is_digit)) {
    parts = {text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)};
  } else {
    const char separator = text.find('/') != text.npos   ? '/'
                           : text.find('.') != text.npos ? '.'
                                                         : '-';
    parts = split(text, separator);
  }
  if (parts.empty() || parts.size() > 3) return std::nullopt;
  const auto year = parts[0].size() == 4 ? number(parts[0], 1, 9998) : std::nullopt;
  const auto month = parts.size() > 1 ? number(parts[1], 1, 12) : std::optional<int>(1);
  const auto day = parts.size() > 2 ? number(parts[2], 1, 31) : std::optional<int>(1);
  if (!year || !month || !day) return std::nullopt;
  using namespace std::chrono;
  const year_month_day first{std::chrono::year(*year),
                             std::chrono::month(static_cast<unsigned>(*month)),
                             std::chrono::day(static_cast<unsigned>(*day))};
  if (!first.ok()) return std::nullopt;
  sys_days end = sys_days(first) + days(1);
  if (parts.size() == 1) end = sys_days(first + years(1));
  if (parts.size() == 2) end = sys_days(first + months(1));
  return DateRange{Time14(sys_days(first)), Time14(end)};
}

std::optional<Xapian::Query> filter_query(const Node& node, const CompileContext& context,
                                          CompiledQuery& result) {
  const std::string_view field = node.field;
  if (field == "tag") return tag_query(node);
  if (field == "type") return type_query(node);
  if (field == "lang" || field == "language") return language_query(node);
  if (field == "site" || field == "host") return site_query(node, context, result);
  if (field == "collection") return boolean(prefix::kCollection, node.text);
  if (field == "is") return is_query(node, result);
  if (field == "has") return has_query(node);
  if (field == "before" || field == "after") return date_query(node, result);
  if (field == "age") return age_query(node, context, result);
  if (field == "versions") return versions_query(node, result);
  return no_sense(node, result, "there is no such field");
}

}  // namespace wm::search
