#include "server/archive/whole_member.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace wm::archive {

namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

class Inflating {
 public:
  Inflating() : ready_(inflateInit2(&stream_, kGzipOnly) == Z_OK) {}
  ~Inflating() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflating(const Inflating&) = delete;
  Inflating& operator=(const Inflating&) = delete;

  /// Takes all of `bytes`; false when that cannot be, or the member ended before the last of them.
  bool take(std::span<char> bytes) {
    if (!ready_ || ended_) return false;
    stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    int status = Z_OK;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      status = inflate(&stream_, Z_NO_FLUSH);
      note(out_.size() - stream_.avail_out);
    } while (status == Z_OK && (stream_.avail_in > 0 || stream_.avail_out == 0));
    ended_ = status == Z_STREAM_END;
    return stream_.avail_in == 0 && (ended_ || status == Z_OK || status == Z_BUF_ERROR);
  }
  bool ended() const { return ended_; }
  /// Head, block and the line ends behind it, and no more.
  bool holds_record(std::uint64_t block_bytes) const {
    const std::size_t head = first_.find("\r\n\r\n");
    return first_.starts_with("WARC/") && head != std::string::npos && made_ == head + 4 + block_bytes + 4;
  }

 private:
  void note(std::size_t count) {
    constexpr std::size_t kHeadBytes = 64 << 10;
    if (first_.size() < kHeadBytes) first_.append(out_.data(), count);
    made_ += count;
  }

  z_stream stream_{};
  bool ready_;
  bool ended_ = false;
  std::uint64_t made_ = 0;
  std::string first_;
  std::array<char, 64 << 10> out_{};
};

}  // namespace

Result<bool> is_whole_member(const ReadFile& file, std::uint64_t offset, std::uint64_t length, std::uint64_t block_bytes) {
  const auto member = std::make_unique<Inflating>();
  std::array<char, 64 << 10> buffer{};
  for (std::uint64_t at = 0; at < length;) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), length - at));
    const std::size_t got = WM_TRY(file.read_at(offset + at, std::span<char>(buffer).first(most)));
    if (got == 0 || !member->take(std::span<char>(buffer).first(got))) return false;
    at += got;
  }
  return member->ended() && member->holds_record(block_bytes);
}

}  // namespace wm::archive
