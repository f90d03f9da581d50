#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "archiver/proxy/answer_internal.h"
#include "archiver/proxy/session_internal.h"
#include "archiver/proxy/settings.h"

struct nghttp2_session;

namespace wm::proxy {

/// HTTP/2 towards the browser, RFC 9113 by nghttp2: many requests at a time within one tunnel.
/// What breaks the protocol ends the connection, what breaks our rules ends the stream.
class Http2Session final : public Session {
 public:
  /// `origin`: of the tunnel. References outlive the session.
  Http2Session(Desk& desk, const Limits& limits, std::string origin, std::function<void()> wake);
  ~Http2Session() override;
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  void feed(std::string_view bytes) override;
  void fill(std::string& out, std::size_t want) override;
  bool hungry() const override { return !over_; }
  bool over() const override { return over_; }
  void gone() override;
  Phase phase() const override { return streams_.empty() ? Phase::kIdle : Phase::kBusy; }

 private:
  struct Stream;
  struct Callbacks;  ///< nghttp2's, in the .cc
  friend struct Callbacks;

  void begin(std::int32_t id);
  bool take_field(std::int32_t id, std::string_view name, std::string_view value);
  void take_data(std::int32_t id, std::string_view bytes);
  void asked(std::int32_t id);
  void closed(std::int32_t id);
  void answer_with(std::int32_t id, std::shared_ptr<Answer> answer);
  void reset(std::int32_t id);
  void progress(std::int32_t id);
  void submit_interim(std::int32_t id, const http::ResponseHead& head);
  void submit_head(std::int32_t id, Stream& stream);
  Stream* find(std::int32_t id);

  Desk& desk_;
  const Limits& limits_;
  const std::string origin_;
  const std::function<void()> wake_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, std::unique_ptr<Stream>> streams_;
  std::vector<std::int32_t> changed_;  ///< streams whose answers have something new
  bool over_ = false;
};

}  // namespace wm::proxy
