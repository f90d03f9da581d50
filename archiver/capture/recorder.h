#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archiver/capture/capture.h"
#include "archiver/fetch/exchange.h"
#include "core/base/result.h"
#include "core/warc/record_builder.h"
#include "core/warc/writer.h"

namespace wm::archiver {

/// What happened to one URL of a page, for the page info record.
struct UrlOutcome {
  std::string url;
  int status = 0;
  std::string mime;
  std::string type;  ///< "document", "stylesheet" …
};

/// What is told about a capture as a whole; docs/formats/pageinfo.md.
struct PageInfo {
  std::string url;  ///< of the page, after redirects
  SysMicros date;   ///< of its record
  int status = 0;
  std::string engine;  ///< "http", "browser"
  std::vector<Missed> missed;
  std::vector<std::string> limits;  ///< that were reached: "time", "bytes", "resources", "depth"
  std::string title = {};           ///< as the browser had it at the end
  std::vector<std::string> notes = {};  ///< what was cut short, and why
};

/// Turns exchanges into WARC records, whichever engine made them: a response, or a revisit where
/// the payload is held already (in the index or in this capture), and right after it its request.
/// Both have the exchange's date and URL. One thread; after an error the writer must be abandoned.
/// Sources: facts/warc.md §1.3 to §1.7.
class Recorder {
 public:
  /// Both outlive the recorder. `page_id` is the capture's id.
  Recorder(warc::WarcWriter& writer, const PayloadLookup& lookup, std::string page_id);

  /// `resource_type` as in WARC-Resource-Type. kIo.
  Result<> record(const fetch::Exchange& exchange, std::string_view resource_type);
  /// A resource record: what was made of a page, such as a picture. kIo.
  Result<> record_made(const std::string& target_uri, SysMicros date, std::string_view content_type,
                       std::string_view bytes);
  /// The urn:pageinfo: record; to be written last.
  Result<> record_page_info(const PageInfo& info);

  std::size_t resources() const { return outcomes_.size(); }  ///< responses and revisits
  std::size_t revisits() const { return revisits_; }

 private:
  std::optional<warc::Revisited> original_of(const fetch::Exchange& exchange) const;
  Result<> write_message(const warc::NewRecord& record, std::string_view head,
                         const fetch::Spool& body);

  warc::WarcWriter& writer_;
  const PayloadLookup& lookup_;
  const std::string page_id_;
  std::unordered_map<std::string, warc::Revisited>
      held_;  ///< by digest: the record that has the bytes
  std::vector<UrlOutcome> outcomes_;
  std::size_t revisits_ = 0;
};

/// "text/html" of a Content-Type, in lower case; "" if there is none.
std::string mime_of(const http::Headers& headers);

}  // namespace wm::archiver
