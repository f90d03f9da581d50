#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
  std::shared_ptr<const Spool> body{};  ///< null: none
  /// kNothing: no fields but Host, those above, and what frames the body. For what a browser asked.
  enum class Fill { kDefaults, kNothing } fill = Fill::kDefaults;
};

/// What start() would refuse before a name is resolved: kInvalid (no URL), kDenied (scheme, port,
/// host).
Result<> may_be_fetched(std::string_view url, const Settings& settings);

/// Hears of exchanges while they are under way. Called from within Fetcher::run(), and must not
/// call the Fetcher in turn.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A head with a status below 200, which no Exchange tells of.
  virtual void on_interim(std::uint64_t id, const http::ResponseHead& head) = 0;
  /// `body` is what the Exchange will have; it grows from now on.
  virtual void on_head(std::uint64_t id, const http::ResponseHead& head,
                       const std::shared_ptr<const Spool>& body) = 0;
  virtual void on_body(std::uint64_t id) = 0;  ///< it has grown
  /// What connect() began has come to this.
  virtual void on_connected(std::uint64_t id, Result<> outcome) = 0;
};

/// Makes HTTP exchanges with libcurl: one loop, one pool of kept connections, many at a time,
/// HTTP/2 where a server offers it.
///
/// Nothing is followed or undone on the way: a redirect is an exchange of its own, bodies keep
/// their content coding, heads come byte for byte. Every address is asked of is_public_address()
/// just before a socket is made for it, unless `allow_private`; with a proxy that judges the proxy
/// no more (the owner named it) and the host in the URL as far as it can be judged without
/// resolving. Cookies that servers set are sent back for the life of the Fetcher, as some sites
/// redirect in circles without, unless the settings say that they are the caller's affair.
///
/// One thread, save wake(). Sources: facts/capture.md §5.4.
class Fetcher {
 public:
  /// kInvalid for a proxy or a resolve entry that curl does not take. `observer` (may be null)
  /// outlives the Fetcher.
  static Result<std::unique_ptr<Fetcher>> create(const Settings& settings,
                                                 std::shared_ptr<const TrustStore> trust,
                                                 Observer* observer = nullptr);
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
  /// Works for up to `wait`, and returns earlier as soon as something finished, the observer was
  /// told something, wake() was called, or the descriptor `also` has something to read.
  std::vector<Finished> run(std::chrono::milliseconds wait, int also = -1);
  /// From now on this port is among Settings::own_ports.
  void add_own_port(std::uint16_t port);
  /// Ends one exchange as if its time were over, or its server had gone; the next run() gives it.
  void end(std::uint64_t id, Truncated why);
  /// Ends everything that is under way as if its time were over.
  std::vector<Finished> expire();
  /// Lets run() return; from any thread.
  void wake() noexcept;

  /// Begins a connection to a URL's origin, resolved, filtered, connected and, for https, checked
  /// as an exchange's is, for what starts as HTTP and goes on as something else. The observer hears
  /// what comes of it; then it is the caller's until disconnect(). Errors as start().
  Result<std::uint64_t> connect(std::string_view url);
  int socket_of(std::uint64_t id) const;  ///< of a connection that is made, to poll; -1: none such
  /// As many as go now, perhaps 0. kIo.
  Result<std::size_t> send(std::uint64_t id, std::string_view bytes);
  /// nullopt: nothing yet; 0: the end. kIo.
  Result<std::optional<std::size_t>> receive(std::uint64_t id, std::span<char> into);
  void disconnect(std::uint64_t id);

  std::size_t active() const;
  std::uint64_t received_bytes() const;  ///< of bodies, all exchanges together

 private:
  struct State;
  explicit Fetcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::fetch
