#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tests/support/test_ca.h"

namespace wm::test {

/// TLS in front of a plain server on 127.0.0.1: what comes in on its own port goes there as plain
/// bytes, and back. For tests whose server scripts answers and whose client wants https.
class TlsFront {
 public:
  /// The certificate is `ca`'s for `host`.
  TlsFront(const TestCa& ca, std::string_view host, std::uint16_t behind);
  ~TlsFront();
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;
  std::uint16_t port() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::test
