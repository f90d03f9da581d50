#include "replay/memento/timemap.h"

#include <algorithm>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/step_source.h"
#include "core/url/surt.h"
#include "replay/memento/lookup.h"

namespace wm::memento {
namespace {

using Format = WaybackUrl::TimeMapFormat;
constexpr std::size_t kPieceBytes = 16 << 10;

/// A page: the captures from `from` on, before `next`.
struct Page {
  Time14 first;  ///< of the whole TimeMap
  Time14 from;
  Time14 until;                ///< the last memento on it
  std::optional<Time14> next;  ///< where the page that follows starts
};

void append_line(std::string& out, const cdx::Capture& capture, Format format) {
  const std::string line = cdx::to_cdxj(capture);
  const std::size_t json = line.find('{');
  if (format == Format::kCdxj || json == std::string::npos) {
    out += line;
  } else {
    out += "{\"urlkey\": ";
    append_json(out, capture.surt);
    out += ", \"timestamp\": \"" + capture.time.text() + "\", ";
    out.append(line, json + 1);
  }
  out += '\n';
}

class TimeMapSource final : public StepSource {
 public:
  TimeMapSource(cdx::RangeScan scan, const access::Judge& judge, TimeMapQuery query, Page page)
      : scan_(std::move(scan)), judge_(judge), query_(std::move(query)), page_(std::move(page)) {}

 protected:
  Result<bool> step(std::string& out) override {
    const bool link = query_.format == Format::kLink;
    if (!std::exchange(begun_, true) && link) write_head(out);
    while (out.size() < kPieceBytes) {
      const auto capture = WM_TRY(scan_.next());
      if (!capture || (page_.next && capture->time >= *page_.next)) {
        if (link) write_end(out);
        return false;
      }
      if (judge_.hides(*capture)) continue;
      if (link) {
        out += ",\n";
        append_memento_link(out, query_.at, *capture);
      } else {
        append_line(out, *capture, query_.format);
      }
    }
    scan_.pause();
    return true;
  }

 private:
  void write_head(std::string& out) const {
    const std::string page = query_.from ? query_.from->text() : std::string();
    out += "<" + link_target(query_.url) + ">; rel=\"original\",\n<" +
           link_target(query_.at.timegate(query_.url)) + ">; rel=\"timegate\",\n<" +
           link_target(query_.at.timemap(query_.format, query_.url, page)) +
           ">; rel=\"self\"; type=\"application/link-format\"; from=\"" +
           http_date(page_.from.time()) + "\"; until=\"" + http_date(page_.until.time()) + "\"";
    if (query_.from) write_page(out, "", page_.first);
  }
  void write_end(std::string& out) const {
    if (page_.next) write_page(out, page_.next->text(), *page_.next);
    out += '\n';
  }
  void write_page(std::string& out, std::string_view page, Time14 from) const {
    out += ",\n<" + link_target(query_.at.timemap(query_.format, query_.url, page)) +
           ">; rel=\"timemap\"; type=\"application/link-format\"; from=\"" +
           http_date(from.time()) + "\"";
  }

  cdx::RangeScan scan_;
  access::Judge judge_;
  TimeMapQuery query_;
  Page page_;
  bool begun_ = false;
};

cdx::RangeQuery range_of(const TimeMapQuery& query, const std::string& key) {
  // As url::surt_range(…, kExact) has it; a blank ends the key in the index.
  return {
      .collection = query.at.collection, .keys = {key, key + '!'}, .from = query.from, .to = {}};
}

/// Where the page that follows starts, if there is one: at the first second that is not full any
/// more.
Result<std::optional<Time14>> next_page(const cdx::CdxIndex& index, const TimeMapQuery& query,
                                        const std::string& key, Time14 from) {
  auto scan = index.scan(range_of(query, key));
  static_cast<void>(WM_TRY(scan.skip(query.page_size)));
  auto beyond = WM_TRY(scan.next());
  if (beyond && beyond->time <= from)
    beyond = WM_TRY(index.following(query.at.collection, key, from));
  if (!beyond) return std::nullopt;
  return beyond->time;
}

/// nullopt if there is nothing on it to show.
Result<std::optional<Page>> page_of(const cdx::CdxIndex& index, const access::Judge& judge,
                                    const TimeMapQuery& query, const std::string& key) {
  const auto first = WM_TRY(first_visible(index, judge, query.at.collection, key));
  if (!first) return std::nullopt;
  Page page{.first = first->time, .from = first->time, .until = first->time, .next = {}};
  if (query.from) page.from = std::max(page.from, *query.from);
  page.next = WM_TRY(next_page(index, query, key, page.from));
  const auto last = WM_TRY(last_visible(index, judge, query.at.collection, key, page.next));
  if (!last || last->time < page.from) return std::nullopt;
  page.until = last->time;
  return page;
}

}  // namespace

Result<std::optional<TimeMap>> timemap(const cdx::CdxIndex& index, const access::Judge& judge,
                                       const TimeMapQuery& query) {
  for (const std::string& key : url::surt_variants(query.url)) {
    auto page = WM_TRY(page_of(index, judge, query, key));
    if (!page) continue;
    TimeMap map;
    if (page->next) map.next_page = query.at.timemap(query.format, query.url, page->next->text());
    map.stream = std::make_unique<TimeMapSource>(index.scan(range_of(query, key)), judge, query,
                                                 std::move(*page));
    return map;
  }
  return std::nullopt;
}

std::string_view media_type_of(Format format) noexcept {
  switch (format) {
    case Format::kLink:
      return "application/link-format";
    case Format::kJson:
      return "application/x-ndjson";
    case Format::kCdxj:
      return "text/x-cdxj";
  }
  return "text/plain";
}

void append_json(std::string& out, std::string_view text) {
  std::string mended;
  if (!is_valid_utf8(text)) text = mended = valid_utf8(text);
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json(out, text);
  return out;
}

}  // namespace wm::memento
