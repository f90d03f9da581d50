#pragma once

#include <optional>

#include "archiver/proxy/answer_internal.h"
#include "archiver/proxy/session_internal.h"
#include "archiver/proxy/settings.h"
#include "core/http/body.h"
#include "core/http/parser.h"

namespace wm::proxy {

/// HTTP/1.1 towards the browser, RFC 9112, strict: one request after the other. At the proxy itself
/// targets are absolute http URLs or CONNECT's; in a tunnel they are paths of its origin. Whatever
/// could be understood in two ways is refused.
class Http1Session final : public Session {
 public:
  /// `origin`: of the tunnel; "" at the proxy itself. References outlive the session.
  Http1Session(Desk& desk, const Limits& limits, std::string origin, std::function<void()> wake);
  ~Http1Session() override;

  void feed(std::string_view bytes) override;
  void fill(std::string& out, std::size_t want) override;
  bool hungry() const override;
  bool over() const override { return state_ == State::kOver; }
  void gone() override;
  Phase phase() const override;
  std::optional<Next> take_next() override;

 private:
  enum class State { kHead, kBody, kAnswering, kNext, kOver };
  bool step();
  bool take_head();
  bool take_body();
  bool keep_upload(std::string_view bytes);
  void dispatch();
  void open_tunnel();
  void answer_with(std::shared_ptr<Answer> answer);
  void refuse_and_close(int status, std::string_view words);
  bool write_some(std::string& out);
  void write_head(std::string& out);
  void finish(std::string& out);
  Result<std::string> url_asked() const;

  Desk& desk_;
  const Limits& limits_;
  const std::string origin_;
  const std::function<void()> wake_;
  State state_ = State::kHead;
  std::string in_;
  std::size_t seen_ = 0;  ///< of in_, without a head's end
  std::string out_;       ///< what waits besides the answer

  http::RequestHead head_;
  http::RequestFraming framing_;
  http::ChunkedParser chunks_;
  std::uint64_t body_left_ = 0;
  std::shared_ptr<fetch::Spool> body_;
  bool close_after_ = false;

  std::shared_ptr<Answer> answer_;
  bool head_written_ = false;
  bool chunked_ = false;
  std::optional<Next> next_;
};

}  // namespace wm::proxy
