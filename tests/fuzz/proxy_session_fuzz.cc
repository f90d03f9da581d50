// The browser's side of the recording proxy: all that a page can make a browser send, and more.
// The first byte chooses what is spoken and how the rest is cut into pieces.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archiver/proxy/conversation_internal.h"
#include "archiver/proxy/http2_session_internal.h"

namespace {

using namespace wm;

/// Answers some questions at once, some when poked, and some never.
class Desk final : public proxy::Desk {
 public:
  std::shared_ptr<proxy::Answer> ask(proxy::Asked asked) override {
    WM_CHECK(asked.url.starts_with("http://") || asked.url.starts_with("https://"));
    WM_CHECK(asked.url.find_first_of(std::string_view("\r\n\0 ", 4)) == std::string::npos);
    for (const http::Header& field : asked.headers) {
      WM_CHECK(http::is_token(field.name));
      WM_CHECK(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
    if (asked.url.size() % 3 == 0) return proxy::refusal(502, "fuzzed");
    auto answer = std::make_shared<proxy::Answer>();
    answer->bodiless = asked.method == "HEAD";
    open_.push_back(answer);
    return answer;
  }
  Result<> may_tunnel(const std::string& origin) override {
    if (origin.size() % 5 == 0) return fail(Error::Code::kDenied, "fuzzed");
    return {};
  }
  Result<std::unique_ptr<proxy::Session>> open_websocket(const std::string&,
                                                         const http::RequestHead&,
                                                         std::function<void()>) override {
    return fail(Error::Code::kDenied, "fuzzed");
  }
  bool admit_upload(std::size_t) override { return true; }
  void missed(const std::string&, const std::string&) override {}

  void poke() {
    if (open_.empty()) return;
    const auto answer = open_.front();
    open_.erase(open_.begin());
    if (!answer->head) {
      answer->head = http::ResponseHead();
      answer->head->headers.add("Content-Type", "text/plain");
      auto body = std::make_shared<fetch::Spool>(1024);
      WM_CHECK(body->append("some bytes").has_value());
      answer->body = std::move(body);
      answer->changed();
      open_.push_back(answer);
      return;
    }
    answer->state = open_.size() % 2 == 0 ? proxy::Answer::Body::kWhole : proxy::Answer::Body::kCut;
    answer->changed();
  }

 private:
  std::vector<std::shared_ptr<proxy::Answer>> open_;
};

const tls::CertificateAuthority& authority() {
  static const auto one = tls::CertificateAuthority::create("fuzz").value();
  return *one;
}

void talk(auto& speaker, Desk& desk, std::string_view bytes, std::size_t piece) {
  std::string out;
  while (!bytes.empty() && !speaker.over()) {
    if (speaker.hungry()) {
      speaker.feed(bytes.substr(0, piece));
      bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    out.clear();
    speaker.fill(out, 4096);
    desk.poke();
    static_cast<void>(speaker.phase());
  }
  speaker.fill(out, 1 << 20);
  speaker.gone();
  desk.poke();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t choice = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = choice % 64 < 2 ? 1 : choice % 64 * 16;
  Desk desk;
  const proxy::Limits limits{.head_bytes = 4096, .upload_bytes = 8192};
  if (choice < 128) {
    proxy::Conversation conversation(desk, limits, authority(), [] {});
    talk(conversation, desk, bytes, piece);
  } else {
    proxy::Http2Session session(desk, limits, "https://a.test", [] {});
    talk(session, desk, bytes, piece);
  }
  return 0;
}
