// RFC 9112 9.3 (persistence), 9.3.2 (pipelining), 9.6 (tear-down).
#include "server/http/connection.h"

namespace wm::server {

using State = RequestReader::State;

bool Connection::wants_input() const {
  if (cut_ || refused_ || input_ended_) return false;
  const State state = reader_.state();
  const bool waiting = state == State::kComplete || state == State::kTaken;
  return !waiting || reader_.buffered() < kReadAhead;
}

void Connection::receive(std::string_view bytes, TimePoint now) {
  if (cut_ || refused_ || bytes.empty()) return;
  if (closing_ && !answering_ && reader_.state() != State::kComplete)
    return;  // said "close" already
  const bool was_idle = reader_.state() == State::kIdle;
  reader_.feed(bytes);
  if (was_idle && reader_.state() != State::kIdle) since_ = now;  // stray line ends start nothing
  progress_ = now;
  after_input(now);
}

void Connection::receive_end() {
  input_ended_ = true;
}

void Connection::after_input(TimePoint now) {
  if (answering_) return;
  if (reader_.take_continue()) push("HTTP/1.1 100 Continue\r\n\r\n", now);
  if (reader_.state() == State::kRefused) refuse(reader_.refusal(), now);
}

void Connection::refuse(const RequestReader::Refusal& refusal, TimePoint now) {
  refused_ = true;
  closing_ = true;
  push(make_refusal(refusal).bytes, now);
}

std::optional<Incoming> Connection::take_request() {
  if (!has_request()) return std::nullopt;
  answering_ = true;
  return reader_.take();
}

void Connection::answer(Answer& answer, TimePoint now) {
  if (cut_) return;
  WM_CHECK(answering_ && !body_open_);
  framing_ = answer.framing;
  if (!answer.keep_alive) closing_ = true;
  push(std::move(answer.bytes), now);
  push(std::move(answer.body), now);
  body_open_ = answer.stream != nullptr || answer.events != nullptr;
  if (!body_open_) answered(now);
}

void Connection::add_body(std::string_view bytes, bool last, TimePoint now) {
  if (cut_) return;
  WM_CHECK(body_open_);
  std::string piece;
  piece.reserve(bytes.size() + 32);
  append_piece(piece, bytes, framing_);
  if (last && framing_ == Framing::kChunked) piece += "0\r\n\r\n";
  push(std::move(piece), now);
  if (!last) return;
  body_open_ = false;
  answered(now);
}

void Connection::cut() {
  cut_ = true;
  body_open_ = false;
  out_.clear();
  queued_ = 0;
  out_at_ = 0;
}

void Connection::answered(TimePoint now) {
  answering_ = false;
  since_ = now;
  progress_ = now;
  if (closing_) return;
  reader_.next();
  after_input(now);
}

void Connection::push(std::string bytes, TimePoint now) {
  if (bytes.empty()) return;
  if (queued_ == 0) sent_at_ = now;
  queued_ += bytes.size();
  out_.push_back(std::move(bytes));
}

std::size_t Connection::output(std::span<std::string_view> into) const {
  std::size_t count = 0;
  for (const std::string& piece : out_) {
    if (count == into.size()) break;
    into[count] = piece;
    if (count == 0) into[count].remove_prefix(out_at_);
    ++count;
  }
  return count;
}

void Connection::sent(std::size_t bytes, TimePoint now) {
  WM_CHECK(bytes <= queued_);
  if (bytes > 0) sent_at_ = now;
  queued_ -= bytes;
  out_at_ += bytes;
  while (!out_.empty() && out_at_ >= out_.front().size()) {
    out_at_ -= out_.front().size();
    out_.pop_front();
  }
  if (queued_ == 0 && !answering_ && reader_.state() == State::kIdle) since_ = now;
}

bool Connection::body_too_slow(TimePoint now) const {
  if (now - progress_ > options_.body_timeout) return true;
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now - since_ - options_.body_timeout)
          .count();
  return seconds > 0 &&
         reader_.body_size() < static_cast<std::uint64_t>(seconds) * options_.body_bytes_per_second;
}

void Connection::check_time(TimePoint now) {
  if (cut_) return;
  if (queued_ > 0) {
    if (now - sent_at_ > options_.send_timeout) cut();
    return;
  }
  if (answering_ || refused_) return;
  switch (reader_.state()) {
    case State::kIdle:
      if (now - since_ > options_.keep_alive_timeout) closing_ = true;
      break;
    case State::kHead:
      if (now - since_ > options_.head_timeout)
        refuse({408, "The request's head took too long."}, now);
      break;
    case State::kBody:
      if (body_too_slow(now)) refuse({408, "The request's body took too long."}, now);
      break;
    default:
      break;
  }
}

bool Connection::finished() const {
  if (cut_) return true;
  if (answering_ || queued_ > 0) return false;
  if (closing_) return refused_ || reader_.state() != State::kComplete;
  return input_ended_ && reader_.state() != State::kComplete;
}

}  // namespace wm::server
