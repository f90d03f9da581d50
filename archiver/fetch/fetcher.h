#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archiver/fetch/exchange.h"
#include "archiver/fetch/settings.h"
#include "archiver/fetch/trust_store.h"
#include "core/base/result.h"
#include "core/http/headers.h"

namespace wm::fetch {

struct Request {
  std::string url;  ///< absolute, as the URL Standard serialises it; a fragment is ignored, user
                    ///< info becomes Authorization
  std::string method = "GET";
  /// Sent besides Host, User-Agent, Accept-Language and Accept-Encoding, which come from the
  /// settings unless they are among these.
  http::Headers headers{};
  std::string body{};
};

/// Makes HTTP exchanges with libcurl: one loop, one pool of kept connections, many at a time,
/// HTTP/2 where a server offers it.
///
/// Nothing is followed or undone on the way: a redirect is an exchange of its own, bodies keep
/// their content coding, heads come byte for byte. Every address is asked of is_public_address()
/// just before a socket is made for it, unless `allow_private`; with a proxy that judges the proxy
/// no more (the owner named it) and the host in the URL as far as it can be judged without
/// resolving. Cookies that servers set are sent back for the life of the Fetcher, as some sites
/// redirect in circles without.
///
/// One thread, save wake(). Sources: facts/capture.md §5.4.
class Fetcher {
 public:
  /// kInvalid for a proxy or a resolve entry that curl does not take.
  static Result<std::unique_ptr<Fetcher>> create(const Settings& settings,
                                                 std::shared_ptr<const TrustStore> trust);
  ~Fetcher();
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  /// Begins an exchange and gives the number it will be reported under. kInvalid (no URL), kDenied
  /// (scheme, port, host), kTooLarge (the byte limit of the capture is reached).
  Result<std::uint64_t> start(Request request);

  struct Finished {
    std::uint64_t id;
    /// kDenied (address filter), kTimeout, kNotFound (no such host), kIo (all else); `what` holds
    /// curl's words. An exchange whose head arrived is never an error: what is missing of its body
    /// is told by `truncated`.
    Result<Exchange> outcome;
  };
  /// Works for up to `wait`, and returns earlier as soon as something finished or wake() was
  /// called.
  std::vector<Finished> run(std::chrono::milliseconds wait);
  /// Ends everything that is under way as if its time were over.
  std::vector<Finished> expire();
  /// Lets run() return; from any thread.
  void wake() noexcept;

  std::size_t active() const;
  std::uint64_t received_bytes() const;  ///< of bodies, all exchanges together

 private:
  struct State;
  explicit Fetcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::fetch
