#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/http/headers.h"
#include "core/warc/writer.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/store/store.h"
#include "tests/support/test_support.h"

namespace wm::test {

/// A small archive in a temporary folder: WARC records written by core/warc, captures filed in a
/// real index.
class Archive {
 public:
  Archive();
  ~Archive();

  struct Response {
    std::string url;
    std::string time;  ///< 14 digits
    std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    std::string body = {};
    std::string method = {};
  };
  /// Writes a response record and files its capture.
  cdx::Capture add(const Response& response);
  /// A revisit of `original`. Its own head is kept; `refers` false leaves WARC-Refers-To-* out.
  enum class Refers { kNo, kYes };
  cdx::Capture add_revisit(const cdx::Capture& original, const std::string& url,
                           const std::string& time, const std::string& head, Refers refers);
  /// Files a capture as it is, true or not.
  void file(const cdx::Capture& capture);
  /// Closes the WARC; nothing can be added afterwards, and only now can it be read.
  void finish();

  const cdx::CdxIndex& index() const { return *index_; }
  std::filesystem::path root() const { return dir_.path() / "warcs"; }

 private:
  cdx::Capture filed(const std::string& url, const std::string& time, const std::string& head,
                     std::string digest, warc::RecordPosition position);

  TempDir dir_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<cdx::CdxIndex> index_;
  std::unique_ptr<warc::WarcWriter> writer_;
};

inline constexpr std::string_view kWarcName = "web/2020/01/test.warc.gz";

}  // namespace wm::test
