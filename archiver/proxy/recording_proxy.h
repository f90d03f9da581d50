#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "archiver/fetch/exchange.h"
#include "archiver/fetch/fetcher.h"
#include "archiver/fetch/trust_store.h"
#include "archiver/proxy/settings.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace wm::tls {
class CertificateAuthority;
}

namespace wm::proxy {

/// Who wanted an exchange.
enum class Asker {
  kBrowser,    ///< a page, a worker, the browser itself
  kRangeCopy,  ///< the proxy: the whole of what the browser asked for from its first byte on
  kEngine,     ///< also_fetch()
};

/// How much of an answer the browser took before it went away or the proxy ended.
enum class Seen { kAll, kPart, kNothing };

/// What is known of an exchange besides its bytes.
struct Facts {
  Asker asker = Asker::kBrowser;
  Seen seen = Seen::kAll;
  /// As WARC-Resource-Type has it ("document", "iframe", "stylesheet", "script", "image", "font",
  /// "xhr", "worker" …): from Sec-Fetch-Dest, which Chromium sends to https and loopback origins;
  /// else guessed from Accept and the answer's media type.
  std::string resource_type;
  bool prefetch = false;  ///< Sec-Purpose or Purpose said so
};

/// A WebSocket that was passed through. Its messages are in no record: they are no answer to a URL.
struct WebSocketSeen {
  std::string url;  ///< https: or http:
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::string ended;  ///< why: "closed", "time", "bytes", "the capture ended"
};

/// Takes what the proxy saw. Called on the proxy's own thread, one call at a time; what is slow
/// here holds the browser up.
class ExchangeSink {
 public:
  virtual ~ExchangeSink() = default;
  /// An answer of the web, whole or cut (`exchange.truncated`), once it is complete and the browser
  /// has taken or left it. Every method and status comes: 206 in ranges does not, its whole copy
  /// comes in its place.
  virtual void on_exchange(fetch::Exchange exchange, const Facts& facts) = 0;
  /// What the browser wanted and could not have: refused (address filter, blocklist, limit), no
  /// connection, a certificate that does not hold. `url` may be just an origin, where the browser
  /// came no further.
  virtual void on_missed(const std::string& url, const std::string& reason) = 0;
  virtual void on_websocket(const WebSocketSeen& seen) { static_cast<void>(seen); }
};

/// What goes on, for deciding that a page is quiet.
struct Activity {
  /// Requests that are heard of: begun, or with a byte of their answer within the last five
  /// seconds. Ended and abandoned ones, event streams, WebSockets and long polls are not among
  /// them.
  std::size_t active = 0;
  std::size_t waiting = 0;    ///< requests that have been silent for longer: long polls, dead hosts
  std::size_t endless = 0;    ///< event streams and WebSockets
  std::size_t abandoned = 0;  ///< answers the browser has left that are still being received
  std::chrono::steady_clock::time_point last;  ///< a request of `active` began, moved or ended
  std::size_t total = 0;                       ///< requests so far
  std::uint64_t received_bytes = 0;            ///< of bodies, so far
};

/// The forward proxy between one capture's browser and the web, which records what passes
/// (facts/capture.md §1.3). Towards the browser: HTTP/1.1 and HTTP/2, plain and, after CONNECT,
/// with certificates of `authority` whose SPKI the browser was told to accept. Towards the web: a
/// fetch::Fetcher of its own, so that every address passes its filter at the moment of connecting,
/// certificates are checked, and bytes are recorded as they came. Answers stream to the browser
/// while they are spooled; how slowly or how little it reads changes nothing of what is recorded.
///
/// One object a capture, with a thread of its own. Methods from any one thread, also_fetch() and
/// activity() from many.
class RecordingProxy {
 public:
  /// kInvalid as Fetcher::create(). `authority` and `sink` outlive the proxy.
  static Result<std::unique_ptr<RecordingProxy>> create(
      Settings settings, std::shared_ptr<const fetch::TrustStore> trust,
      const tls::CertificateAuthority& authority, ExchangeSink& sink);
  ~RecordingProxy();  ///< close()
  RecordingProxy(const RecordingProxy&) = delete;
  RecordingProxy& operator=(const RecordingProxy&) = delete;

  /// Accepts connections of a listening socket that someone else made, in the browser's network
  /// namespace. kIo, kInvalid (no listening socket).
  Result<> adopt(UniqueFd listener);
  /// Listens on a free port of 127.0.0.1 and gives it: where namespaces are forbidden. Any process
  /// of this machine can connect to it.
  Result<std::uint16_t> listen_on_loopback();

  /// Makes an exchange besides the browser's, which the sink gets as Asker::kEngine, unless the
  /// same URL was fetched by GET already. What comes of it is told to the sink alone.
  void also_fetch(fetch::Request request, std::string resource_type);

  Activity activity() const;

  /// The end of the browser's part: no connection and no request is taken from now on, and what is
  /// under way counts as left by the browser. Waits until all of it has been received or `deadline`
  /// has passed; the rest is cut then (kTime). Afterwards the sink has everything.
  void drain(std::chrono::steady_clock::time_point deadline);
  /// Ends at once; what was not told to the sink is told as cut. The sink is not called afterwards.
  void close();

 private:
  struct State;
  explicit RecordingProxy(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::proxy
