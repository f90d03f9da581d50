// When a URL was captured, and which URLs were: what calendars and listings show.
#include <map>

#include "core/base/ascii.h"
#include "core/url/surt.h"
#include "replay/memento/wayback_url.h"
#include "server/api/json_body.h"
#include "server/api/page_query.h"
#include "server/api/services.h"
#include "server/pages/page_archive.h"

namespace wm::api {

using nlohmann::json;
using server::PathValues;
using server::Permission;
using server::Request;
using server::Response;

namespace {

constexpr std::size_t kMostCaptures = 1000;
constexpr std::size_t kMostUrls = 500;
constexpr std::size_t kMostAtOnce = 100'000;  // captures of one second that a cursor may be within

json to_json(const cdx::Count& count) {
  return {{"captures", count.captures}, {"exact", count.exact}};
}

Result<cdx::SpanUnit> unit_of(const Request& request) {
  const std::string name = request.parameter("by").value_or("year");
  if (name == "year") return cdx::SpanUnit::kYear;
  if (name == "month") return cdx::SpanUnit::kMonth;
  if (name == "day") return cdx::SpanUnit::kDay;
  return fail(Error::Code::kInvalid, "by must be year, month or day");
}

/// The key that the URL's captures are filed under: the first that has any.
Result<std::string> key_with_captures(const Services& s, const PageQuery& asked) {
  const auto variants = url::surt_variants(asked.url);
  for (const std::string& key : variants) {
    if (WM_TRY(s.cdx.first(asked.collection, key))) return key;
  }
  return variants.front();
}

/// Counts are made by seeks, which see no access rules: where there are some, what may be seen is counted one by one.
Result<Response> visible_calendar(const Services& s, const PageQuery& asked, const std::string& key, cdx::SpanUnit unit, std::optional<Time14> from,
                                  std::optional<Time14> to) {
  const access::Judge judge = s.access.judge();
  const std::size_t digits = unit == cdx::SpanUnit::kYear ? 4 : unit == cdx::SpanUnit::kMonth ? 6 : 8;
  std::map<std::string, std::uint64_t> counted;
  std::optional<Time14> first, last;
  std::uint64_t total = 0;
  bool exact = true;
  std::uint64_t looked_at = 0;
  WM_TRY(s.cdx.for_each({.collection = asked.collection, .keys = {key, key + '!'}, .from = from, .to = to}, [&](const cdx::Capture& capture) {
    if (++looked_at > s.cdx_scan_rows) return exact = false;
    if (judge.hides(capture)) return true;
    ++counted[capture.time.text().substr(0, digits)];
    if (!first) first = capture.time;
    last = capture.time;
    ++total;
    return true;
  }));
  json spans = json::array();
  for (const auto& [span, count] : counted) spans.push_back({{"span", span}, {"captures", count}, {"exact", exact}});
  return answer(200, {{"url", asked.url},
                      {"collection", asked.collection},
                      {"spans", std::move(spans)},
                      {"first", first ? json(first->text()) : json(nullptr)},
                      {"last", last ? json(last->text()) : json(nullptr)},
                      {"total", {{"captures", total}, {"exact", exact}}}});
}

Result<Response> calendar(const Services& s, const Request& request) {
  const PageQuery asked = WM_TRY(page_query(request));
  const auto unit = WM_TRY(unit_of(request));
  const auto from = WM_TRY(time_parameter(request, "from", Time14::Pad::kEarliest));
  const auto to = WM_TRY(time_parameter(request, "to", Time14::Pad::kLatest));
  const std::string key = WM_TRY(key_with_captures(s, asked));
  if (const auto judge = s.access.judge(); judge.any()) return visible_calendar(s, asked, key, unit, from, to);
  json spans = json::array();
  for (const cdx::Span& span :
       WM_TRY(s.pages.overview().spans(asked.collection, key, unit, from, to))) {
    spans.push_back(
        {{"span", span.digits}, {"captures", span.count.captures}, {"exact", span.count.exact}});
  }
  const auto first = WM_TRY(s.cdx.first(asked.collection, key));
  const auto last = WM_TRY(s.cdx.last(asked.collection, key));
  return answer(200, {{"url", asked.url},
                      {"collection", asked.collection},
                      {"spans", std::move(spans)},
                      {"first", first ? json(first->time.text()) : json(nullptr)},
                      {"last", last ? json(last->time.text()) : json(nullptr)},
                      {"total", to_json(WM_TRY(s.pages.overview().count(asked.collection, key)))}});
}

/// "<time14>.<n>": behind the first n captures of that second.
struct Cursor {
  Time14 time;
  std::size_t passed = 0;
};
Result<std::optional<Cursor>> cursor_of(const Request& request) {
  const auto text = request.parameter("cursor");
  if (!text || text->empty()) return std::optional<Cursor>();
  const std::size_t dot = text->find('.');
  const auto time = Time14::parse(std::string_view(*text).substr(0, dot));
  const auto passed =
      parse_u64(dot == std::string::npos ? "" : std::string_view(*text).substr(dot + 1));
  if (!time || !passed || *passed > kMostAtOnce)
    return fail(Error::Code::kInvalid, "cursor is none that was given");
  return std::optional(Cursor{*time, static_cast<std::size_t>(*passed)});
}

json capture_json(const cdx::Capture& capture, const std::optional<std::string>& digest_before) {
  return {{"timestamp", capture.time.text()},
          {"url", capture.url},
          {"status", capture.status ? json(*capture.status) : json(nullptr)},
          {"mime", capture.mime},
          {"length", capture.length},
          {"digest", capture.digest},
          {"changed", !digest_before || capture.digest.empty() || *digest_before != capture.digest},
          {"replay_path", memento::replay_path(capture.collection, capture.time.text(),
                                               memento::Modifier::kNone, capture.url)}};
}

Result<Response> captures(const Services& s, const Request& request) {
  const PageQuery asked = WM_TRY(page_query(request));
  const Page page = WM_TRY(page_of(request, 200, kMostCaptures));
  const auto cursor = WM_TRY(cursor_of(request));
  const std::string key = WM_TRY(key_with_captures(s, asked));
  cdx::RangeQuery query{
      .collection = asked.collection, .keys = {key, key + '!'}, .from = {}, .to = {}};
  query.from = cursor ? std::optional(cursor->time)
                      : WM_TRY(time_parameter(request, "from", Time14::Pad::kEarliest));
  query.to = WM_TRY(time_parameter(request, "to", Time14::Pad::kLatest));
  std::optional<std::string> digest;
  if (query.from) {
    if (const auto before = WM_TRY(s.cdx.previous(asked.collection, key, *query.from)))
      digest = before->digest;
  }
  json list = json::array();
  Cursor at = cursor.value_or(Cursor{});
  std::size_t passed = 0;
  std::string next;
  const access::Judge judge = s.access.judge();
  WM_TRY(s.cdx.for_each(query, [&](const cdx::Capture& capture) {
    if (judge.hides(capture)) return true;
    if (list.size() == page.limit) {
      next = at.time.text() + "." + std::to_string(at.passed);
      return false;
    }
    const bool again = cursor && capture.time == cursor->time && passed < cursor->passed;
    if (again) {
      ++passed;
    } else {
      at = {.time = capture.time, .passed = capture.time == at.time ? at.passed + 1 : 1};
      list.push_back(capture_json(capture, digest));
    }
    digest = capture.digest;
    return true;
  }));
  return answer(
      200, {{"captures", std::move(list)}, {"next", next.empty() ? json(nullptr) : json(next)}});
}

Result<Response> urls(const Services& s, const Request& request) {
  const PageQuery asked = WM_TRY(page_query(request));
  const Page page = WM_TRY(page_of(request, 100, kMostUrls));
  const auto found =
      WM_TRY(s.pages.overview().keys({.collection = asked.collection,
                                      .keys = url::surt_range(asked.url, url::MatchType::kPrefix),
                                      .after = request.parameter("cursor").value_or(""),
                                      .contains = request.parameter("filter").value_or(""),
                                      .limit = page.limit}));
  json list = json::array();
  const access::Judge judge = s.access.judge();
  for (const cdx::KeySummary& one : found.keys) {
    if (judge.hides(one.last)) continue;
    list.push_back({{"url", one.last.url},
                    {"first", one.first.time.text()},
                    {"last", one.last.time.text()},
                    {"captures", one.count.captures},
                    {"exact", one.count.exact},
                    {"mime", one.last.mime}});
  }
  return answer(200, {{"urls", std::move(list)},
                      {"next", found.next.empty() ? json(nullptr) : json(found.next)}});
}

}  // namespace

void add_history_routes(std::vector<server::Route>& routes, Services& s) {
  routes.push_back(
      {"GET", "/api/v1/calendar", Permission::kRead, [&s](const Request& r, const PathValues&) {
         return respond([&] { return calendar(s, r); });
       }});
  routes.push_back(
      {"GET", "/api/v1/captures", Permission::kRead, [&s](const Request& r, const PathValues&) {
         return respond([&] { return captures(s, r); });
       }});
  routes.push_back(
      {"GET", "/api/v1/urls", Permission::kRead,
       [&s](const Request& r, const PathValues&) { return respond([&] { return urls(s, r); }); }});
}

}  // namespace wm::api
