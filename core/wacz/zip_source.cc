// The bytes of one entry: stored or deflated (RFC 1951), counted and checked against what the directory announces.
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/wacz/zip.h"

namespace wm::wacz {

namespace {

constexpr std::uint64_t kRatioFree = 64ull << 20;

/// Raw deflate. A z_stream can't move (zlib keeps its address), so neither can this.
class InflateSource final : public Source {
 public:
  explicit InflateSource(std::unique_ptr<Source> inner) : inner_(std::move(inner)) { ready_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK; }
  ~InflateSource() override {
    if (ready_) inflateEnd(&stream_);
  }
  InflateSource(const InflateSource&) = delete;
  InflateSource& operator=(const InflateSource&) = delete;

  Result<std::size_t> read(std::span<char> into) override {
    if (!ready_) return fail(Error::Code::kIo, "no memory for inflating");
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(into.size(), 1 << 30));
    const uInt room = stream_.avail_out;
    while (!ended_ && stream_.avail_out == room) {
      if (stream_.avail_in == 0) {
        stream_.avail_in = static_cast<uInt>(WM_TRY(inner_->read(buffer_)));
        stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        if (stream_.avail_in == 0) return fail(Error::Code::kCorrupt, "the deflated data is cut off");
      }
      const int got = inflate(&stream_, Z_NO_FLUSH);
      if (got == Z_STREAM_END) ended_ = true;
      if (got != Z_OK && got != Z_STREAM_END && got != Z_BUF_ERROR) return fail(Error::Code::kCorrupt, "the deflated data is damaged");
    }
    return std::size_t{room - stream_.avail_out};
  }

 private:
  std::unique_ptr<Source> inner_;
  std::array<char, 65536> buffer_{};
  z_stream stream_{};
  bool ready_ = false;
  bool ended_ = false;
};

class CheckedSource final : public Source {
 public:
  CheckedSource(std::unique_ptr<Source> inner, ZipEntry entry, ZipLimits limits) : inner_(std::move(inner)), entry_(std::move(entry)), limits_(limits) {}

  Result<std::size_t> read(std::span<char> into) override {
    if (failed_) return std::unexpected(*failed_);
    auto got = inner_->read(into);
    if (got) got = checked(into.first(*got));
    if (!got) failed_ = Error{got.error().code, entry_.name + ": " + got.error().what};
    if (failed_) return std::unexpected(*failed_);
    return got;
  }

 private:
  Result<std::size_t> checked(std::span<const char> bytes) {
    if (bytes.empty()) return at_end();
    count_ += bytes.size();
    crc_ = static_cast<std::uint32_t>(crc32_z(crc_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    if (count_ > limits_.decoded_bytes) return fail(Error::Code::kTooLarge, fmt::format("more than {} bytes", limits_.decoded_bytes));
    if (count_ > kRatioFree && count_ / std::max<std::uint64_t>(entry_.stored, 1) > limits_.ratio) {
      return fail(Error::Code::kTooLarge, fmt::format("inflates to more than {} times its size", limits_.ratio));
    }
    if (!entry_.torn && count_ > entry_.size) return fail(Error::Code::kCorrupt, fmt::format("longer than the {} bytes announced", entry_.size));
    return bytes.size();
  }

  Result<std::size_t> at_end() const {
    if (entry_.torn) return std::size_t{0};
    if (count_ != entry_.size) return fail(Error::Code::kCorrupt, fmt::format("{} bytes instead of {}", count_, entry_.size));
    if (crc_ != entry_.crc32) return fail(Error::Code::kCorrupt, "the CRC does not match");
    return std::size_t{0};
  }

  std::unique_ptr<Source> inner_;
  const ZipEntry entry_;
  const ZipLimits limits_;
  std::uint64_t count_ = 0;
  std::uint32_t crc_ = 0;
  std::optional<Error> failed_;
};

}  // namespace

Result<std::unique_ptr<Source>> ZipReader::read(const ZipEntry& entry) const {
  if (entry.encrypted) return fail(Error::Code::kUnsupported, entry.name + " is encrypted");
  if (entry.method == ZipEntry::Method::kOther) return fail(Error::Code::kUnsupported, entry.name + " is compressed in a way that WACZ does not allow");
  const std::uint64_t data = WM_TRY(data_offset(entry));
  std::unique_ptr<Source> source = file_source(file_, data, entry.stored);
  if (entry.method == ZipEntry::Method::kDeflated) source = std::make_unique<InflateSource>(std::move(source));
  return std::make_unique<CheckedSource>(std::move(source), entry, limits_);
}

}  // namespace wm::wacz
