#include "replay/memento/timemap.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/url/surt.h"

namespace wm::memento {
namespace {

using Format = WaybackUrl::TimeMapFormat;
constexpr std::size_t kPage = 512;

class TimeMapSource final : public Source {
 public:
  TimeMapSource(CapturePages pages, Addresses at, std::string url, Format format,
                const cdx::Capture& first, const cdx::Capture& last)
      : pages_(std::move(pages)), at_(std::move(at)), url_(std::move(url)), format_(format) {
    if (format_ == Format::kLink) write_head(first, last);
  }

  Result<std::size_t> read(std::span<char> into) override {
    while (given_ == ready_.size() && !done_) {
      ready_.clear();
      given_ = 0;
      const auto page = WM_TRY(pages_.next());
      done_ = page.empty();
      for (const auto& capture : page) write(capture);
      if (done_ && format_ == Format::kLink) ready_ += '\n';
    }
    const std::size_t count = std::min(into.size(), ready_.size() - given_);
    std::copy_n(ready_.data() + given_, count, into.data());
    given_ += count;
    return count;
  }

 private:
  void write_head(const cdx::Capture& first, const cdx::Capture& last) {
    ready_ = "<" + link_target(url_) + ">; rel=\"original\",\n<" + link_target(at_.timegate(url_)) +
             ">; rel=\"timegate\",\n<" + link_target(at_.timemap(format_, url_)) +
             ">; rel=\"self\"; type=\"application/link-format\"; from=\"" +
             http_date(first.time.time()) + "\"; until=\"" + http_date(last.time.time()) + "\"";
  }

  void write(const cdx::Capture& capture) {
    const std::string stamp = capture.time.text();
    if (format_ == Format::kLink) {
      ready_ += ",\n<" + link_target(at_.memento(stamp, Modifier::kNone, capture.url)) +
                ">; rel=\"memento\"; datetime=\"" + http_date(capture.time.time()) +
                "\"; collection=\"" + at_.collection + "\"";
      return;
    }
    const std::string line = cdx::to_cdxj(capture);
    const std::size_t json = line.find('{');
    if (format_ == Format::kCdxj || json == std::string::npos) {
      ready_ += line;
    } else {
      ready_ +=
          "{\"urlkey\": " + json_string(capture.surt) + ", \"timestamp\": \"" + stamp + "\", ";
      ready_.append(line, json + 1);
    }
    if (!ready_.ends_with('\n')) ready_ += '\n';
  }

  CapturePages pages_;
  Addresses at_;
  std::string url_;
  Format format_;
  std::string ready_;
  std::size_t given_ = 0;
  bool done_ = false;
};

}  // namespace

Result<std::vector<cdx::Capture>> CapturePages::next() {
  std::vector<cdx::Capture> page;
  if (done_) return page;
  std::size_t skip = passed_at_start_;
  WM_TRY(index_.for_each(query_, [&](const cdx::Capture& capture) {
    if (skip != 0 && capture.time == query_.from) {
      --skip;
      return true;
    }
    skip = 0;
    page.push_back(capture);
    return page.size() < kPage;
  }));
  done_ = page.size() < kPage;
  if (page.empty()) return page;
  const Time14 last = page.back().time;
  const auto same = std::count_if(page.begin(), page.end(),
                                  [&](const auto& capture) { return capture.time == last; });
  passed_at_start_ = (query_.from == last ? passed_at_start_ : 0) + static_cast<std::size_t>(same);
  query_.from = last;
  return page;
}

Result<std::unique_ptr<Source>> timemap(const cdx::CdxIndex& index, const Addresses& at,
                                        std::string_view url, Format format) {
  for (const std::string& key : url::surt_variants(url)) {
    const auto first = WM_TRY(index.first(at.collection, key));
    if (!first) continue;
    const auto last = WM_TRY(index.last(at.collection, key));
    cdx::RangeQuery query;
    query.collection = at.collection;
    query.keys = {
        key, key + '!'};  // as url::surt_range(…, kExact) has it; a blank ends the key in the index
    return std::make_unique<TimeMapSource>(CapturePages(index, std::move(query)), at,
                                           std::string(url), format, *first, last.value_or(*first));
  }
  return std::unique_ptr<Source>();
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

std::string json_string(std::string_view text) {
  const std::string valid = valid_utf8(text);
  std::string out = "\"";
  for (const char c : valid) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      constexpr std::string_view kHex = "0123456789abcdef";
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace wm::memento
