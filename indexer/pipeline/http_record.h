#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/source.h"
#include "core/http/message.h"
#include "core/warc/record.h"

namespace wm::pipeline {

/// What has been read of a stream, and the stream: the whole again. The stream must outlive it.
class Rejoined final : public Source {
 public:
  Rejoined(std::string first, Source& rest) : first_(std::move(first)), rest_(rest) {}
  Result<std::size_t> read(std::span<char> into) override;

 private:
  std::string first_;
  std::size_t at_ = 0;
  Source& rest_;
};

/// The block of a record taken apart. `body` reads from the record's block: it lives as long as
/// that.
struct HttpRecord {
  std::optional<http::ResponseHead>
      head;                      ///< none: the block is no HTTP message, all of it is body
  std::unique_ptr<Source> body;  ///< as stored
};
Result<HttpRecord> open_response(warc::WarcRecord& record);

/// Does the record's Content-Type say, or let one guess, that the block is an HTTP message?
bool holds_http(const warc::WarcRecord& record);

struct HttpRequest {
  std::string method;
  std::string content_type;
  std::string body;         ///< de-chunked; at most 1 MiB
  std::string body_digest;  ///< of all of it; "" if there is none
};
/// nullopt if the block is no request.
Result<std::optional<HttpRequest>> read_request(warc::WarcRecord& record);

/// The payload digest of `first` and what is left of `body`.
Result<std::string> digest_of_rest(Source& body, std::string_view first = {});

/// "text/html" of "text/html; charset=utf-8", as written.
std::string essence_of(std::string_view content_type);

}  // namespace wm::pipeline
