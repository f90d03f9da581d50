#include "archiver/proxy/http1_session_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "archiver/proxy/header_rules_internal.h"
#include "archiver/proxy/target_internal.h"
#include "core/base/ascii.h"

namespace wm::proxy {
namespace {

constexpr std::size_t kEarlyBytes = 64 << 10;  // of the next request, while one is answered
constexpr std::size_t kPiece = 32 << 10;
constexpr std::size_t kUploadMemory = 64 << 10;

}  // namespace

Http1Session::Http1Session(Desk& desk, const Limits& limits, std::string origin,
                           std::function<void()> wake)
    : desk_(desk), limits_(limits), origin_(std::move(origin)), wake_(std::move(wake)) {}

Http1Session::~Http1Session() {
  gone();
}

void Http1Session::gone() {
  if (answer_) answer_->leave();
  answer_.reset();
}

void Http1Session::feed(std::string_view bytes) {
  if (state_ == State::kOver) return;
  in_ += bytes;
  while (step()) {
  }
}

bool Http1Session::hungry() const {
  return state_ == State::kHead || state_ == State::kBody ||
         (state_ == State::kAnswering && in_.size() < kEarlyBytes);
}

Session::Phase Http1Session::phase() const {
  if (state_ == State::kHead) return in_.empty() ? Phase::kIdle : Phase::kIncoming;
  return state_ == State::kBody ? Phase::kIncoming : Phase::kBusy;
}

std::optional<Session::Next> Http1Session::take_next() {
  auto next = std::exchange(next_, std::nullopt);
  if (next) next->rest = std::exchange(in_, {});
  return next;
}

bool Http1Session::step() {
  if (state_ == State::kHead) return take_head();
  if (state_ == State::kBody) return take_body();
  return false;
}

bool Http1Session::take_head() {
  const auto length = http::head_length(in_, seen_);
  seen_ = in_.size();
  if (!length && in_.size() <= limits_.head_bytes) return false;
  auto parsed = http::parse_request_head(
      in_, http::Mode::kStrict, {.bytes = limits_.head_bytes, .fields = limits_.head_fields});
  if (!parsed) {
    const bool large = parsed.error().code == Error::Code::kTooLarge;
    refuse_and_close(large ? 431 : 400, large ? "the request head is too large" : "no request");
    return false;
  }
  head_ = std::move(parsed->head);
  in_.erase(0, parsed->length);
  seen_ = 0;
  close_after_ = head_.version == "HTTP/1.0" || head_.headers.has_token("Connection", "close");
  const auto framing = http::request_framing(head_);
  if (!framing) {
    refuse_and_close(400, "no request");
    return false;
  }
  framing_ = *framing;
  body_.reset();
  if (!framing_.chunked && framing_.length == 0) {
    dispatch();
    return false;
  }
  if (head_.method == "CONNECT") {
    refuse_and_close(400, "CONNECT has no body");
    return false;
  }
  body_ = std::make_shared<fetch::Spool>(kUploadMemory);
  body_left_ = framing_.length;
  chunks_ = http::ChunkedParser();
  state_ = State::kBody;
  if (head_.headers.has_token("Expect", "100-continue")) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  return true;
}

bool Http1Session::keep_upload(std::string_view bytes) {
  if (body_->size() + bytes.size() <= limits_.upload_bytes && desk_.admit_upload(bytes.size()) &&
      body_->append(bytes)) {
    return true;
  }
  if (const auto url = url_asked()) desk_.missed(*url, "its upload is larger than the limits");
  refuse_and_close(413, "the upload is too large");
  return false;
}

bool Http1Session::take_body() {
  bool done = false;
  if (framing_.chunked) {
    std::string_view rest = in_;
    while (!rest.empty() && !done) {
      const auto fed = chunks_.feed(rest);
      if (!fed) {
        refuse_and_close(400, "broken chunks");
        return false;
      }
      if (!fed->data.empty() && !keep_upload(fed->data)) return false;
      rest.remove_prefix(fed->consumed);
      done = fed->done;
    }
    in_.erase(0, in_.size() - rest.size());
  } else {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, in_.size()));
    if (!keep_upload(std::string_view(in_).substr(0, count))) return false;
    in_.erase(0, count);
    body_left_ -= count;
    done = body_left_ == 0;
  }
  if (done) dispatch();
  return false;
}

Result<std::string> Http1Session::url_asked() const {
  const auto host = head_.headers.find("Host");
  if (!origin_.empty()) return url_in_tunnel(origin_, head_.target, host);
  return url_at_proxy(head_.target, host);
}

void Http1Session::dispatch() {
  if (head_.method == "CONNECT") return open_tunnel();
  if (iequals(head_.method, "TRACE") || iequals(head_.method, "TRACK"))
    return refuse_and_close(405, "no such method here");
  auto url = url_asked();
  if (!url) {
    const bool misdirected = url.error().code == Error::Code::kConflict;
    return refuse_and_close(misdirected ? 421 : 400, url.error().what);
  }
  if (is_websocket_upgrade(head_)) {
    auto relay = desk_.open_websocket(*url, head_, wake_);
    if (!relay) return refuse_and_close(403, "this WebSocket is not let through");
    next_ = Next{.tunnel = {}, .session = std::move(*relay), .rest = {}};
    state_ = State::kNext;
    return;
  }
  answer_with(desk_.ask({.method = std::move(head_.method),
                         .url = std::move(*url),
                         .headers = std::move(head_.headers),
                         .body = std::move(body_)}));
}

void Http1Session::open_tunnel() {
  if (!origin_.empty()) return refuse_and_close(400, "no tunnel within a tunnel");
  const auto origin = tunnel_origin(head_.target);
  if (!origin) return refuse_and_close(400, origin.error().what);
  if (const auto allowed = desk_.may_tunnel(*origin); !allowed)
    return refuse_and_close(403, "this address may not be fetched");
  out_ += "HTTP/1.1 200 Connection established\r\n\r\n";
  next_ = Next{.tunnel = head_.target, .session = nullptr, .rest = {}};
  state_ = State::kNext;
}

void Http1Session::refuse_and_close(int status, std::string_view words) {
  close_after_ = true;
  answer_with(refusal(status, words));
}

void Http1Session::answer_with(std::shared_ptr<Answer> answer) {
  answer_ = std::move(answer);
  answer_->changed = wake_;
  head_written_ = false;
  state_ = State::kAnswering;
  wake_();
}

void Http1Session::fill(std::string& out, std::size_t want) {
  out += std::exchange(out_, {});
  while (state_ == State::kAnswering && out.size() < want && write_some(out)) {
  }
}

bool Http1Session::write_some(std::string& out) {
  for (const http::ResponseHead& interim : std::exchange(answer_->interims, {})) {
    if (head_.version != "HTTP/1.0" && !head_written_) out += http::serialize(interim);
  }
  if (!answer_->head) return false;
  if (!head_written_) write_head(out);
  if (answer_->bodiless) {
    finish(out);
    return true;
  }
  std::array<char, kPiece> buffer;
  const auto got = answer_->body->read_at(answer_->taken, buffer);
  if (!got || (*got == 0 && answer_->state == Answer::Body::kCut)) {
    // Only the end of the connection tells that a body is not whole.
    gone();
    state_ = State::kOver;
    return false;
  }
  if (*got == 0 && answer_->state == Answer::Body::kGrowing) return false;
  if (*got == 0) {
    finish(out);
    return true;
  }
  if (chunked_) out += fmt::format("{:x}\r\n", *got);
  out.append(buffer.data(), *got);
  if (chunked_) out += "\r\n";
  answer_->taken += *got;
  return true;
}

void Http1Session::write_head(std::string& out) {
  http::ResponseHead head = *answer_->head;
  head.version = "HTTP/1.1";
  chunked_ = false;
  if (answer_->length) {
    head.headers.add("Content-Length", std::to_string(*answer_->length));
  } else if (!answer_->bodiless) {
    chunked_ = head_.version != "HTTP/1.0";
    if (chunked_) head.headers.add("Transfer-Encoding", "chunked");
  }
  if (close_after_) head.headers.add("Connection", "close");
  out += http::serialize(head);
  head_written_ = true;
}

void Http1Session::finish(std::string& out) {
  const bool short_body =
      !answer_->bodiless && answer_->length && *answer_->length != answer_->taken;
  if (chunked_) out += "0\r\n\r\n";
  answer_->changed = [] {};
  if (answer_->state == Answer::Body::kGrowing)
    answer_->leave();  // has no body, may go on upstream
  answer_.reset();
  if (close_after_ || short_body) {
    state_ = State::kOver;
    in_.clear();
    return;
  }
  state_ = State::kHead;
  while (step()) {
  }
}

}  // namespace wm::proxy
