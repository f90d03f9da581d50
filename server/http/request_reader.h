#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/http/body.h"
#include "server/http/message.h"

namespace wm::server {

/// Bytes of request bodies that may be held at one time, over all connections of a server. Any
/// thread.
class ByteBudget {
 public:
  explicit ByteBudget(std::uint64_t bytes) : left_(static_cast<std::int64_t>(bytes)) {}
  bool take(std::uint64_t bytes) noexcept;
  void give(std::uint64_t bytes) noexcept;

 private:
  std::atomic<std::int64_t> left_;
};

/// What one request holds of a ByteBudget; gives it back at the end of its life.
class BudgetHold {
 public:
  BudgetHold() = default;
  explicit BudgetHold(ByteBudget* budget) : budget_(budget) {}
  BudgetHold(BudgetHold&& other) noexcept
      : budget_(other.budget_), held_(std::exchange(other.held_, 0)) {}
  BudgetHold& operator=(BudgetHold&& other) noexcept;
  ~BudgetHold() { release(); }
  bool grow(std::uint64_t bytes) noexcept;

 private:
  void release() noexcept;
  ByteBudget* budget_ = nullptr;
  std::uint64_t held_ = 0;
};

/// What the request says about how its answer is framed.
struct AnswerFrame {
  bool head_only = false;  ///< HEAD
  bool http10 = false;     ///< no chunks, and keep-alive must be said
  bool keep_alive = true;
};

struct Incoming {
  Request request;
  AnswerFrame frame;
  BudgetHold hold;
};

struct ReaderLimits {
  std::size_t head_bytes = 64 * 1024;
  std::uint64_t body_bytes = 32ull << 20;
};

/// Bytes of one client → its requests, one at a time (RFC 9112). Linear in the input; holds a head,
/// a body and what feed() was given while a request waits to be taken or answered (the caller stops
/// feeding: see buffered()). No sockets, clocks or threads.
class RequestReader {
 public:
  enum class State {
    kIdle,  ///< no byte of a request yet
    kHead,
    kBody,
    kComplete,  ///< take() it
    kTaken,     ///< being answered: bytes wait until next()
    kRefused,   ///< refusal() is to be answered, and the connection closed: the bytes that follow
                ///< cannot be understood
  };
  struct Refusal {
    int status;
    std::string_view reason;
  };

  explicit RequestReader(ReaderLimits limits, ByteBudget* budget = nullptr)
      : limits_(limits), budget_(budget) {}

  void feed(std::string_view bytes);
  State state() const { return state_; }
  Incoming take();
  /// The request taken has been answered: on to the bytes that came meanwhile.
  void next();
  const Refusal& refusal() const { return refusal_; }
  /// True once when the client waits for "100 Continue" before it sends the body.
  bool take_continue();
  std::size_t buffered() const { return in_.size() - at_; }
  /// Bytes of the current body so far.
  std::size_t body_size() const { return current_.request.body.size(); }

 private:
  void advance();
  std::string_view rest() const { return std::string_view(in_).substr(at_); }
  bool read_head();
  bool accept_head(std::size_t length);
  bool check_method(std::string_view method);
  bool take_absolute_form();
  bool begin_body(const http::RequestHead& head);
  std::size_t read_body(std::string_view bytes);
  std::size_t read_chunks(std::string_view bytes);
  bool add_to_body(std::string_view bytes);
  void refuse(int status, std::string_view reason);
  void compact();

  const ReaderLimits limits_;
  ByteBudget* const budget_;
  State state_ = State::kIdle;
  std::string in_;
  std::size_t at_ = 0;    ///< what is before it has been read
  std::size_t seen_ = 0;  ///< of rest(): has no end of head
  Incoming current_;
  std::optional<http::ChunkedParser> chunks_;
  std::uint64_t body_left_ = 0;
  bool wants_continue_ = false;
  Refusal refusal_{400, ""};
};

}  // namespace wm::server
