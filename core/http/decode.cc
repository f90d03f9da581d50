#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "core/http/body.h"
#include "core/http/decoder_internal.h"

namespace wm::http {

namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kTextProbeBytes = 512;
constexpr std::uint64_t kTrialBytes = 1 << 20;
constexpr std::uint64_t kRatioFreeBytes = 1 << 20;
constexpr std::size_t kMemberMagicBytes = 4;
constexpr std::uint64_t kAtOnceBytes = 1 << 20;

/// Bytes of another Source with some of them in sight. An error waits until the bytes before it are
/// used up.
class Lookahead {
 public:
  explicit Lookahead(std::unique_ptr<Source> inner) : inner_(std::move(inner)) {}

  std::string_view view() const { return {buffer_.get() + at_, end_ - at_}; }
  void drop(std::size_t count) { at_ += count; }
  bool ended() const { return ended_; }
  const std::optional<Error>& error() const { return error_; }

  /// Until `want` bytes are in sight, or the end.
  void fill(std::size_t want) {
    if (end_ - at_ >= want || ended_) return;
    std::memmove(buffer_.get(), buffer_.get() + at_, end_ - at_);
    end_ -= at_;
    at_ = 0;
    while (end_ < want && !ended_) {
      const auto got = inner_->read({buffer_.get() + end_, kBufferBytes - end_});
      if (!got) error_ = got.error();
      ended_ = !got || *got == 0;
      if (got) end_ += *got;
    }
  }

 private:
  std::unique_ptr<Source> inner_;
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(kBufferBytes);
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
  std::optional<Error> error_;
};

bool looks_like_text(std::string_view bytes) {
  bytes = bytes.substr(0, kTextProbeBytes);
  return std::none_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r') || byte == 0x7f;
  });
}

/// The first bytes of a body; `whole` if there are no more.
struct Start {
  std::string_view bytes;
  bool whole;
};

bool has_magic(Format format) {
  return format != Format::kBrotli && format != Format::kRawDeflate;
}

/// Is this the start of such a stream? A magic number is not enough, and two formats have none: so
/// the first bytes are decoded for trial. A break before anything came out says no. Where the bytes
/// read as text anyway, any break says no, and so does an end before or after theirs: "3" and what
/// follows is an empty brotli stream and junk, or a text.
bool is_stream(Format format, Start start) {
  if (!starts_as(format, start.bytes)) return false;
  const bool text = looks_like_text(start.bytes);
  const auto decoder = make_decoder(format);
  std::array<char, 2048> scratch;
  std::string_view rest = start.bytes;
  for (std::uint64_t made = 0; made < kTrialBytes;) {
    const auto step = decoder->step(rest, scratch);
    if (!step) return step.error().code == Error::Code::kTooLarge;
    made += step->out;
    rest.remove_prefix(step->in);
    if (made > 0 && !text) return true;
    if (step->end) return !text || rest.empty();
    if (step->in == 0 && step->out == 0)
      return !start.whole || (!text && (made > 0 || has_magic(format)));
  }
  return true;
}

std::optional<Format> format_of(ContentCoding coding, Start start) {
  const auto if_stream = [start](Format format) {
    return is_stream(format, start) ? std::optional(format) : std::nullopt;
  };
  switch (coding) {
    case ContentCoding::kGzip:
      return if_stream(Format::kGzip);
    case ContentCoding::kBrotli:
      return if_stream(Format::kBrotli);
    case ContentCoding::kZstd:
      return if_stream(Format::kZstd);
    case ContentCoding::kDeflate:
      break;
  }
  const auto zlib = if_stream(Format::kZlib);
  return zlib ? zlib : if_stream(Format::kRawDeflate);
}

class DecodeSource final : public Source {
 public:
  DecodeSource(std::unique_ptr<Source> inner, ContentCoding coding, DecodeLimits limits)
      : input_(std::move(inner)), coding_(coding), limits_(limits) {}

  Result<std::size_t> read(std::span<char> into) override {
    if (failed_) return std::unexpected(*failed_);
    auto got = next(into);
    if (!got) failed_ = got.error();
    return got;
  }

 private:
  Result<std::size_t> next(std::span<char> into) {
    if (!begun_) begin();
    if (whole_) return whole_->read(into);
    const std::uint64_t left = limits_.bytes - made_;
    // At the limit one byte more tells an end from too much.
    char beyond = 0;
    const std::span<char> window =
        left == 0
            ? std::span<char>(&beyond, 1)
            : into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left)));
    const std::size_t got = WM_TRY(decoder_ ? decoded(window) : as_it_is(window));
    if (got > 0 && left == 0)
      return too_large("more than " + std::to_string(limits_.bytes) + " decoded bytes");
    made_ += got;
    if (decoder_ && above_ratio())
      return too_large("more than " + std::to_string(limits_.ratio) + " times its coded size");
    return got;
  }

  void begin() {
    begun_ = true;
    input_.fill(kBufferBytes);
    const Start start{input_.view(), input_.ended() && !input_.error()};
    if (coding_ == ContentCoding::kGzip && start.whole) {
      const auto limit = std::min(limits_.bytes, kAtOnceBytes);
      if (auto plain = gunzip_whole(start.bytes, static_cast<std::size_t>(limit))) {
        whole_.emplace(std::move(*plain));
        return;
      }
    }
    if (const auto format = format_of(coding_, start)) decoder_ = make_decoder(*format);
  }

  Result<std::size_t> as_it_is(std::span<char> into) {
    input_.fill(1);
    const std::string_view bytes = input_.view();
    if (bytes.empty() && input_.error()) return std::unexpected(*input_.error());
    const std::size_t count = std::min(bytes.size(), into.size());
    if (count > 0) std::memcpy(into.data(), bytes.data(), count);
    input_.drop(count);
    return count;
  }

  Result<std::size_t> decoded(std::span<char> into) {
    while (!ended_) {
      const auto step = WM_TRY(decoder_->step(input_.view(), into));
      input_.drop(step.in);
      coded_ += step.in;
      if (step.end) end_member();
      if (step.out > 0) return step.out;
      if (step.end || step.in > 0) continue;
      if (!input_.view().empty())
        return fail(Error::Code::kCorrupt, "coded stream that does not go on");
      input_.fill(1);
      if (input_.view().empty()) return cut_off();
    }
    return std::size_t{0};
  }

  void end_member() {
    input_.fill(kMemberMagicBytes);
    ended_ = !decoder_->restart(input_.view());
  }

  std::unexpected<Error> cut_off() const {
    if (input_.error()) return std::unexpected(*input_.error());
    return fail(Error::Code::kCorrupt,
                "coded stream cut off after " + std::to_string(coded_) + " bytes");
  }

  bool above_ratio() const {
    if (limits_.ratio == 0 || made_ <= kRatioFreeBytes) return false;
    const std::uint64_t times = made_ / limits_.ratio;
    return times > coded_ || (times == coded_ && made_ % limits_.ratio > 0);
  }

  static std::unexpected<Error> too_large(std::string what) {
    return fail(Error::Code::kTooLarge, std::move(what));
  }

  Lookahead input_;
  ContentCoding coding_;
  DecodeLimits limits_;
  std::unique_ptr<Decoder> decoder_;
  std::optional<StringSource> whole_;  ///< a small body, decoded at once
  std::uint64_t coded_ = 0;
  std::uint64_t made_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  std::optional<Error> failed_;
};

}  // namespace

std::unique_ptr<Source> decode(std::unique_ptr<Source> inner, ContentCoding coding,
                               DecodeLimits limits) {
  return std::make_unique<DecodeSource>(std::move(inner), coding, limits);
}

}  // namespace wm::http
