#include "archiver/browser/capture_record.h"

#include <algorithm>

#include "archiver/capture/exchange_rules.h"
#include "archiver/capture/warc_path.h"
#include "core/http/media_type.h"

namespace wm::browser {
namespace {

constexpr int kRedirects = 50;

}  // namespace

CaptureRecord::CaptureRecord(const std::filesystem::path& root,
                             const archiver::PayloadLookup& lookup,
                             const archiver::CaptureRequest& request, const url::Url& seed)
    : root_(root), lookup_(lookup), request_(request), seed_(seed) {}

CaptureRecord::~CaptureRecord() {
  if (writer_ && !finished_) writer_->abandon();
}

const CaptureRecord::Known* CaptureRecord::find(const std::string& url) const {
  const auto found = known_.find(url);
  return found == known_.end() ? nullptr : &found->second;
}

/// Browsers know by heart of some hosts that they are https only, and ask nothing under http.
bool CaptureRecord::is_seed(const fetch::Exchange& exchange) const {
  if (exchange.method != "GET") return false;
  const std::string seed = seed_.href_without_fragment();
  return exchange.url == seed ||
         (seed.starts_with("http://") && exchange.url == "https://" + seed.substr(7));
}

Result<> CaptureRecord::begin(SysMicros date) {
  const Time14 time(std::chrono::floor<std::chrono::seconds>(date));
  path_ = WM_TRY(archiver::warc_path(request_.collection, time, request_.capture_id, seed_.host()));
  writer_ = WM_TRY(warc::WarcWriter::create(root_ / path_, date));
  recorder_.emplace(*writer_, lookup_, request_.capture_id);
  return {};
}

Result<> CaptureRecord::record(const SeenQueue::Seen& seen) {
  const fetch::Exchange& exchange = seen.exchange;
  const bool is_get = exchange.method == "GET";
  // The browser had it already; at replay this must not stand in the way of the answer itself.
  if (exchange.response.status == 304 && find(exchange.url) != nullptr) return {};
  WM_TRY(recorder_->record(exchange, seen.facts.resource_type));
  if (!is_get) return {};
  Known known{.started = exchange.started,
              .status = exchange.response.status,
              .mime = archiver::mime_of(exchange.response.headers),
              .redirect = {},
              .truncated = exchange.truncated,
              .bytes = exchange.body->size()};
  if (archiver::is_redirect(exchange))
    known.redirect = archiver::redirect_target(exchange).value_or("");
  const auto type = http::content_type(exchange.response.headers);
  known.is_page = type && type->is_html();
  known_.insert_or_assign(exchange.url, std::move(known));
  return {};
}

Result<> CaptureRecord::take(SeenQueue::Seen seen) {
  bytes_ += seen.exchange.body->size();
  if (begun()) return record(seen);
  const bool seed = is_seed(seen.exchange);
  const SysMicros date = seen.exchange.started;
  if (seed) seed_as_answered_ = seen.exchange.url;
  waiting_.push_back(std::move(seen));
  if (!seed) return {};
  WM_TRY(begin(date));
  // The page first, as its readers expect.
  std::swap(waiting_.front(), waiting_.back());
  for (const SeenQueue::Seen& one : std::exchange(waiting_, {})) WM_TRY(record(one));
  return {};
}

std::string CaptureRecord::end_of_redirects() const {
  std::string url = seed_as_answered_;
  for (int hop = 0; hop < kRedirects; ++hop) {
    const Known* const known = find(url);
    if (known == nullptr || known->redirect.empty() || find(known->redirect) == nullptr) break;
    url = known->redirect;
  }
  return url;
}

Result<> CaptureRecord::finish(const RenderedPage& page, const archiver::PageInfo& info,
                               archiver::CaptureResult& result) {
  struct Made {
    const char* urn;
    const char* type;
    const std::string& bytes;
  };
  const Made made[] = {{"urn:view:", "image/png", page.view},
                       {"urn:thumbnail:", "image/jpeg", page.thumbnail},
                       {"urn:fullPage:", "image/png", page.full_page},
                       {"urn:text:", "text/plain; charset=utf-8", page.text},
                       {"urn:dom:", "text/html; charset=utf-8", page.dom}};
  for (const Made& one : made) {
    if (!one.bytes.empty())
      WM_TRY(recorder_->record_made(one.urn + info.url, info.date, one.type, one.bytes));
  }
  WM_TRY(recorder_->record_page_info(info));
  WM_TRY(writer_->finish());
  finished_ = true;
  result.warc = path_;
  result.resources = recorder_->resources();
  result.revisits = recorder_->revisits();
  result.bytes = bytes_;
  return {};
}

}  // namespace wm::browser
