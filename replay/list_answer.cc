// Lists of captures: TimeMaps and a plain page of all captures of an address.
#include <utility>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/html/tokenizer.h"
#include "core/url/surt.h"
#include "replay/memento/timemap.h"
#include "replay/policy.h"
#include "replay/replay_internal.h"

namespace wm::replay {
namespace {

constexpr std::size_t kListed = 2000;

ReplayResponse own_answer(const Asked& asked, std::string_view type) {
  ReplayResponse response;
  response.headers.add("Content-Type", type);
  response.headers.add("Cache-Control", "no-cache");
  response.headers.add("X-Content-Type-Options", "nosniff");
  add_policy(response.headers, own_policy(asked.app_origin));
  return response;
}

std::string row(const cdx::Capture& capture, bool with_url) {
  const std::string stamp = capture.time.text();
  const std::string shown = stamp.substr(0, 4) + "-" + stamp.substr(4, 2) + "-" +
                            stamp.substr(6, 2) + " " + stamp.substr(8, 2) + ":" +
                            stamp.substr(10, 2) + ":" + stamp.substr(12, 2);
  const auto address =
      memento::replay_path(capture.collection, stamp, memento::Modifier::kNone, capture.url);
  std::string line = "<tr><td><a href=\"" + html::escape_attribute(valid_utf8(address), '"') +
                     "\">" + shown + "</a></td><td>";
  if (capture.status) line += std::to_string(*capture.status);
  line += "</td><td>" + html::escape_text(valid_utf8(capture.mime)) + "</td>";
  if (with_url) line += "<td><code>" + html::escape_text(valid_utf8(capture.url)) + "</code></td>";
  return line + "</tr>";
}

cdx::RangeQuery query_for(const Asked& asked, std::string_view key) {
  cdx::RangeQuery query;
  query.collection = asked.url.collection;
  query.from = asked.url.from;
  query.to = asked.url.to;
  if (asked.url.prefix_match) {
    query.keys = url::surt_range(asked.url.url, url::MatchType::kPrefix);
  } else {
    query.keys = {std::string(key), std::string(key) + '!'};
    query.order = cdx::RangeQuery::Order::kReverse;
  }
  return query;
}

}  // namespace

ReplayResponse timemap_answer(const Core& core, const Asked& asked) {
  auto stream = memento::timemap(core.index, asked.at, asked.url.url, asked.url.format);
  if (!stream) {
    log::error("replay: TimeMap of {}: {}", asked.url.url, stream.error().what);
    return core.failure(Failure::kUnreadable, asked);
  }
  if (*stream == nullptr) return core.failure(Failure::kNotArchived, asked);
  ReplayResponse response = own_answer(asked, memento::media_type_of(asked.url.format));
  response.stream = std::move(*stream);
  return response;
}

ReplayResponse calendar_answer(const Core& core, const Asked& asked) {
  std::string rows;
  std::size_t count = 0;
  for (const std::string& key : url::surt_variants(asked.url.url)) {
    const auto read = core.index.for_each(query_for(asked, key), [&](const cdx::Capture& capture) {
      if (count < kListed) rows += row(capture, asked.url.prefix_match);
      return ++count <= kListed;
    });
    if (!read) {
      log::error("replay: list of {}: {}", asked.url.url, read.error().what);
      return core.failure(Failure::kUnreadable, asked);
    }
    if (count != 0 || asked.url.prefix_match) break;
  }
  if (count == 0) return core.failure(Failure::kNotArchived, asked);
  const std::string shown = html::escape_text(valid_utf8(asked.url.url));
  std::string body =
      "<h1>Captures of <code>" + shown + (asked.url.prefix_match ? "*" : "") + "</code></h1>";
  if (count > kListed)
    body +=
        "<p>The first " + std::to_string(kListed) + " are listed; the TimeMap has them all.</p>";
  body += "<table>" + rows + "</table>";
  ReplayResponse response = own_answer(asked, "text/html; charset=utf-8");
  response.body = own_page("Captures of " + valid_utf8(asked.url.url), body);
  return response;
}

}  // namespace wm::replay
