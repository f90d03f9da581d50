#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archiver/fetch/spool.h"
#include "core/base/result.h"
#include "core/http/message.h"
#include "core/url/url.h"

namespace wm::proxy {

class Session;

/// What the browser asked for, whichever HTTP it spoke.
struct Asked {
  std::string method;
  std::string url;                           ///< absolute, http or https, without fragment
  http::Headers headers;                     ///< as the browser sent them
  std::shared_ptr<const fetch::Spool> body;  ///< null: none
};

/// One answer on its way from the desk, which fills it, to the session, which takes it. Shared by
/// the two, as either may be done first; both live on the proxy's thread.
struct Answer {
  // The desk's. After each change it calls changed().
  std::vector<http::ResponseHead> interims;  ///< the session takes them out
  std::optional<http::ResponseHead> head;    ///< with the fields the browser is to get, no framing
  std::optional<std::uint64_t> length;       ///< of the body as announced; also where there is none
  bool bodiless = false;                     ///< HEAD, 204, 304
  std::shared_ptr<const fetch::Spool> body;  ///< null until there is a head
  enum class Body { kGrowing, kWhole, kCut } state = Body::kGrowing;

  // The session's.
  std::uint64_t taken = 0;  ///< bytes of the body
  bool left = false;        ///< the browser does not want the rest
  std::function<void()> changed = [] {};

  void leave() {
    left = true;
    changed = [] {};
  }
  /// Everything the browser is to get of it, it has.
  bool finished() const {
    return state != Body::kGrowing && (bodiless || !body || taken >= body->size());
  }
};

/// Makes `answer` a whole one of the proxy's own. `words` are shown to the page, and so tell
/// nothing that it should not know.
void refuse(Answer& answer, int status, std::string_view words);
std::shared_ptr<Answer> refusal(int status, std::string_view words);

/// Where sessions ask. The broker, or a test.
class Desk {
 public:
  virtual ~Desk() = default;
  virtual std::shared_ptr<Answer> ask(Asked asked) = 0;
  /// Before a tunnel is opened: kDenied as for a URL of that host and port.
  virtual Result<> may_tunnel(const std::string& origin) = 0;
  /// What goes on instead of HTTP once a WebSocket is asked for. `head` is the browser's. An error
  /// has been told to the sink.
  virtual Result<std::unique_ptr<Session>> open_websocket(const std::string& url,
                                                          const http::RequestHead& head,
                                                          std::function<void()> wake) = 0;
  /// May so many further bytes of uploads be kept?
  virtual bool admit_upload(std::size_t bytes) = 0;
  /// For what never becomes a question.
  virtual void missed(const std::string& url, const std::string& reason) = 0;
};

}  // namespace wm::proxy
