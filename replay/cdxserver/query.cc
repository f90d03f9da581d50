#include "replay/cdxserver/query.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/url.h"
#include "replay/cdxserver/parameters_internal.h"

namespace wm::cdxserver {
namespace {

constexpr std::size_t kFilters = 32;
constexpr std::size_t kCollapses = 8;
constexpr std::size_t kColumns = 50;
constexpr std::uint64_t kPywbLimit = 100'000;
constexpr std::uint64_t kOwnLimit = 10'000;
constexpr std::uint64_t kPageBlocks = 50;

bool is_pywb(Dialect dialect) {
  return dialect == Dialect::kPywb || dialect == Dialect::kOwn;
}

Result<> set_match(const Parameters& given, Query& query) {
  const auto name = given.find("matchType");
  if (!name || iequals(*name, "default")) {
    if (query.url.starts_with("*.")) {
      query.match = url::MatchType::kDomain;
      query.url.erase(0, 2);
      if (query.url.ends_with("/*")) query.url.resize(query.url.size() - 2);
    } else if (query.url.ends_with('*')) {
      query.match = url::MatchType::kPrefix;
      query.url.pop_back();
    }
    return {};
  }
  if (iequals(*name, "exact")) return {};
  if (iequals(*name, "prefix")) {
    query.match = url::MatchType::kPrefix;
  } else if (iequals(*name, "host")) {
    query.match = url::MatchType::kHost;
  } else if (iequals(*name, "domain")) {
    query.match = url::MatchType::kDomain;
  } else {
    return refuse("matchType", "exact, prefix, host or domain");
  }
  return {};
}

/// OutbackCDX: the captures of a request that was no GET.
void add_method(const Parameters& given, Query& query) {
  const auto method = given.find("method");
  if (!method || query.dialect != Dialect::kOutback || iequals(*method, "GET")) return;
  query.url += query.url.find('?') == std::string::npos ? '?' : '&';
  query.url += "__wb_method=" + url::percent_encode_component(*method);
  if (const auto body = given.find("requestBody")) (query.url += '&') += *body;
}

Result<> set_url(const Parameters& given, Query& query) {
  query.url = given.find("url").value_or("");
  if (query.dialect == Dialect::kOutback) query.urlkey = given.find("urlkey").value_or("");
  if (query.url.empty() == query.urlkey.empty()) {
    return fail(Error::Code::kInvalid, query.dialect == Dialect::kOutback
                                           ? "exactly one of url and urlkey is needed"
                                           : "The \"url\" param is required");
  }
  WM_TRY(set_match(given, query));
  if (query.url.empty() && query.urlkey.empty()) return refuse("url", "more than a wildcard");
  add_method(given, query);
  return {};
}

Result<> set_time(const Parameters& given, Query& query) {
  query.from = WM_TRY(given.time(given.find("from") ? "from" : "from_ts", Time14::Pad::kEarliest));
  query.to = WM_TRY(given.time(given.find("to") ? "to" : "to_ts", Time14::Pad::kLatest));
  return {};
}

Result<> set_sort(const Parameters& given, Query& query) {
  const std::string_view sort = given.find("sort").value_or("default");
  const auto closest = given.find("closest");
  const bool by_word = iequals(sort, "closest");
  if (iequals(sort, "reverse") || (is_pywb(query.dialect) && WM_TRY(given.flag("reverse")))) {
    query.sort = Query::Sort::kReverse;
  } else if (!by_word && !iequals(sort, "default") && !iequals(sort, "regular")) {
    return refuse("sort", "default, reverse or closest");
  }
  // pywb sorts by closeness wherever a time is told; some clients send "closest=&sort=closest".
  if (!closest || !(by_word || is_pywb(query.dialect))) return {};
  if (query.match != url::MatchType::kExact)
    return fail(Error::Code::kInvalid, "closest needs matchType=exact");
  query.sort = Query::Sort::kClosest;
  if (iequals(*closest, "now")) {
    query.closest = Time14(std::chrono::floor<std::chrono::seconds>(now_micros()));
  } else {
    query.closest = WM_TRY(time_of("closest", *closest, Time14::Pad::kEarliest));
  }
  return {};
}

Result<> set_limit(const Parameters& given, Query& query) {
  if (query.dialect == Dialect::kPywb) query.limit = kPywbLimit;
  if (query.dialect == Dialect::kOwn) query.limit = kOwnLimit;
  if (auto written = given.find("limit")) {
    query.from_end = written->starts_with('-');
    if (query.from_end) written->remove_prefix(1);
    const auto number = parse_u64(*written);
    if (!number || (query.from_end && *number == 0)) return refuse("limit", "a whole number");
    query.limit = *number == 0 ? std::nullopt : number;
  } else if (WM_TRY(given.flag("fastLatest"))) {
    query.limit = 1;
    query.from_end = true;
  }
  query.offset = WM_TRY(given.number("offset")).value_or(0);
  if (!query.from_end) return {};
  if (query.sort == Query::Sort::kClosest)
    return fail(Error::Code::kInvalid, "a negative limit is for results in order of time");
  if (query.sort == Query::Sort::kReverse) {
    // The last ones of what is told backwards would be the first ones: nobody asks for that by a
    // negative limit.
    return fail(Error::Code::kInvalid, "a negative limit cannot go with sort=reverse");
  }
  return {};
}

Result<> set_pages(const Parameters& given, Query& query) {
  query.page = WM_TRY(given.number("page"));
  query.show_page_count = WM_TRY(given.flag("showNumPages"));
  if (WM_TRY(given.flag("showPagedIndex")))
    return fail(Error::Code::kInvalid, "showPagedIndex: this index has no second one to show");
  const std::uint64_t blocks = WM_TRY(given.number("pageSize")).value_or(kPageBlocks);
  if (blocks == 0 || blocks > 10'000) return refuse("pageSize", "1 to 10000 blocks of 3000 lines");
  query.page_rows = blocks * kBlockRows;
  if (query.page && *query.page > UINT64_MAX / query.page_rows)
    return refuse("page", "a page that there is");
  if (query.page && query.sort != Query::Sort::kForward)
    return fail(Error::Code::kInvalid, "page cannot go with sort");
  return {};
}

Result<> set_filters(const Parameters& given, Query& query) {
  const auto written = given.all("filter");
  if (written.size() > kFilters)
    return fail(Error::Code::kTooLarge, "more than " + std::to_string(kFilters) + " filters");
  for (const auto one : written) query.filters.push_back(WM_TRY(Filter::parse(one, query.dialect)));
  return {};
}

Result<Collapse> collapse_of(std::string_view written) {
  const std::size_t colon = std::min(written.find(':'), written.size());
  const auto field = field_of(written.substr(0, colon));
  if (!field)
    return fail(Error::Code::kInvalid,
                "collapse: no field is called " + std::string(written.substr(0, colon)));
  if (colon == written.size()) return Collapse{*field};
  const auto length = parse_u64(written.substr(colon + 1));
  if (!length || *length == 0) return refuse("collapse", "field or field:length");
  return Collapse{*field, static_cast<std::size_t>(*length)};
}

Result<> set_collapse(const Parameters& given, Query& query) {
  auto written = given.all("collapse");
  for (const auto one : given.all("collapseToFirst")) written.push_back(one);
  for (const auto one : given.all("collapseToLast")) {
    query.collapse_to_last = true;
    written.push_back(one);
  }
  for (const auto one : written) query.collapse.push_back(WM_TRY(collapse_of(one)));
  if (const auto digits = WM_TRY(given.number("collapseTime"))) {
    if (*digits == 0 || *digits > 14) return refuse("collapseTime", "1 to 14 digits");
    query.collapse.push_back({Field::kTimestamp, static_cast<std::size_t>(*digits), true});
  }
  if (query.collapse.size() > kCollapses)
    return fail(Error::Code::kTooLarge, "more than " + std::to_string(kCollapses) + " collapses");
  if (query.from_end && query.collapse.size() > 1)
    return fail(Error::Code::kInvalid, "a negative limit goes with one collapse at most");
  return {};
}

Result<> set_columns(const Parameters& given, Query& query) {
  auto written = given.find("fl");
  if (is_pywb(query.dialect) && given.find("fields")) written = given.find("fields");
  query.columns_asked = written.has_value();
  if (!written) {
    query.columns = usual_columns(query.dialect);
    return {};
  }
  for (auto name : split(*written, ',')) {
    name = trim(name);
    const auto field = field_of(name);
    if (!field) return fail(Error::Code::kInvalid, "fl: no field is called " + std::string(name));
    query.columns.push_back({*field, std::string(name)});
  }
  if (query.columns.size() > kColumns)
    return fail(Error::Code::kTooLarge, "more than " + std::to_string(kColumns) + " fields");
  return {};
}

/// The columns that a parameter of its own asks for.
Result<> add_counts(const Parameters& given, Query& query) {
  const auto add = [&](Field field) { query.columns.push_back(column_of(field, query.dialect)); };
  query.resolve_revisits = WM_TRY(given.flag("resolveRevisits"));
  if (query.resolve_revisits && !query.columns_asked) {
    for (const Field field : {Field::kOrigLength, Field::kOrigOffset, Field::kOrigFilename})
      add(field);
  }
  query.count_dupes = WM_TRY(given.flag("showDupeCount"));
  if (query.count_dupes) add(Field::kDupeCount);
  const struct {
    const char* name;
    Field field;
  } counts[] = {{"showSkipCount", Field::kSkipCount},
                {"showGroupCount", Field::kGroupCount},
                {"lastSkipTimestamp", Field::kEndTimestamp},
                {"showUniqCount", Field::kUniqCount}};
  for (const auto& [name, field] : counts) {
    if (!WM_TRY(given.flag(name))) continue;
    query.count_groups = true;
    add(field);
  }
  for (const Column& column : query.columns) {
    using enum Field;
    query.count_dupes |= column.field == kDupeCount;
    query.count_groups |= column.field == kSkipCount || column.field == kGroupCount ||
                          column.field == kUniqCount || column.field == kEndTimestamp;
  }
  return {};
}

Result<> set_output(const Parameters& given, Query& query) {
  const std::string_view name = given.find("output").value_or("");
  const bool pywb = is_pywb(query.dialect);
  if (name.empty()) {
    query.output = pywb ? Output::kCdxj : Output::kText;
  } else if (name == "json") {
    query.output = pywb ? Output::kJsonLines : Output::kJsonArrays;
  } else if (name == "text" || (!pywb && name == "cdx")) {
    query.output = Output::kText;
    if (pywb && !query.columns_asked) query.columns = classic_columns(query.dialect);
  } else if (name == "cdxj") {
    query.output = Output::kCdxj;
  } else if (name == "link" || name == "memento") {
    query.output = Output::kLink;
  } else if (name == "jsondict" && query.dialect == Dialect::kOutback) {
    query.output = Output::kJsonDicts;
  } else {
    return fail(Error::Code::kInvalid, "output=" + std::string(name) + " not supported");
  }
  return {};
}

Result<> set_resume(const Parameters& given, Query& query) {
  query.show_resume_key = WM_TRY(given.flag("showResumeKey"));
  query.resume_key = given.find("resumeKey").value_or("");
  const bool unsorted = query.sort == Query::Sort::kClosest || query.from_end || query.page;
  if ((query.show_resume_key || !query.resume_key.empty()) && unsorted)
    return fail(Error::Code::kInvalid,
                "resumeKey cannot go with closest, page or a negative limit");
  return {};
}

}  // namespace

Result<Query> parse_query(Dialect dialect, std::string_view collection, std::string_view raw) {
  const Parameters given = WM_TRY(Parameters::parse(raw));
  Query query;
  query.dialect = dialect;
  query.collection = collection;
  // The other dialects' addresses name it.
  if (dialect == Dialect::kInternetArchive || dialect == Dialect::kOwn)
    query.collection = given.find("collection").value_or(collection);
  WM_TRY(set_url(given, query));
  WM_TRY(set_time(given, query));
  WM_TRY(set_sort(given, query));
  WM_TRY(set_limit(given, query));
  WM_TRY(set_pages(given, query));
  WM_TRY(set_filters(given, query));
  WM_TRY(set_collapse(given, query));
  WM_TRY(set_columns(given, query));
  WM_TRY(add_counts(given, query));
  WM_TRY(set_output(given, query));
  WM_TRY(set_resume(given, query));
  query.omit_self_redirects = WM_TRY(given.flag("omitSelfRedirects"));
  static_cast<void>(WM_TRY(given.flag("gzip")));  // nothing is compressed, as asked or not
  return query;
}

}  // namespace wm::cdxserver
