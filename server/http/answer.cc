// RFC 9110 6.4.1 and 8.6 (which answers have a body and a length), RFC 9112 6 and 7.1
// (framing), 9.3 (persistence).
#include "server/http/answer.h"

#include <fmt/format.h>

#include <chrono>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/base/time14.h"
#include "server/http/status.h"

namespace wm::server {

namespace {

/// Bodies up to this size are copied behind their head; larger ones are moved and leave with it in
/// one gathered write.
constexpr std::size_t kCopiedBody = 16 * 1024;
/// What a slow Source has given after this time is sent.
constexpr auto kPatience = std::chrono::milliseconds(50);

const std::string& http_date_now() {
  thread_local SysSeconds second{};
  thread_local std::string text;
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  if (text.empty() || now != second) {
    second = now;
    text = http_date(now);
  }
  return text;
}

bool is_servers(std::string_view name) {
  switch (name.size()) {
    case 4:
      return iequals(name, "Date");
    case 10:
      return iequals(name, "Connection") || iequals(name, "Keep-Alive");
    case 14:
      return iequals(name, "Content-Length");
    case 17:
      return iequals(name, "Transfer-Encoding");
    default:
      return false;
  }
}

bool has_no_body(int status) {
  return status < 200 || status == 204 || status == 304;
}

/// Head fields that are the server's, behind those of the handler.
http::ResponseHead head_of(Response& response, const AnswerFrame& frame, bool keep_alive) {
  http::ResponseHead head{.status = response.status,
                          .reason = std::string(http::reason_phrase(response.status)),
                          .headers = {}};
  head.headers.reserve(response.headers.size() + 4);
  for (const http::Header& field : response.headers) {
    if (!is_servers(field.name)) head.headers.add(field.name, field.value);
  }
  head.headers.add("Date", http_date_now());
  if (!keep_alive) head.headers.add("Connection", "close");
  if (keep_alive && frame.http10) head.headers.add("Connection", "keep-alive");
  return head;
}

void add_length(http::ResponseHead& head, std::uint64_t length) {
  head.headers.add("Content-Length", std::to_string(length));
}

/// HEAD, 204 and 304: a head alone.
Answer bodiless(Response& response, const AnswerFrame& frame) {
  Answer answer{.keep_alive = frame.keep_alive};
  http::ResponseHead head = head_of(response, frame, frame.keep_alive);
  if (response.status >= 200 && response.status != 204) {
    if (response.stream_length) {
      add_length(head, *response.stream_length);
    } else if (!response.stream && !response.events &&
               (frame.head_only || !response.body.empty())) {
      add_length(head, response.body.size());
    }
  }
  answer.bytes = http::serialize(head);
  return answer;
}

Answer with_body(Response& response, const AnswerFrame& frame) {
  Answer answer{.keep_alive = frame.keep_alive};
  http::ResponseHead head = head_of(response, frame, frame.keep_alive);
  add_length(head, response.body.size());
  answer.bytes = http::serialize(head);
  if (response.body.size() <= kCopiedBody) {
    answer.bytes += response.body;
  } else {
    answer.body = std::move(response.body);
  }
  return answer;
}

/// Of unknown length: chunks, or in HTTP/1.0 up to the close.
Answer open_ended(Response& response, const AnswerFrame& frame) {
  Answer answer{.keep_alive = frame.keep_alive && !frame.http10,
                .framing = frame.http10 ? Framing::kUntilClose : Framing::kChunked};
  http::ResponseHead head = head_of(response, frame, answer.keep_alive);
  if (answer.framing == Framing::kChunked) head.headers.add("Transfer-Encoding", "chunked");
  answer.bytes = http::serialize(head);
  return answer;
}

Answer with_stream(Response& response, const AnswerFrame& frame) {
  auto stream = std::make_unique<BodyStream>(std::move(response.stream), response.stream_length);
  std::string first;
  const BodyStream::Step step = stream->pull(first);
  if (step == BodyStream::Step::kFailed && first.empty()) {
    log::error("answering {}: {}", response.status, stream->error());
    Response failed = error_response(Error{Error::Code::kIo, {}});
    return make_answer(std::move(failed), frame);
  }
  if (step == BodyStream::Step::kEnd) {
    response.body = std::move(first);
    return with_body(response, frame);
  }
  Answer answer;
  if (response.stream_length) {
    answer.keep_alive = frame.keep_alive;
    http::ResponseHead head = head_of(response, frame, frame.keep_alive);
    add_length(head, *response.stream_length);
    answer.bytes = http::serialize(head);
  } else {
    answer = open_ended(response, frame);
  }
  append_piece(answer.bytes, first, answer.framing);
  answer.stream = std::move(
      stream);  // a failed one fails again at the next pull: after the head that means a cut
  return answer;
}

}  // namespace

void append_piece(std::string& out, std::string_view piece, Framing framing) {
  if (piece.empty()) return;
  if (framing != Framing::kChunked) {
    out += piece;
    return;
  }
  fmt::format_to(std::back_inserter(out), "{:x}\r\n", piece.size());
  out += piece;
  out += "\r\n";
}

BodyStream::Step BodyStream::pull(std::string& out) {
  if (!error_.empty()) return Step::kFailed;
  if (left_ == 0) return Step::kEnd;
  const std::size_t want =
      left_ ? static_cast<std::size_t>(std::min<std::uint64_t>(*left_, kPieceBytes)) : kPieceBytes;
  const std::size_t before = out.size();
  const Step step = fill(out, want);
  if (left_) *left_ -= out.size() - before;
  if (step == Step::kEnd && left_.value_or(0) > 0) {
    error_ = fmt::format("a body ended {} bytes before its length", *left_);
    return Step::kFailed;
  }
  return left_ == 0 ? Step::kEnd : step;
}

BodyStream::Step BodyStream::fill(std::string& out, std::size_t want) {
  const auto started = std::chrono::steady_clock::now();
  std::size_t at = out.size();
  const std::size_t end = at + want;
  out.resize(end);
  Step step = Step::kMore;
  while (at < end) {
    const auto count = source_->read(std::span(out.data() + at, end - at));
    if (!count) error_ = count.error().what.empty() ? "a body failed" : count.error().what;
    if (!count || *count == 0) step = count ? Step::kEnd : Step::kFailed;
    if (step != Step::kMore) break;
    at += *count;
    if (std::chrono::steady_clock::now() - started > kPatience) break;
  }
  out.resize(at);
  return step;
}

Answer make_answer(Response response, const AnswerFrame& frame) {
  if (response.status < 200 || response.status > 999) {
    log::error("a handler answered with status {}", response.status);
    response = error_response(500, "internal", "Something went wrong.");
  }
  if (frame.head_only || has_no_body(response.status)) return bodiless(response, frame);
  if (response.events) {
    Answer answer = open_ended(response, frame);
    answer.events = std::move(response.events);
    return answer;
  }
  if (response.stream) return with_stream(response, frame);
  return with_body(response, frame);
}

Answer make_refusal(const RequestReader::Refusal& refusal) {
  std::string_view code = "invalid";
  switch (refusal.status) {
    case 408:
      code = "timeout";
      break;
    case 413:
    case 414:
    case 431:
      code = "too_large";
      break;
    case 417:
    case 501:
    case 505:
      code = "unsupported";
      break;
    case 503:
      code = "busy";
      break;
    default:
      break;
  }
  Response response = error_response(refusal.status, code, refusal.reason);
  if (refusal.status == 503) response.headers.add("Retry-After", "1");
  return make_answer(std::move(response), {.keep_alive = false});
}

}  // namespace wm::server
