// RFC 9112 7.1.
#include <algorithm>
#include <cstring>

#include "core/base/ascii.h"
#include "core/http/body.h"

namespace wm::http {

namespace {

constexpr unsigned kMaxSizeDigits = 16;
/// Extension and trailer bytes that may be ahead of the data carried.
constexpr std::size_t kMaxSkipped = 16 * 1024;
constexpr std::size_t kBufferBytes = 64 * 1024;

constexpr bool is_text(char c) noexcept {
  return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

}  // namespace

ChunkedParser::State ChunkedParser::size_read() {
  started_ = true;
  digits_ = 0;
  skipped_ -= std::min<std::uint64_t>(skipped_, left_);
  return left_ > 0 ? State::kData : State::kTrailerStart;
}

ChunkedParser::State ChunkedParser::skip(char c, State stay, State at_cr, State at_lf) {
  if (c == '\r') return at_cr;
  if (c == '\n' && lenient()) return at_lf == State::kData ? size_read() : at_lf;
  if ((!is_text(c) && !lenient()) || c == '\n' || ++skipped_ > kMaxSkipped) return State::kFailed;
  return stay;
}

ChunkedParser::State ChunkedParser::in_size(char c) {
  const int digit = hex_value(c);
  if (digit >= 0) {
    if (++digits_ > kMaxSizeDigits) return State::kFailed;
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    return State::kSize;
  }
  if (digits_ == 0) return State::kFailed;
  if (c == '\r') return State::kSizeLf;
  if (c == ';') return State::kExtension;
  if (c == ' ' || c == '\t') return State::kBlank;
  return c == '\n' && lenient() ? size_read() : State::kFailed;
}

ChunkedParser::State ChunkedParser::next(char c) {
  switch (state_) {
    case State::kSize:
      return in_size(c);
    case State::kBlank:  // before ";" alone; some old servers pad sizes with blanks
      if (c == ';') return State::kExtension;
      if (c != ' ' && c != '\t' && !((c == '\r' || c == '\n') && lenient())) return State::kFailed;
      return skip(c, State::kBlank, State::kSizeLf, State::kData);
    case State::kExtension:
      return skip(c, State::kExtension, State::kSizeLf, State::kData);
    case State::kSizeLf:
      return c == '\n' ? size_read() : State::kFailed;
    case State::kDataCr:
      if (c == '\r') return State::kDataLf;
      return lenient() ? line_end(c, State::kSize) : State::kFailed;
    case State::kDataLf:
      return line_end(c, State::kSize);
    case State::kTrailerStart:
      return skip(c, State::kTrailer, State::kEndLf, State::kDone);
    case State::kTrailer:
      return skip(c, State::kTrailer, State::kTrailerLf, State::kTrailerStart);
    case State::kTrailerLf:
      return line_end(c, State::kTrailerStart);
    case State::kEndLf:
      return line_end(c, State::kDone);
    case State::kData:
    case State::kDone:
    case State::kFailed:
      break;
  }
  return State::kFailed;
}

Result<ChunkedParser::Step> ChunkedParser::feed(std::string_view input) {
  Step step;
  while (step.consumed < input.size() && state_ != State::kData && state_ != State::kDone &&
         state_ != State::kFailed) {
    state_ = next(input[step.consumed++]);
  }
  if (state_ == State::kFailed) return fail(Error::Code::kInvalid, "not chunked framing");
  if (state_ == State::kData && step.consumed < input.size()) {
    step.data = input.substr(step.consumed, static_cast<std::size_t>(std::min<std::uint64_t>(
                                                left_, input.size() - step.consumed)));
    step.consumed += step.data.size();
    left_ -= step.data.size();
    if (left_ == 0) state_ = State::kDataCr;
  }
  step.done = state_ == State::kDone;
  return step;
}

namespace {

class DechunkSource final : public Source {
 public:
  explicit DechunkSource(std::unique_ptr<Source> inner) : inner_(std::move(inner)) {}

  Result<std::size_t> read(std::span<char> into) override {
    for (;;) {
      if (!ready_.empty()) return give(into);
      if (end_) return std::size_t{0};
      if (raw_ && rest_.empty()) return inner_->read(into);
      if (raw_) {
        ready_ = std::exchange(rest_, {});
      } else if (rest_.empty()) {
        WM_TRY(refill());
      } else {
        WM_TRY(advance());
      }
    }
  }

 private:
  std::size_t give(std::span<char> into) {
    const std::size_t count = std::min(into.size(), ready_.size());
    std::memcpy(into.data(), ready_.data(), count);
    ready_.remove_prefix(count);
    return count;
  }

  Result<> refill() {
    if (buffer_.empty()) buffer_.resize(kBufferBytes);
    const std::size_t got = WM_TRY(inner_->read(buffer_));
    rest_ = std::string_view(buffer_).substr(0, got);
    return got == 0 ? at_end() : Result<>();
  }

  Result<> advance() {
    const auto step = parser_.feed(rest_);
    if (!step) return go_raw();
    if (step->data.empty()) {
      framing_.append(rest_.substr(0, step->consumed));
    } else {
      framing_.clear();
      carried_ = true;
    }
    ready_ = step->data;
    rest_.remove_prefix(step->consumed);
    end_ = step->done;
    // An end before any data with more behind it was no framing: a text may start "0\n\n".
    if (end_ && !carried_ && rest_.empty()) WM_TRY(refill());
    if (end_ && !carried_ && !rest_.empty()) return go_raw();
    return {};
  }

  /// A torn last line is framing, unless nothing was ever carried: then it was no framing at all.
  Result<> at_end() {
    end_ = true;
    const bool framed = carried_ || parser_.at_trailers() || parser_.done();
    return framed || framing_.empty() ? Result<>() : go_raw();
  }

  Result<> go_raw() {
    raw_ = true;
    end_ = false;
    ready_ = framing_;
    return {};
  }

  std::unique_ptr<Source> inner_;
  ChunkedParser parser_{Mode::kLenient};
  std::string buffer_;
  std::string framing_;     ///< since the last data, in case it turns out to be none
  std::string_view ready_;  ///< to give, in buffer_ or framing_
  std::string_view rest_;   ///< of buffer_, not looked at yet
  bool carried_ = false;
  bool raw_ = false;
  bool end_ = false;
};

}  // namespace

std::unique_ptr<Source> dechunk_leniently(std::unique_ptr<Source> inner) {
  return std::make_unique<DechunkSource>(std::move(inner));
}

}  // namespace wm::http
