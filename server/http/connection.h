#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/http/answer.h"
#include "server/http/request_reader.h"

namespace wm::server {

struct ConnectionOptions {
  ReaderLimits reader;
  std::chrono::milliseconds head_timeout{15000};
  std::chrono::milliseconds body_timeout{60000};
  std::chrono::milliseconds keep_alive_timeout{60000};
  std::chrono::milliseconds send_timeout{60000};
  /// A body that arrives slower than this on average, once body_timeout has passed, is given up.
  std::uint64_t body_bytes_per_second = 256;
};

/// One client's HTTP/1.1 connection as a state machine: bytes in → requests; answers → bytes out;
/// one request at a time, so that pipelined ones are answered in order. Knows no socket, clock,
/// thread or Source, so every rule of it is tested and fuzzed as it is. Holds at most a request,
/// kReadAhead bytes behind it, and kOutputLimit (and one piece) of a streamed body.
class Connection {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kReadAhead = 64 * 1024;
  static constexpr std::size_t kOutputLimit = 64 * 1024;

  Connection(const ConnectionOptions& options, ByteBudget* budget, TimePoint now)
      : options_(options),
        reader_(options.reader, budget),
        since_(now),
        progress_(now),
        sent_at_(now) {}

  // What comes in.
  bool wants_input() const;
  void receive(std::string_view bytes, TimePoint now);
  /// The client will send no more; what it asked for is still answered.
  void receive_end();
  bool input_ended() const { return input_ended_; }

  /// The next request, once it is complete, the one before is answered, and the client takes its
  /// answers.
  std::optional<Incoming> take_request();
  bool has_request() const {
    return !answering_ && !cut_ && queued_ < kOutputLimit &&
           reader_.state() == RequestReader::State::kComplete;
  }

  // The answer to the request taken.
  /// Takes all of `answer` but its stream and events, which stay the caller's: while there is one,
  /// the body is open.
  void answer(Answer& answer, TimePoint now);
  /// More of an open body, without framing; `last` closes it.
  void add_body(std::string_view bytes, bool last, TimePoint now);
  /// The open body cannot go on: what is sent stays torn.
  void cut();
  bool body_open() const { return body_open_; }
  /// There is room for more of an open body.
  bool wants_body() const { return body_open_ && queued_ < kOutputLimit; }

  // What goes out.
  std::size_t queued() const { return queued_; }
  /// Up to `into.size()` pieces of output in order; how many there are. Valid until the next call
  /// that is not const.
  std::size_t output(std::span<std::string_view> into) const;
  void sent(std::size_t bytes, TimePoint now);

  /// No more requests after the one being answered.
  void close_soon() { closing_ = true; }
  /// No request is being read or answered.
  bool idle() const {
    return !answering_ && queued_ == 0 && reader_.state() == RequestReader::State::kIdle;
  }
  /// Applies the timeouts: may queue a 408, finish or cut.
  void check_time(TimePoint now);
  /// All is sent and nothing will follow: close.
  bool finished() const;
  bool was_cut() const { return cut_; }
  /// After cut(): only a reset tells the client that the body is torn (it ends with the
  /// connection).
  bool needs_reset() const { return cut_ && framing_ == Framing::kUntilClose; }

 private:
  void after_input(TimePoint now);
  void refuse(const RequestReader::Refusal& refusal, TimePoint now);
  void answered(TimePoint now);
  void push(std::string bytes, TimePoint now);
  bool body_too_slow(TimePoint now) const;

  const ConnectionOptions& options_;
  RequestReader reader_;
  std::deque<std::string> out_;
  std::size_t out_at_ = 0;  ///< of out_.front(), sent
  std::size_t queued_ = 0;
  bool answering_ = false;
  bool body_open_ = false;
  bool closing_ = false;
  bool input_ended_ = false;
  bool refused_ = false;
  bool cut_ = false;
  Framing framing_ = Framing::kLength;
  TimePoint since_;     ///< the connection became idle, or its request began
  TimePoint progress_;  ///< last byte of a body came
  TimePoint sent_at_;   ///< the client last took something, or something was first there to take
};

}  // namespace wm::server
