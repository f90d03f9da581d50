#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "archiver/browser/rendered_page.h"
#include "archiver/browser/seen_queue.h"
#include "archiver/capture/capture.h"
#include "archiver/capture/recorder.h"
#include "core/url/url.h"

namespace wm::browser {

/// The WARC of one capture in the making. It begins when the page itself has arrived; what comes
/// before that waits, so that a page that cannot be had leaves no file. One thread.
class CaptureRecord {
 public:
  /// What is remembered of each URL's last answer to a GET.
  struct Known {
    SysMicros started{};
    int status = 0;
    std::string mime;
    std::string redirect;  ///< "" if it leads nowhere
    fetch::Truncated truncated = fetch::Truncated::kNo;
    std::uint64_t bytes = 0;
    bool is_page = false;  ///< HTML
  };

  CaptureRecord(const std::filesystem::path& root, const archiver::PayloadLookup& lookup,
                const archiver::CaptureRequest& request, const url::Url& seed);
  ~CaptureRecord();  ///< abandons what is not finished

  /// kIo, kConflict, kInvalid as WarcWriter and Recorder.
  Result<> take(SeenQueue::Seen seen);
  bool begun() const { return writer_ != nullptr; }
  const Known* find(const std::string& url) const;
  /// Where the seed's redirects lead among what was recorded.
  std::string end_of_redirects() const;
  std::size_t resources() const { return recorder_ ? recorder_->resources() : waiting_.size(); }
  std::uint64_t bytes() const { return bytes_; }

  /// Writes what the browser made of the page and the page info, and finishes the file: the capture
  /// is then true and final. Fills in what the record knows of the result.
  Result<> finish(const RenderedPage& page, const archiver::PageInfo& info,
                  archiver::CaptureResult& result);

 private:
  Result<> begin(SysMicros date);
  Result<> record(const SeenQueue::Seen& seen);
  bool is_seed(const fetch::Exchange& exchange) const;

  const std::filesystem::path& root_;
  const archiver::PayloadLookup& lookup_;
  const archiver::CaptureRequest& request_;
  const url::Url seed_;
  std::string seed_as_answered_;  ///< its URL, https: where the browser knew better
  std::vector<SeenQueue::Seen> waiting_;
  std::string path_;
  std::unique_ptr<warc::WarcWriter> writer_;
  std::optional<archiver::Recorder> recorder_;
  std::unordered_map<std::string, Known> known_;
  std::uint64_t bytes_ = 0;
  bool finished_ = false;
};

}  // namespace wm::browser
