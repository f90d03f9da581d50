#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "archiver/fetch/curl_handle.h"
#include "archiver/fetch/fetcher.h"
#include "core/base/digest.h"
#include "core/url/url.h"

namespace wm::fetch {

/// What all transfers of a Fetcher share. Outlives them.
struct Common {
  Settings settings;
  std::shared_ptr<const TrustStore> trust;
  CurlShare share;
  CurlList resolve;
  std::uint64_t received_bytes = 0;
  Observer* observer = nullptr;
  bool observed = false;  ///< the observer was told something since this was last reset
};

/// One exchange under way: sets up an easy handle and collects what its callbacks bring. Its
/// address must not change.
class Transfer {
 public:
  using Clock = std::chrono::steady_clock;
  /// kConnection: as far as a connection that is the caller's.
  enum class Goal { kExchange, kConnection };
  Transfer(Common& common, std::uint64_t id, Request request, url::Url url, CurlEasy easy,
           Goal goal = Goal::kExchange);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// kInvalid with curl's words when it refuses an option.
  Result<> prepare();
  std::uint64_t id() const { return id_; }
  Goal goal() const { return goal_; }
  /// What a connection came to.
  Result<> connected(CURLcode code) const;
  CURL* easy() const { return easy_.get(); }
  CurlEasy take_easy() { return std::move(easy_); }
  Result<Exchange> finish(CURLcode code);
  /// When the last byte came or went; nullopt until the request was sent, as the time to connect
  /// has its own limit.
  std::optional<Clock::time_point> heard() const { return heard_; }

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_upload(char* into, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static int on_debug(CURL* easy, curl_infotype type, char* data, std::size_t size, void* self);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static CURLcode on_tls_context(CURL* easy, void* context, void* self);

  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  void take_sent(std::string_view bytes);
  void tell_head();
  void note_tls();
  void set_headers();
  void set_network();
  void set_identity();
  void set_body();
  void add_header_line(const std::string& line);
  Error error_of(CURLcode code) const;
  void add_connection_facts(Exchange& exchange);

  template <class T>
  void set(CURLoption option, T value);

  Common& common_;
  const std::uint64_t id_;
  const Goal goal_;
  Request request_;
  std::uint64_t uploaded_ = 0;
  const url::Url url_;
  CurlEasy easy_;
  CurlList headers_;
  CURLcode setup_ = CURLE_OK;
  char message_[CURL_ERROR_SIZE] = {};
  Exchange exchange_;
  std::shared_ptr<Spool> body_;  ///< the exchange's body, as long as it grows
  Digester digester_{Digester::Algorithm::kSha1};
  Clock::time_point began_;
  std::optional<Clock::time_point> heard_;
  bool head_complete_ = false;
  bool cut_at_limit_ = false;
  bool blocked_ = false;    ///< the address filter refused an address
  bool connected_ = false;  ///< and let one through
  bool tls_noted_ = false;
  std::string spool_error_;
};

}  // namespace wm::fetch
