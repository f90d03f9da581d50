#include "archiver/proxy/conversation_internal.h"

#include "archiver/proxy/http1_session_internal.h"
#include "archiver/proxy/http2_session_internal.h"
#include "archiver/proxy/target_internal.h"

namespace wm::proxy {
namespace {

constexpr char kTlsHandshake = 0x16;  // RFC 8446 5.1, the type of a record
constexpr std::size_t kEverything = std::size_t{1} << 30;

std::string_view host_in(std::string_view host_and_port) {
  return host_and_port.substr(0, host_and_port.rfind(':'));
}

}  // namespace

Conversation::Conversation(Desk& desk, const Limits& limits,
                           const tls::CertificateAuthority& authority, std::function<void()> wake)
    : desk_(desk),
      limits_(limits),
      authority_(authority),
      wake_(std::move(wake)),
      session_(std::make_unique<Http1Session>(desk, limits, "", wake_)) {}

void Conversation::gone() {
  over_ = true;
  if (session_) session_->gone();
}

void Conversation::feed(std::string_view bytes) {
  if (over_ || bytes.empty()) return;
  if (tls_) return feed_tls(bytes);
  if (!session_) return start_tunnel(bytes);
  session_->feed(bytes);
  go_on();
}

void Conversation::go_on() {
  while (session_) {
    auto next = session_->take_next();
    if (!next) return;
    session_->fill(carry_, kEverything);
    session_ = std::move(next->session);
    if (session_) {
      if (!next->rest.empty()) session_->feed(next->rest);
    } else {
      tunnel_ = std::move(next->tunnel);
      if (!next->rest.empty()) start_tunnel(next->rest);
    }
    wake_();
  }
}

void Conversation::start_tunnel(std::string_view bytes) {
  if (bytes.front() != kTlsHandshake) {
    auto origin = origin_of("http", tunnel_);
    if (!origin) return gone();
    session_ = std::make_unique<Http1Session>(desk_, limits_, std::move(*origin), wake_);
    session_->feed(bytes);
    return go_on();
  }
  const auto leaf = authority_.leaf_for(host_in(tunnel_));
  if (!leaf) {
    desk_.missed("https://" + tunnel_ + "/", leaf.error().what);
    return gone();
  }
  auto channel = TlsChannel::create(**leaf);
  if (!channel) return gone();
  tls_ = std::move(*channel);
  before_tls_ = std::exchange(carry_, {});
  feed_tls(bytes);
}

void Conversation::feed_tls(std::string_view bytes) {
  std::string plain;
  const auto fed = tls_->feed(bytes, plain);
  wake_();
  if (tls_->established() && !session_) start_in_tls();
  if (session_ && !plain.empty()) {
    session_->feed(plain);
    go_on();
  }
  if (!fed || tls_->closed()) gone();
}

void Conversation::start_in_tls() {
  auto origin = origin_of("https", tunnel_);
  if (!origin) return gone();
  if (tls_->speaks_http2())
    session_ = std::make_unique<Http2Session>(desk_, limits_, std::move(*origin), wake_);
  else
    session_ = std::make_unique<Http1Session>(desk_, limits_, std::move(*origin), wake_);
}

void Conversation::fill(std::string& out, std::size_t want) {
  if (!tls_) {
    out += std::exchange(carry_, {});
    if (session_) session_->fill(out, want);
    return;
  }
  out += std::exchange(before_tls_, {});
  std::string plain = std::exchange(carry_, {});
  if (session_) session_->fill(plain, want);
  if (!plain.empty() && tls_->established() && !tls_->send(plain)) gone();
  tls_->take(out);
}

}  // namespace wm::proxy
