#include "tests/support/warc_origin.h"

#include <openssl/ssl.h>

#include <atomic>
#include <fstream>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/http/body.h"
#include "core/http/media_type.h"
#include "core/http/parser.h"
#include "core/url/url.h"
#include "core/warc/reader.h"
#include "tests/support/test_ca.h"
#include "tests/support/test_stream.h"

namespace wm::test {
namespace {

constexpr std::size_t kLargestRecord = 256 << 20;

struct Place {
  std::shared_ptr<const ReadFile> file;
  std::uint64_t offset = 0, length = 0;
  std::string url;
  int status = 0;
};

std::string normal(std::string_view url) {
  const auto parsed = url::Url::parse(url);
  return parsed ? parsed->href_without_fragment() : std::string(url);
}

std::string without_scheme(const std::string& url) {
  const std::size_t at = url.find("://");
  return at == url.npos ? url : url.substr(at);
}

struct Played {
  http::ResponseHead head;
  std::string body;
};

bool is_hop_by_hop(std::string_view name) {
  for (const std::string_view one : {"Connection", "Keep-Alive", "TE", "Trailer",
                                     "Transfer-Encoding", "Upgrade", "Content-Length", "Alt-Svc"}) {
    if (iequals(name, one)) return true;
  }
  return istarts_with(name, "Proxy-");
}

/// The response stored at `place` with its body as it went over the wire, transfer coding undone.
Result<Played> play(const Place& place) {
  auto record = WM_TRY(warc::read_record_at(place.file, place.offset, place.length));
  std::string block = WM_TRY(read_up_to(record.block(), kLargestRecord));
  auto parsed = WM_TRY(http::parse_archived_response_head(block));
  block.erase(0, parsed.length);
  Played played{.head = std::move(parsed.head), .body = {}};
  if (played.head.headers.has("Transfer-Encoding")) {
    const auto source = http::dechunk_leniently(std::make_unique<StringSource>(std::move(block)));
    played.body = WM_TRY(read_up_to(*source, kLargestRecord));
  } else {
    played.body = std::move(block);
  }
  return played;
}

}  // namespace

struct WarcOrigin::State {
  TestCa ca;
  Listener listener;
  std::vector<std::string> order;
  std::unordered_map<std::string, Place> exact, any_scheme;
  mutable std::mutex mutex;
  std::vector<std::string> asked;
  std::ofstream log;
  std::map<std::string, SSL_CTX*> contexts;
  std::list<std::jthread> clients;
  std::jthread acceptor;

  ~State() {
    for (auto& [host, context] : contexts) SSL_CTX_free(context);
  }

  void keep(Place place) {
    const std::string key = normal(place.url);
    for (auto* map : {&exact, &any_scheme}) {
      Place& held = (*map)[map == &exact ? key : without_scheme(key)];
      // The first answer that was a good one; what came first otherwise.
      const bool better = !held.file || (held.status / 100 != 2 && place.status / 100 == 2);
      if (!held.file && map == &exact) order.push_back(key);
      if (better) held = place;
    }
  }

  Result<> load(const std::filesystem::path& path) {
    auto file = WM_TRY(ReadFile::open(path));
    auto reader = WM_TRY(warc::WarcReader::over(file));
    while (true) {
      auto record = WM_TRY(reader.next());
      if (!record) return {};
      const bool wanted = record->type() == warc::RecordType::kResponse &&
                          istarts_with(record->target_uri(), "http");
      Place place{.file = file,
                  .offset = record->offset,
                  .length = 0,
                  .url = record->target_uri(),
                  .status = 0};
      if (wanted) {
        const std::string start = WM_TRY(read_up_to(record->block(), 1 << 20));
        if (const auto head = http::parse_archived_response_head(start))
          place.status = head->head.status;
      }
      place.length = WM_TRY(reader.finish_record()).length;
      if (wanted && place.status != 0) keep(std::move(place));
    }
  }

  const Place* find(std::string_view url) const {
    const std::string key = normal(url);
    if (const auto found = exact.find(key); found != exact.end()) return &found->second;
    const auto found = any_scheme.find(without_scheme(key));
    return found == any_scheme.end() ? nullptr : &found->second;
  }

  SSL_CTX* context_for(const std::string& host) {
    std::lock_guard lock(mutex);
    SSL_CTX*& context = contexts[host];
    if (context == nullptr) context = ca.server_context(host);
    return context;
  }

  void note(const std::string& url) {
    std::lock_guard lock(mutex);
    asked.push_back(url);
    if (log.is_open()) log << url << '\n' << std::flush;
  }

  std::string answer(const std::string& url, bool head_only) {
    note(url);
    const Place* place = find(url);
    http::ResponseHead head{.version = "HTTP/1.1",
                            .status = 404,
                            .reason = "Not Found",
                            .headers = {{"X-Warc-Origin", "missing"}}};
    std::string body;
    if (place != nullptr) {
      if (auto played = play(*place)) {
        head.status = played->head.status;
        head.reason = played->head.reason;
        head.headers = {};
        for (const auto& field : played->head.headers) {
          if (!is_hop_by_hop(field.name)) head.headers.add(field.name, field.value);
        }
        body = std::move(played->body);
      } else {
        head.status = 502;
      }
    }
    const bool bodiless = head.status == 204 || head.status == 304;
    if (!bodiless) head.headers.add("Content-Length", std::to_string(body.size()));
    return http::serialize(head) + (head_only || bodiless ? std::string() : body);
  }

  /// Requests of one connection, or of the tunnel within it: then `prefix` is "https://host".
  void serve(Stream& stream, const std::string& prefix) {
    std::string buffer;
    while (const auto text = stream.read_head(buffer)) {
      const auto parsed = http::parse_request_head(*text, http::Mode::kLenient);
      if (!parsed) return;
      const http::RequestHead& head = parsed->head;
      if (head.method == "CONNECT" && prefix.empty()) return tunnel(stream, head.target);
      if (!stream.write_all(answer(prefix + head.target, head.method == "HEAD"))) return;
      if (head.headers.has_token("Connection", "close")) return;
    }
  }

  void tunnel(Stream& stream, const std::string& authority) {
    if (!stream.write_all("HTTP/1.1 200 Connection established\r\n\r\n")) return;
    std::string host = authority.substr(0, authority.rfind(':'));
    if (!stream.start_tls(context_for(host))) return;
    serve(stream, "https://" + (authority.ends_with(":443") ? host : authority));
  }

  void accept_all() {
    while (auto stream = listener.accept()) {
      std::lock_guard lock(mutex);
      clients.emplace_back(
          [this, held = std::shared_ptr<Stream>(std::move(stream))] { serve(*held, ""); });
    }
  }
};

WarcOrigin::WarcOrigin(std::unique_ptr<State> state) : state_(std::move(state)) {}

WarcOrigin::~WarcOrigin() {
  state_->listener.end();
  state_->acceptor.join();
  state_->clients.clear();
}

Result<std::unique_ptr<WarcOrigin>> WarcOrigin::start(
    const std::vector<std::filesystem::path>& warcs, const std::filesystem::path& log) {
  auto state = std::make_unique<State>();
  for (const auto& path : warcs) WM_TRY(state->load(path));
  if (!log.empty()) state->log.open(log, std::ios::app);
  State* raw = state.get();
  state->acceptor = std::jthread([raw] { raw->accept_all(); });
  return std::unique_ptr<WarcOrigin>(new WarcOrigin(std::move(state)));
}

std::uint16_t WarcOrigin::port() const {
  return state_->listener.port();
}
std::string WarcOrigin::ca_pem() const {
  return state_->ca.certificate_pem();
}
std::vector<std::string> WarcOrigin::urls() const {
  return state_->order;
}

std::vector<std::string> WarcOrigin::asked() const {
  std::lock_guard lock(state_->mutex);
  return state_->asked;
}

std::optional<WarcOrigin::Held> WarcOrigin::find(std::string_view url) const {
  const Place* place = state_->find(url);
  if (place == nullptr) return std::nullopt;
  const auto played = play(*place);
  if (!played) return std::nullopt;
  const auto type = http::content_type(played->head.headers);
  return Held{.url = place->url,
              .status = place->status,
              .mime = type ? type->essence() : "",
              .payload_digest = sha1_digest(played->body)};
}

}  // namespace wm::test
