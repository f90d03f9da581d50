// RFC 9112 2.2 (empty lines before a request), 3 (request line), 6 (body), 9 (persistence); RFC
// 9110 10.1.1 (Expect).
#include "server/http/request_reader.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/http/parser.h"

namespace wm::server {

namespace {

constexpr std::size_t kMaxFields = 200;
/// Room made for a body on its Content-Length alone: more is made as bytes come, so that an
/// announced size costs nothing.
constexpr std::uint64_t kTrustedReserve = 64 * 1024;
constexpr std::string_view kMethods[] = {"GET",   "HEAD",   "POST",   "PUT",
                                         "PATCH", "DELETE", "OPTIONS"};

bool keeps_alive(const http::RequestHead& head) {
  if (head.headers.has_token("Connection", "close")) return false;
  return head.version != "HTTP/1.0" || head.headers.has_token("Connection", "keep-alive");
}

bool is_other_version(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  return line.find(" HTTP/1.") == std::string_view::npos;
}

}  // namespace

bool ByteBudget::take(std::uint64_t bytes) noexcept {
  const auto count = static_cast<std::int64_t>(bytes);
  if (left_.fetch_sub(count) >= count) return true;
  left_.fetch_add(count);
  return false;
}

void ByteBudget::give(std::uint64_t bytes) noexcept {
  left_.fetch_add(static_cast<std::int64_t>(bytes));
}

BudgetHold& BudgetHold::operator=(BudgetHold&& other) noexcept {
  if (this != &other) {
    release();
    budget_ = other.budget_;
    held_ = std::exchange(other.held_, 0);
  }
  return *this;
}

bool BudgetHold::grow(std::uint64_t bytes) noexcept {
  if (budget_ == nullptr) return true;
  if (!budget_->take(bytes)) return false;
  held_ += bytes;
  return true;
}

void BudgetHold::release() noexcept {
  if (budget_ != nullptr && held_ > 0) budget_->give(std::exchange(held_, 0));
}

void RequestReader::feed(std::string_view bytes) {
  if (state_ == State::kRefused) return;
  if (state_ == State::kBody && buffered() == 0)
    bytes.remove_prefix(read_body(bytes));  // large bodies are copied once
  if (state_ == State::kRefused || bytes.empty()) return;
  in_.append(bytes);
  if (state_ != State::kComplete && state_ != State::kTaken) advance();
}

Incoming RequestReader::take() {
  WM_CHECK(state_ == State::kComplete);
  state_ = State::kTaken;
  return std::exchange(current_, Incoming{});
}

void RequestReader::next() {
  WM_CHECK(state_ == State::kTaken);
  state_ = State::kIdle;
  advance();
}

bool RequestReader::take_continue() {
  return state_ == State::kBody && std::exchange(wants_continue_, false);
}

void RequestReader::advance() {
  if (state_ == State::kIdle) {
    // Clients of old send a line end too many after a body.
    while (at_ < in_.size() && (in_[at_] == '\r' || in_[at_] == '\n')) ++at_;
    if (buffered() > 0) state_ = State::kHead;
  }
  if (state_ == State::kHead && !read_head()) return compact();
  if (state_ == State::kBody && buffered() > 0) at_ += read_body(rest());
  compact();
}

void RequestReader::compact() {
  if (at_ == in_.size()) {
    in_.clear();
    if (in_.capacity() > 4096) in_.shrink_to_fit();
    at_ = 0;
  } else if (at_ > kTrustedReserve) {
    in_.erase(0, at_);
    at_ = 0;
  }
}

/// False if there is no whole head yet, or none that can be accepted.
bool RequestReader::read_head() {
  const std::string_view bytes = rest();
  const auto length = http::head_length(bytes, seen_);
  if (length.value_or(bytes.size()) > limits_.head_bytes) {
    const bool in_first_line =
        bytes.substr(0, limits_.head_bytes).find('\n') == std::string_view::npos;
    refuse(in_first_line ? 414 : 431, in_first_line ? "The address is too long."
                                                    : "The request's header fields are too large.");
    return false;
  }
  if (!length) {
    seen_ = bytes.size();
    return false;
  }
  seen_ = 0;
  return accept_head(*length);
}

bool RequestReader::accept_head(std::size_t length) {
  const std::string_view bytes = rest().substr(0, length);
  auto parsed = http::parse_request_head(bytes, http::Mode::kStrict,
                                         {.bytes = limits_.head_bytes, .fields = kMaxFields});
  if (!parsed) {
    const Error::Code code = parsed.error().code;
    if (code == Error::Code::kTooLarge) {
      refuse(431, "The request has too many header fields.");
    } else if (code == Error::Code::kUnsupported && is_other_version(bytes)) {
      refuse(505, "This version of HTTP is not spoken here.");
    } else if (code == Error::Code::kUnsupported) {
      refuse(501, "The only transfer coding is chunked.");
    } else {
      refuse(400, "The request is not valid HTTP.");
    }
    return false;
  }
  at_ += length;
  http::RequestHead& head = parsed->head;
  current_ = Incoming{};
  current_.hold = BudgetHold(budget_);
  current_.frame = {.head_only = head.method == "HEAD",
                    .http10 = head.version == "HTTP/1.0",
                    .keep_alive = keeps_alive(head)};
  current_.request.head = std::move(head);
  return check_method(current_.request.head.method) && take_absolute_form() &&
         begin_body(current_.request.head);
}

bool RequestReader::check_method(std::string_view method) {
  if (std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods))
    return true;
  refuse(501, "This method is not known here.");
  return false;
}

bool RequestReader::take_absolute_form() {
  http::RequestHead& head = current_.request.head;
  if (head.target.starts_with('/') || head.target == "*") return true;
  const bool web = istarts_with(head.target, "http://") || istarts_with(head.target, "https://");
  const std::size_t host = head.target.find("://") + 3;
  const std::size_t path =
      std::min(head.target.find_first_of("/?", web ? host : 0), head.target.size());
  if (!web || path <= host) {
    refuse(400, "The request's target is not valid.");
    return false;
  }
  head.headers.set("Host", head.target.substr(host, path - host));
  head.target.erase(0, path);
  if (!head.target.starts_with('/')) head.target.insert(head.target.begin(), '/');
  return true;
}

bool RequestReader::begin_body(const http::RequestHead& head) {
  const auto framing = http::request_framing(head);
  if (!framing) {
    refuse(400, "The request is not valid HTTP.");
    return false;
  }
  if (framing->length > limits_.body_bytes) {
    refuse(413, "The request's body is too large.");
    return false;
  }
  const auto expect = head.headers.find("Expect");
  if (expect && !iequals(*expect, "100-continue")) {
    refuse(417, "The only expectation is 100-continue.");
    return false;
  }
  chunks_.reset();
  body_left_ = framing->length;
  if (framing->chunked) chunks_.emplace();
  if (!framing->chunked && framing->length == 0) {
    state_ = State::kComplete;
    return false;
  }
  wants_continue_ = expect.has_value() && !current_.frame.http10 && buffered() == 0;
  current_.request.body.reserve(static_cast<std::size_t>(std::min(body_left_, kTrustedReserve)));
  state_ = State::kBody;
  return true;
}

/// How many of the bytes belonged to the body.
std::size_t RequestReader::read_body(std::string_view bytes) {
  wants_continue_ = false;  // it comes without having waited
  if (chunks_) return read_chunks(bytes);
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, bytes.size()));
  if (!add_to_body(bytes.substr(0, count))) return count;
  body_left_ -= count;
  if (body_left_ == 0) state_ = State::kComplete;
  return count;
}

std::size_t RequestReader::read_chunks(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && state_ == State::kBody) {
    const auto step = chunks_->feed(bytes.substr(used));
    if (!step) {
      refuse(step.error().code == Error::Code::kTooLarge ? 413 : 400,
             "The request's chunks are not valid.");
      return used;
    }
    used += step->consumed;
    if (!add_to_body(step->data)) return used;
    if (step->done) state_ = State::kComplete;
  }
  return used;
}

bool RequestReader::add_to_body(std::string_view bytes) {
  std::string& body = current_.request.body;
  if (bytes.size() > limits_.body_bytes - body.size()) {
    refuse(413, "The request's body is too large.");
    return false;
  }
  if (!current_.hold.grow(bytes.size())) {
    refuse(503, "The server holds too many requests at this time.");
    return false;
  }
  body.append(bytes);
  return true;
}

void RequestReader::refuse(int status, std::string_view reason) {
  state_ = State::kRefused;
  refusal_ = {status, reason};
  current_ = Incoming{};
  in_.clear();
  in_.shrink_to_fit();
  at_ = 0;
}

}  // namespace wm::server
