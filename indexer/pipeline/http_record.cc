#include "indexer/pipeline/http_record.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/http/body.h"
#include "core/http/parser.h"

namespace wm::pipeline {
namespace {

constexpr std::size_t kFirstBytes = 16 << 10;
constexpr std::size_t kRequestBody = 1 << 20;

/// `count` bytes more, or what there is: not one byte of the rest is taken.
Result<std::size_t> read_more(Source& source, std::string& bytes, std::size_t count) {
  const std::size_t before = bytes.size();
  while (bytes.size() < before + count) {
    const std::size_t had = bytes.size();
    bytes.resize(before + count);
    const auto got = source.read(std::span<char>(bytes).subspan(had));
    bytes.resize(had + got.value_or(0));
    if (!got) return std::unexpected(got.error());
    if (*got == 0) break;
  }
  return bytes.size() - before;
}

/// Enough of the block to hold the head, or all there is within the limit of heads.
Result<std::string> read_head(Source& block) {
  std::string bytes;
  std::size_t seen = 0;
  std::size_t want = kFirstBytes;
  while (true) {
    const bool end = WM_TRY(read_more(block, bytes, want)) < want;
    if (end || bytes.size() >= http::kArchiveHeadLimits.bytes || http::head_length(bytes, seen))
      return bytes;
    seen = bytes.size();
    want = bytes.size();  // doubles: linear in all
  }
}

}  // namespace

Result<std::size_t> Rejoined::read(std::span<char> into) {
  if (at_ == first_.size()) return rest_.read(into);
  const std::size_t count = std::min(into.size(), first_.size() - at_);
  std::copy_n(first_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
  at_ += count;
  return count;
}

bool holds_http(const warc::WarcRecord& record) {
  const auto type = record.field("Content-Type");
  if (type) return istarts_with(trim(*type), "application/http");
  const std::string uri = record.target_uri();
  return istarts_with(uri, "http:") || istarts_with(uri, "https:");
}

Result<HttpRecord> open_response(warc::WarcRecord& record) {
  HttpRecord result;
  std::string first;
  if (holds_http(record)) {
    first = WM_TRY(read_head(record.block()));
    // Any line may pass for a lenient status line; what neither ends as a head does nor begins as
    // one is a body.
    auto parsed = http::parse_archived_response_head(first);
    if (parsed && (parsed->complete || istarts_with(trim(first), "HTTP/") ||
                   istarts_with(trim(first), "ICY"))) {
      result.head = std::move(parsed->head);
      first.erase(0, parsed->length);
    }
  }
  result.body = std::make_unique<Rejoined>(std::move(first), record.block());
  return result;
}

Result<std::optional<HttpRequest>> read_request(warc::WarcRecord& record) {
  std::string first = WM_TRY(read_head(record.block()));
  auto parsed = http::parse_request_head(first, http::Mode::kLenient, http::kArchiveHeadLimits);
  if (!parsed) return std::nullopt;
  HttpRequest request;
  request.method = parsed->head.method;
  request.content_type = parsed->head.headers.find("Content-Type").value_or("");
  if (iequals(request.method, "GET")) return request;
  first.erase(0, parsed->length);
  std::unique_ptr<Source> body = std::make_unique<Rejoined>(std::move(first), record.block());
  if (parsed->head.headers.has("Transfer-Encoding"))
    body = http::dechunk_leniently(std::move(body));
  request.body = WM_TRY(read_up_to(*body, kRequestBody));
  if (!request.body.empty()) request.body_digest = WM_TRY(digest_of_rest(*body, request.body));
  return request;
}

Result<std::string> digest_of_rest(Source& body, std::string_view first) {
  Digester digester(Digester::Algorithm::kSha1);
  digester.update(first);
  std::array<char, 65536> buffer{};
  while (const std::size_t count = WM_TRY(body.read(buffer)))
    digester.update(std::string_view(buffer.data(), count));
  return sha1_label(digester.finish());
}

std::string essence_of(std::string_view content_type) {
  content_type = trim(content_type);
  return std::string(trim(content_type.substr(0, content_type.find_first_of("; \t,"))));
}

}  // namespace wm::pipeline
