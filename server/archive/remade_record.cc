#include "server/archive/remade_record.h"

#include <array>
#include <chrono>

#include "core/base/digest.h"
#include "core/http/body.h"
#include "core/warc/conforming.h"
#include "core/warc/gzip_compressor.h"
#include "core/warc/record_builder.h"
#include "indexer/pipeline/http_record.h"

namespace wm::archive {

namespace {

constexpr int kLevel = 6;

struct Measured {
  std::uint64_t length = 0;
  std::string digest;
};

Result<Measured> measure(Source& block) {
  Digester digester(Digester::Algorithm::kSha1);
  Measured measured;
  std::array<char, 64 << 10> buffer{};
  for (;;) {
    const std::size_t got = WM_TRY(block.read(buffer));
    if (got == 0) break;
    digester.update({buffer.data(), got});
    measured.length += got;
  }
  measured.digest = sha1_label(digester.finish());
  return measured;
}

bool is_http_message(warc::RecordType type) {
  return type == warc::RecordType::kResponse || type == warc::RecordType::kRequest || type == warc::RecordType::kRevisit;
}

http::Headers fields_of(const warc::WarcRecord& record, const cdx::Capture& capture, const NewId& id) {
  const SysMicros date = record.date().value_or(SysMicros(capture.time.time()));
  if (!record.version.starts_with("WARC/")) {
    const warc::Event event{.target_uri = record.target_uri(), .date = date};
    if (capture.status) return warc::response(event, capture.digest).fields;
    return warc::resource(event, record.field("Content-Type").value_or("application/octet-stream"), capture.digest).fields;
  }
  http::Headers fields = warc::conforming_fields(record, {.id = id.id, .date = date});
  if (id.always) fields.set("WARC-Record-ID", id.id);
  warc::modernize(fields, record.type());
  for (const char* name : {"WARC-Segment-Number", "WARC-Segment-Total-Length"}) fields.remove(name);  // it is whole, or says that it is not
  if (!fields.has("Content-Type") && is_http_message(record.type())) {
    fields.add("Content-Type", record.type() == warc::RecordType::kRequest ? "application/http;msgtype=request" : "application/http;msgtype=response");
  }
  return fields;
}

/// Of the entity: without chunks.
Result<std::string> payload_digest(warc::WarcRecord record) {
  record.block_bytes.reset();
  auto opened = WM_TRY(pipeline::open_response(record));
  std::unique_ptr<Source> body = std::move(opened.body);
  if (opened.head && opened.head->headers.has("Transfer-Encoding")) body = http::dechunk_leniently(std::move(body));
  return WM_TRY(measure(*body)).digest;
}

/// What the block turned out to be.
void set_measures(http::Headers& fields, const Measured& block, warc::RecordType type, bool incomplete) {
  fields.set("Content-Length", std::to_string(block.length));
  const auto written = fields.find("WARC-Block-Digest");
  const bool sha1 = written && normalized_digest(*written).starts_with("sha1:");
  const bool damaged = incomplete || (sha1 && normalized_digest(*written) != block.digest);
  // What is left is not what was promised. The payload of a revisit is elsewhere, and wget takes its block for empty.
  if (damaged && type != warc::RecordType::kRevisit) {
    fields.remove("WARC-Payload-Digest");
    fields.set("WARC-Truncated", "unspecified");
  }
  fields.set("WARC-Block-Digest", block.digest);
}

std::string head_of(const http::Headers& fields) {
  std::string head = "WARC/1.1\r\n";
  for (const http::Header& field : fields) head.append(field.name).append(": ").append(field.value).append("\r\n");
  return head + "\r\n";
}

/// Head, block and trailer through gzip, a piece at a time.
class Compressing final : public Source {
 public:
  Compressing(std::string head, warc::WarcRecord record) : head_(std::move(head)), record_(std::move(record)), gzip_(kLevel) {}

  Result<std::size_t> read(std::span<char> into) override {
    while (given_ == out_.size()) {
      if (ended_) return std::size_t{0};
      given_ = 0;
      out_.clear();
      WM_TRY(step());
    }
    const std::size_t count = std::min(into.size(), out_.size() - given_);
    std::copy_n(out_.data() + given_, count, into.data());
    given_ += count;
    return count;
  }

 private:
  Result<> step() {
    if (!head_.empty()) {
      WM_TRY(gzip_.begin([this](std::string_view bytes) -> Result<> {
        out_ += bytes;
        return {};
      }));
      WM_TRY(gzip_.add(head_));
      head_.clear();
      return {};
    }
    const std::size_t got = WM_TRY(record_.block().read(buffer_));
    if (got > 0) return gzip_.add({buffer_.data(), got});
    WM_TRY(gzip_.add("\r\n\r\n"));
    ended_ = true;
    return gzip_.end();
  }

  std::string head_;
  warc::WarcRecord record_;
  warc::GzipCompressor gzip_;
  std::string out_;
  std::size_t given_ = 0;
  bool ended_ = false;
  std::array<char, 64 << 10> buffer_{};
};

}  // namespace

Result<RemadeRecord> remade_record(const std::function<Result<warc::WarcRecord>()>& open, const cdx::Capture& capture, const NewId& id) {
  auto record = WM_TRY(open());
  http::Headers fields = fields_of(record, capture, id);
  const bool joined = record.field("WARC-Segment-Number").has_value();
  if (joined) fields.remove("WARC-Block-Digest");  // of the first part
  const Measured block = WM_TRY(measure(record.block()));
  set_measures(fields, block, record.type(), joined && !record.damage.empty());
  const bool wants_payload = record.type() == warc::RecordType::kResponse && !fields.has("WARC-Payload-Digest");
  if (wants_payload) {
    auto again = WM_TRY(open());
    fields.add("WARC-Payload-Digest", WM_TRY(payload_digest(std::move(again))));
  }
  auto last = WM_TRY(open());
  auto bytes = std::make_unique<Compressing>(head_of(fields), std::move(last));
  return RemadeRecord{.bytes = std::move(bytes), .fields = std::move(fields)};
}

}  // namespace wm::archive
