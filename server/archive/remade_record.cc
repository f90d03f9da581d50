#include "server/archive/remade_record.h"

#include <array>
#include <chrono>

#include "core/base/digest.h"
#include "core/warc/gzip_compressor.h"
#include "core/warc/reader.h"
#include "core/warc/record_builder.h"

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

http::Headers fields_of(const warc::WarcRecord& record, const cdx::Capture& capture) {
  if (record.version.starts_with("WARC/")) return record.fields;
  const warc::Event event{.target_uri = record.target_uri(), .date = record.date().value_or(SysMicros(capture.time.time()))};
  if (capture.status) return warc::response(event, capture.digest).fields;
  return warc::resource(event, record.field("Content-Type").value_or("application/octet-stream"), capture.digest).fields;
}

std::string head_of(const warc::WarcRecord& record, const cdx::Capture& capture, const Measured& block) {
  http::Headers fields = fields_of(record, capture);
  fields.set("Content-Length", std::to_string(block.length));
  const auto written = fields.find("WARC-Block-Digest");
  const bool sha1 = written && normalized_digest(*written).starts_with("sha1:");
  if (sha1 && normalized_digest(*written) != block.digest) {  // damaged: what is left is not what was promised
    fields.remove("WARC-Payload-Digest");
    fields.set("WARC-Truncated", "unspecified");
  }
  if (!written || sha1) fields.set("WARC-Block-Digest", block.digest);
  std::string head = (record.version.starts_with("WARC/") ? record.version : "WARC/1.1") + "\r\n";
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

Result<std::unique_ptr<Source>> remade_record(std::shared_ptr<const ReadFile> file, const cdx::Capture& capture) {
  auto record = WM_TRY(warc::read_record_at(file, capture.offset, capture.length));
  const Measured block = WM_TRY(measure(record.block()));
  std::string head = head_of(record, capture, block);
  auto again = WM_TRY(warc::read_record_at(std::move(file), capture.offset, capture.length));
  return std::make_unique<Compressing>(std::move(head), std::move(again));
}

}  // namespace wm::archive
