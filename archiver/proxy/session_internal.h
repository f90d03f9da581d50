#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/url/url.h"

namespace wm::proxy {

/// What is spoken on one connection of the browser, without any I/O: bytes in, bytes out. The
/// session says by its `wake` function that fill() may have something new.
class Session {
 public:
  virtual ~Session() = default;

  /// Bytes from the browser, in any pieces.
  virtual void feed(std::string_view bytes) = 0;
  /// Appends bytes for the browser until `out` holds `want` or there are no more for now.
  virtual void fill(std::string& out, std::size_t want) = 0;
  /// Takes input now. While it does not, the browser is held up.
  virtual bool hungry() const = 0;
  /// Nothing more will come of it: close once what fill() gave is sent.
  virtual bool over() const = 0;
  /// The browser is gone.
  virtual void gone() = 0;

  /// kIdle: nothing asked is unanswered; kIncoming: half a question is here; kBusy: answering.
  enum class Phase { kIdle, kIncoming, kBusy };
  virtual Phase phase() const = 0;

  /// What comes instead of this session, once, after fill() was asked for what it still had to say.
  struct Next {
    std::string tunnel;                ///< "host:port" that CONNECT named; or
    std::unique_ptr<Session> session;  ///< who goes on
    std::string rest;                  ///< bytes that came early and are theirs
  };
  virtual std::optional<Next> take_next() { return std::nullopt; }
};

}  // namespace wm::proxy
