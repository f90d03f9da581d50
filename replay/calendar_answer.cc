// When an address was captured, and which addresses were below one: plain pages without scripts.
// Years, then the days of one, then the captures of a day; few captures are listed at once.
#include <algorithm>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/html/tokenizer.h"
#include "core/url/surt.h"
#include "indexer/cdx/overview.h"
#include "replay/policy.h"
#include "replay/replay_internal.h"

namespace wm::replay {
namespace {

using cdx::SpanUnit;

constexpr std::size_t kListed = 1000;
constexpr std::uint64_t kListedAtOnce = 100;  // so few need no calendar before the list

std::string link(const std::string& address, std::string_view text) {
  return "<a href=\"" + html::escape_attribute(valid_utf8(address), '"') + "\">" +
         html::escape_text(text) + "</a>";
}

/// "20190203" → "2019-02-03", as far as there are digits.
std::string dashed(std::string_view digits) {
  std::string text(digits.substr(0, 4));
  for (std::size_t at = 4; at + 2 <= std::min<std::size_t>(digits.size(), 8); at += 2)
    (text += '-') += digits.substr(at, 2);
  return text;
}

std::string time_text(Time14 time) {
  const std::string digits = time.text();
  return dashed(digits) + " " + digits.substr(8, 2) + ":" + digits.substr(10, 2) + ":" +
         digits.substr(12, 2);
}

std::string count_text(const cdx::Count& count) {
  return (count.exact ? "" : "about ") + std::to_string(count.captures);
}

/// One address with captures.
class CalendarPage {
 public:
  CalendarPage(const Core& core, const Asked& asked, std::string key)
      : core_(core), asked_(asked), key_(std::move(key)), judge_(core.judge()) {}

  /// "" where nothing is held within the bounds.
  Result<std::string> body() {
    // Counts are made by seeks, which see no rules: where there are some, what may be seen is listed.
    if (judge_.any())
      return "<h1>Captures of <code>" + html::escape_text(valid_utf8(asked_.url.url)) +
             "</code></h1>" + WM_TRY(list());
    const auto overview = core_.index.overview();
    if (WM_TRY(overview.spans(asked_.url.collection, key_, SpanUnit::kYear, asked_.url.from,
                              asked_.url.to))
            .empty())
      return std::string();
    const cdx::Count all = WM_TRY(overview.count(asked_.url.collection, key_));
    std::string text = "<h1>Captures of <code>" + html::escape_text(valid_utf8(asked_.url.url)) +
                       "</code></h1><p>" + count_text(all) +
                       (all.captures == 1 ? " capture" : " captures") + "</p>";
    if (is_within(8) || all.captures <= kListedAtOnce) return text + WM_TRY(list());
    text += WM_TRY(bars(SpanUnit::kYear, {}, {}));
    if (is_within(4))
      text += "<h2>" + asked_.url.from->text().substr(0, 4) + "</h2>" +
              WM_TRY(bars(SpanUnit::kDay, asked_.url.from, asked_.url.to));
    return text;
  }

 private:
  /// Are the bounds in time within one year (4 digits), one day (8)?
  bool is_within(std::size_t digits) const {
    return asked_.url.from && asked_.url.to &&
           asked_.url.from->text().substr(0, digits) == asked_.url.to->text().substr(0, digits);
  }

  Result<std::string> bars(SpanUnit unit, std::optional<Time14> from,
                           std::optional<Time14> to) const {
    const auto spans =
        WM_TRY(core_.index.overview().spans(asked_.url.collection, key_, unit, from, to));
    std::uint64_t most = 1;
    for (const auto& span : spans) most = std::max(most, span.count.captures);
    std::string rows;
    for (const auto& span : spans) {
      rows += "<tr><td>" +
              link("/" + asked_.url.collection + "/" + span.digits + "*/" + asked_.url.url,
                   dashed(span.digits)) +
              "</td><td><meter max=\"" + std::to_string(most) + "\" value=\"" +
              std::to_string(span.count.captures) + "\"></meter></td><td>" +
              count_text(span.count) + "</td></tr>";
    }
    return "<table>" + rows + "</table>";
  }

  Result<std::string> list() const {
    cdx::RangeQuery query{.collection = asked_.url.collection,
                          .keys = {key_, key_ + '!'},
                          .from = asked_.url.from,
                          .to = asked_.url.to};
    std::string rows, digest;
    std::size_t count = 0;
    WM_TRY(core_.index.for_each(query, [&](const cdx::Capture& capture) {
      if (judge_.hides(capture)) return true;
      if (count == kListed) return false;
      rows += row(capture, count++ == 0 || capture.digest != digest || capture.digest.empty());
      digest = capture.digest;
      return true;
    }));
    std::string note;
    if (count == kListed) {
      note = "<p>The first " + std::to_string(kListed) + " are listed; " +
             link("/" + asked_.url.collection + "/timemap/link/" + asked_.url.url, "the TimeMap") +
             " has them all.</p>";
    }
    return note + "<table><tr><th>Time (UTC)<th>Status<th>Type<th>Bytes<th></tr>" + rows +
           "</table>";
  }

  static std::string row(const cdx::Capture& capture, bool changed) {
    const auto address = memento::replay_path(capture.collection, capture.time.text(),
                                              memento::Modifier::kNone, capture.url);
    return "<tr><td>" + link(address, time_text(capture.time)) + "</td><td>" +
           (capture.status ? std::to_string(*capture.status) : "") + "</td><td>" +
           html::escape_text(valid_utf8(capture.mime)) + "</td><td>" +
           std::to_string(capture.length) + "</td><td>" + (changed ? "changed" : "same") +
           "</td></tr>";
  }

  const Core& core_;
  const Asked& asked_;
  const std::string key_;
  const access::Judge judge_;
};

/// The body of a listing; "" where there is nothing to list.
Result<std::string> listing_body(const Core& core, const Asked& asked) {
  const auto page = WM_TRY(
      core.index.overview().keys({.collection = asked.url.collection,
                                  .keys = url::surt_range(asked.url.url, url::MatchType::kPrefix),
                                  .after = "",
                                  .contains = "",
                                  .limit = kListed}));
  if (page.keys.empty()) return std::string();
  const access::Judge judge = core.judge();
  std::string rows;
  for (const auto& one : page.keys) {
    if (judge.hides(one.first) || judge.hides(one.last)) continue;
    rows += "<tr><td>" +
            link("/" + asked.url.collection + "/*/" + one.last.url, valid_utf8(one.last.url)) +
            "</td><td>" + count_text(one.count) + "</td><td>" + time_text(one.first.time) +
            "</td><td>" + time_text(one.last.time) + "</td></tr>";
  }
  std::string note =
      page.next.empty() ? "" : "<p>The first " + std::to_string(kListed) + " are listed.</p>";
  return "<h1>Addresses that begin with <code>" + html::escape_text(valid_utf8(asked.url.url)) +
         "</code></h1>" + note + "<table><tr><th>Address<th>Captures<th>First<th>Last</tr>" + rows +
         "</table>";
}

Result<std::string> body_for(const Core& core, const Asked& asked) {
  if (asked.url.prefix_match) return listing_body(core, asked);
  for (const std::string& key : url::surt_variants(asked.url.url)) {
    if (WM_TRY(memento::first_visible(core.index, core.judge(), asked.url.collection, key)))
      return CalendarPage(core, asked, key).body();
  }
  return std::string();
}

}  // namespace

ReplayResponse calendar_answer(const Core& core, const Asked& asked) {
  auto body = body_for(core, asked);
  if (!body) {
    log::error("replay: calendar of {}: {}", asked.url.url, body.error().what);
    return core.failure(Failure::kUnreadable, asked);
  }
  if (body->empty()) return core.failure(Failure::kNotArchived, asked);
  if (is_origin(asked.app_origin)) {
    *body += "<p>" +
             link(asked.app_origin + "/view" + asked.request.target, "The same in Waymark") +
             "</p>";
  }
  ReplayResponse response = own_answer(asked, "text/html; charset=utf-8");
  response.body = own_page("Captures of " + valid_utf8(asked.url.url), *body);
  return response;
}

}  // namespace wm::replay
