#include "archiver/fetch/transfer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "archiver/fetch/address_filter.h"
#include "core/base/ascii.h"
#include "core/http/parser.h"

namespace wm::fetch {
namespace {

using std::chrono::milliseconds;

long in_ms(std::chrono::seconds duration) {
  return static_cast<long>(std::min<std::int64_t>(milliseconds(duration).count(), 1'000'000'000));
}

/// RFC 5952 without a zone, or "".
std::string canonical_ip(std::string_view text) {
  const std::string bare(text.substr(0, text.find('%')));
  unsigned char bytes[16];
  char out[INET6_ADDRSTRLEN];
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, bare.c_str(), bytes) == 1 && inet_ntop(family, bytes, out, sizeof out))
      return out;
  }
  return {};
}

}  // namespace

std::string_view name_of(Truncated truncated) noexcept {
  switch (truncated) {
    case Truncated::kLength:
      return "length";
    case Truncated::kTime:
      return "time";
    case Truncated::kDisconnect:
      return "disconnect";
    case Truncated::kNo:
      break;
  }
  return "";
}

Transfer::Transfer(Common& common, std::uint64_t id, Request request, url::Url url, CurlEasy easy,
                   Goal goal)
    : common_(common),
      id_(id),
      goal_(goal),
      request_(std::move(request)),
      url_(std::move(url)),
      easy_(std::move(easy)),
      body_(std::make_shared<Spool>(common.settings.memory_bytes)) {
  exchange_.method = request_.method;
  exchange_.started = now_micros();
  exchange_.body = body_;
  began_ = Clock::now();
}

template <class T>
void Transfer::set(CURLoption option, T value) {
  const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
  if (code != CURLE_OK && setup_ == CURLE_OK) setup_ = code;
}

Result<> Transfer::prepare() {
  const char* none = nullptr;
  set(CURLOPT_COOKIEFILE, none);  // curl_easy_reset loses the list of 7.88
  curl_easy_reset(easy_.get());
  set(CURLOPT_ERRORBUFFER, message_);
  set_identity();
  set_headers();
  set_network();
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_DEBUGFUNCTION, &Transfer::on_debug);
  set(CURLOPT_DEBUGDATA, this);
  set(CURLOPT_VERBOSE, 1L);  // without it the debug function is not told what was sent
  set(CURLOPT_PRIVATE, this);
  if (setup_ == CURLE_OK) return {};
  return fail(Error::Code::kInvalid, "curl refuses an option of the request for " + exchange_.url +
                                         ": " + curl_easy_strerror(setup_));
}

void Transfer::set_identity() {
  std::string target = url_.scheme() + "://" + std::string(url_.host());
  if (url_.port()) target += ":" + std::to_string(*url_.port());
  target += url_.path_and_query();
  exchange_.url = std::move(target);
  set(CURLOPT_URL, exchange_.url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  if (!url_.username().empty() || !url_.password().empty()) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, url::percent_decode(url_.username()).c_str());
    set(CURLOPT_PASSWORD, url::percent_decode(url_.password()).c_str());
  }
  if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET" || request_.body) {
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    set_body();
  }
  if (!common_.settings.cookies) return;
  set(CURLOPT_COOKIEFILE, "");  // without it the shared engine takes no session cookies
  set(CURLOPT_SHARE, common_.share.get());
}

void Transfer::set_body() {
  // A POST without a body says so; an OPTIONS without one says nothing.
  const bool always_has_one =
      request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
  if (!request_.body && !always_has_one) return;
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDSIZE_LARGE,
      static_cast<curl_off_t>(request_.body ? request_.body->size() : 0));
  set(CURLOPT_READFUNCTION, &Transfer::on_upload);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
  set(CURLOPT_SEEKDATA, this);
}

void Transfer::set_headers() {
  http::Headers fields = request_.headers;
  const auto add_default = [&fields](std::string_view name, std::string_view value) {
    if (!fields.has(name)) fields.add(name, value);
  };
  const Settings& settings = common_.settings;
  if (request_.fill == Request::Fill::kDefaults) {
    add_default("User-Agent",
                settings.user_agent.empty() ? std::string_view(kUserAgent) : settings.user_agent);
    add_default("Accept", "*/*");
    add_default("Accept-Language", settings.accept_language);
    add_default("Accept-Encoding", "gzip, br");  // what every replay tool can undo
  }
  // "Name:" leaves a header of curl's own out.
  for (const char* own : {"Accept", "Expect", "Content-Type"}) {
    if (!fields.has(own)) add_header_line(std::string(own) + ":");
  }
  for (const http::Header& field : fields) {
    if (!http::is_token(field.name) ||
        field.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      continue;
    std::string line = field.name;
    line += field.value.empty() ? ";" : ": " + field.value;  // "Name;" sends an empty one
    add_header_line(line);
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::add_header_line(const std::string& line) {
  curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
  WM_CHECK(longer != nullptr);
  static_cast<void>(headers_.release());
  headers_.reset(longer);
}

void Transfer::set_network() {
  const Settings& settings = common_.settings;
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT,
      1L);  // a name that is still being resolved must not hold up the end of a capture
  set(CURLOPT_PROXY, settings.proxy.c_str());
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, in_ms(settings.connect_timeout));
  set(CURLOPT_TIMEOUT_MS, in_ms(settings.request_timeout));
  if (common_.resolve) set(CURLOPT_RESOLVE, common_.resolve.get());
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  if (goal_ == Goal::kConnection) {
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_HTTPPROXYTUNNEL, 1L);
  }
  if (url_.scheme() == "https" && goal_ == Goal::kExchange) {
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_PIPEWAIT, 1L);
  } else {
    // Not 2TLS: curl would hold every request to the host back until the first answer shows that it
    // cannot share a connection.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  }
  const char* none = nullptr;
  set(CURLOPT_CAINFO, none);  // on_tls_context gives the store
  set(CURLOPT_CAPATH, none);
  set(CURLOPT_SSL_CTX_FUNCTION, &Transfer::on_tls_context);
  set(CURLOPT_SSL_CTX_DATA, this);
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_header({data, size * count}) ? size * count : 0;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->take_body({data, size * count}) ? size * count : 0;
}

std::size_t Transfer::on_upload(char* into, std::size_t size, std::size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  if (!transfer->request_.body) return 0;
  const auto got = transfer->request_.body->read_at(transfer->uploaded_, {into, size * count});
  if (!got) {
    transfer->spool_error_ = got.error().what;
    return CURL_READFUNC_ABORT;
  }
  transfer->uploaded_ += *got;
  return *got;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(self)->uploaded_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

int Transfer::on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  if (type == CURLINFO_HEADER_OUT) transfer->take_sent({data, size});
  if (type == CURLINFO_DATA_OUT) transfer->heard_ = Clock::now();
  return 0;
}

CURLcode Transfer::on_tls_context(CURL*, void* context, void* self) {
  auto* store = static_cast<X509_STORE*>(static_cast<Transfer*>(self)->common_.trust->store_);
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), store);
  return CURLE_OK;
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(self);
  const Settings& settings = transfer->common_.settings;
  const bool allowed = !is_own_address(&address->addr, address->addrlen, settings.own_ports) &&
                       (settings.allow_private || !settings.proxy.empty() ||
                        is_public_address(&address->addr, address->addrlen));
  if (!allowed) {
    transfer->blocked_ = true;
    return CURL_SOCKET_BAD;
  }
  transfer->connected_ = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool Transfer::take_header(std::string_view line) {
  heard_ = Clock::now();
  note_tls();
  if (head_complete_) {
    // After a complete head comes another one (the complete one was interim) or a trailer, which
    // has no place in the block.
    if (!line.starts_with("HTTP/")) return true;
    exchange_.response_head.clear();
    head_complete_ = false;
  }
  exchange_.response_head += line;
  head_complete_ = line == "\r\n" || line == "\n";
  if (head_complete_ && common_.observer != nullptr) tell_head();
  return true;
}

void Transfer::tell_head() {
  const auto head = http::parse_response_head(exchange_.response_head, http::Mode::kLenient,
                                              http::kArchiveHeadLimits);
  if (!head) return;  // finish() says what is wrong
  common_.observed = true;
  if (head->head.status < 200)
    common_.observer->on_interim(id_, head->head);
  else
    common_.observer->on_head(id_, head->head, body_);
}

bool Transfer::take_body(std::string_view bytes) {
  heard_ = Clock::now();
  const Settings& settings = common_.settings;
  const std::uint64_t left_here =
      settings.resource_bytes - std::min(settings.resource_bytes, body_->size());
  const std::uint64_t left_all =
      settings.capture_bytes - std::min(settings.capture_bytes, common_.received_bytes);
  const std::uint64_t room = std::min(left_here, left_all);
  if (bytes.size() > room) {
    bytes = bytes.substr(0, static_cast<std::size_t>(room));
    cut_at_limit_ = true;
  }
  if (auto appended = body_->append(bytes); !appended) {
    spool_error_ = appended.error().what;
    return false;
  }
  digester_.update(bytes);
  common_.received_bytes += bytes.size();
  if (common_.observer != nullptr) {
    common_.observed = true;
    common_.observer->on_body(id_);
  }
  return !cut_at_limit_;
}

void Transfer::take_sent(std::string_view bytes) {
  heard_ = Clock::now();
  std::string& head = exchange_.request_head;
  // A complete one before was a CONNECT, or was sent on a kept connection that turned out to be
  // dead.
  if (head.ends_with("\r\n\r\n")) head.clear();
  head += bytes;
}

void Transfer::note_tls() {
  if (tls_noted_ || url_.scheme() != "https") return;
  tls_noted_ = true;
  curl_tlssessioninfo* session = nullptr;
  if (curl_easy_getinfo(easy_.get(), CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK ||
      session == nullptr || session->backend != CURLSSLBACKEND_OPENSSL ||
      session->internals == nullptr) {
    return;
  }
  const auto* ssl = static_cast<const SSL*>(session->internals);
  switch (SSL_version(ssl)) {
    case TLS1_VERSION:
      exchange_.protocols.emplace_back("tls/1.0");
      break;
    case TLS1_1_VERSION:
      exchange_.protocols.emplace_back("tls/1.1");
      break;
    case TLS1_2_VERSION:
      exchange_.protocols.emplace_back("tls/1.2");
      break;
    case TLS1_3_VERSION:
      exchange_.protocols.emplace_back("tls/1.3");
      break;
    default:
      break;
  }
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl)) {
    if (const char* name = SSL_CIPHER_standard_name(cipher)) exchange_.cipher_suite = name;
  }
}

Error Transfer::error_of(CURLcode code) const {
  using enum Error::Code;
  const std::string words = message_[0] != '\0' ? message_ : curl_easy_strerror(code);
  if (!spool_error_.empty()) return {kIo, spool_error_};
  if (blocked_ && !connected_) {
    return {
        kDenied,
        exchange_.url + " is at an address that is not public; fetch.allow_private would allow it"};
  }
  const std::string what = exchange_.url + ": " + words;
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return {kInvalid, what};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {kNotFound, what};
    case CURLE_OPERATION_TIMEDOUT:
      return {kTimeout, what};
    default:
      return {kIo, what};
  }
}

Result<> Transfer::connected(CURLcode code) const {
  if (code != CURLE_OK) return std::unexpected(error_of(code));
  return {};
}

void Transfer::add_connection_facts(Exchange& exchange) {
  long version = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_VERSION, &version);
  const char* name = version == CURL_HTTP_VERSION_2_0   ? "h2"
                     : version == CURL_HTTP_VERSION_1_1 ? "http/1.1"
                     : version == CURL_HTTP_VERSION_1_0 ? "http/1.0"
                                                        : nullptr;
  if (name != nullptr) exchange.protocols.insert(exchange.protocols.begin(), name);
  const char* address = nullptr;
  if (!common_.settings.proxy.empty()) return;
  if (curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &address) == CURLE_OK &&
      address != nullptr) {
    exchange.ip_address = canonical_ip(address);
  }
}

Result<Exchange> Transfer::finish(CURLcode code) {
  Exchange exchange = std::move(exchange_);
  exchange.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
  exchange.request_body = std::move(request_.body);
  exchange_.url = exchange.url;
  if (!head_complete_ || !spool_error_.empty()) return std::unexpected(error_of(code));
  auto head = http::parse_response_head(exchange.response_head, http::Mode::kLenient,
                                        http::kArchiveHeadLimits);
  if (!head || head->head.status < 200) return std::unexpected(error_of(code));
  exchange.response = std::move(head->head);
  if (cut_at_limit_)
    exchange.truncated = Truncated::kLength;
  else if (code == CURLE_OPERATION_TIMEDOUT)
    exchange.truncated = Truncated::kTime;
  else if (code != CURLE_OK)
    exchange.truncated = Truncated::kDisconnect;
  exchange.payload_digest = sha1_label(digester_.finish());
  add_connection_facts(exchange);
  return exchange;
}

}  // namespace wm::fetch
