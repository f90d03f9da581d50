#include "server/archive/record_check.h"

#include <array>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/http/body.h"
#include "indexer/pipeline/http_record.h"

namespace wm::archive {

namespace {

using warc::RecordType;

/// The algorithms we can compute; others cannot be checked.
std::optional<Digester::Algorithm> algorithm_of(std::string_view digest) {
  const std::string label = to_lower(digest.substr(0, digest.find(':')));
  if (label == "sha1" || label == "sha-1") return Digester::Algorithm::kSha1;
  if (label == "sha256" || label == "sha-256") return Digester::Algorithm::kSha256;
  if (label == "md5") return Digester::Algorithm::kMd5;
  return std::nullopt;
}

/// base16, base32, base64, padded or not: whatever it was written in.
bool is_digest_of(std::string_view written, const std::string& raw) {
  const std::string value(trim(written.substr(written.find(':') + 1)));
  if (hex_decode(to_lower(value)) == raw) return true;
  return base32_decode(value) == raw || base64_decode(value) == raw;
}

Result<std::string> digest_of(Source& source, Digester::Algorithm algorithm) {
  Digester digester(algorithm);
  std::array<char, 64 << 10> buffer{};
  while (const std::size_t got = WM_TRY(source.read(buffer))) digester.update({buffer.data(), got});
  return digester.finish();
}

/// Takes a digest of what is read through it.
class Overheard final : public Source {
 public:
  Overheard(std::unique_ptr<Source> inner, Digester& digester) : inner_(std::move(inner)), digester_(digester) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t got = WM_TRY(inner_->read(into));
    digester_.update({into.data(), got});
    return got;
  }

 private:
  std::unique_ptr<Source> inner_;
  Digester& digester_;
};

/// The payload's digest as the standard has it, or as tools take it that leave chunked framing where it is.
Result<bool> payload_fits(warc::WarcRecord& record, std::string_view written, Digester::Algorithm algorithm) {
  Digester stored(algorithm);
  record.block_bytes.reset();
  auto opened = WM_TRY(pipeline::open_response(record));
  if (!opened.head) return is_digest_of(written, WM_TRY(digest_of(*opened.body, algorithm)));
  std::unique_ptr<Source> body = std::make_unique<Overheard>(std::move(opened.body), stored);
  if (opened.head->headers.has_token("Transfer-Encoding", "chunked")) body = http::dechunk_leniently(std::move(body));
  const bool fits = is_digest_of(written, WM_TRY(digest_of(*body, algorithm)));
  return fits || is_digest_of(written, stored.finish());
}

}  // namespace

Result<CheckedRecord> check_record(warc::WarcRecord& record, warc::WarcRecord again) {
  CheckedRecord checked;
  const auto block = record.field("WARC-Block-Digest");
  const auto algorithm = block ? algorithm_of(*block) : std::nullopt;
  Digester digester(algorithm.value_or(Digester::Algorithm::kSha1));
  record.block_ = std::make_unique<Overheard>(std::move(record.block_), digester);
  std::string why;
  checked.capture = WM_TRY(pipeline::capture_of(record, why));
  if (!why.empty()) checked.wrong.push_back(why);
  static_cast<void>(WM_TRY(skip(record.block(), UINT64_MAX)));
  if (algorithm && !is_digest_of(*block, digester.finish())) checked.wrong.push_back("the block is not what WARC-Block-Digest says");

  const auto payload = again.field("WARC-Payload-Digest");
  const auto of_payload = payload ? algorithm_of(*payload) : std::nullopt;
  if (!of_payload) return checked;
  if (record.type() == RecordType::kResponse) {
    if (!WM_TRY(payload_fits(again, *payload, *of_payload))) checked.wrong.push_back("the payload is not what WARC-Payload-Digest says");
  } else if (record.type() == RecordType::kResource) {
    if (!is_digest_of(*payload, WM_TRY(digest_of(again.block(), *of_payload)))) checked.wrong.push_back("the payload is not what WARC-Payload-Digest says");
  }
  return checked;
}

}  // namespace wm::archive
