#include "archiver/proxy/recording_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "archiver/proxy/loop_internal.h"

namespace wm::proxy {
namespace {

constexpr int kBacklog = 256;

std::unexpected<Error> io_error(const char* doing) {
  return fail(Error::Code::kIo,
              std::string("the proxy cannot ") + doing + ": " + std::strerror(errno));
}

bool is_listener(int fd) {
  int listens = 0;
  socklen_t size = sizeof listens;
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens == 1;
}

}  // namespace

struct RecordingProxy::State {
  Loop loop;
};

RecordingProxy::RecordingProxy(std::unique_ptr<State> state) : state_(std::move(state)) {}

RecordingProxy::~RecordingProxy() {
  close();
}

Result<std::unique_ptr<RecordingProxy>> RecordingProxy::create(
    Settings settings, std::shared_ptr<const fetch::TrustStore> trust,
    const tls::CertificateAuthority& authority, ExchangeSink& sink) {
  std::unique_ptr<State> state(new State{{std::move(settings), authority, sink}});
  WM_TRY(state->loop.start(std::move(trust)));
  return std::unique_ptr<RecordingProxy>(new RecordingProxy(std::move(state)));
}

Result<> RecordingProxy::adopt(UniqueFd listener) {
  if (!is_listener(listener.get()))
    return fail(Error::Code::kInvalid, "the proxy was given no listening socket");
  const int flags = ::fcntl(listener.get(), F_GETFL);
  if (flags < 0 || ::fcntl(listener.get(), F_SETFL, flags | O_NONBLOCK) != 0)
    return io_error("use its listener");
  state_->loop.listen(std::move(listener), 0);
  return {};
}

Result<std::uint16_t> RecordingProxy::listen_on_loopback() {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (!fd || ::bind(fd.get(), generic, size) != 0 || ::listen(fd.get(), kBacklog) != 0 ||
      ::getsockname(fd.get(), generic, &size) != 0) {
    return io_error("listen on 127.0.0.1");
  }
  const std::uint16_t port = ntohs(address.sin_port);
  state_->loop.listen(std::move(fd), port);
  return port;
}

void RecordingProxy::also_fetch(fetch::Request request, std::string resource_type) {
  state_->loop.also_fetch(std::move(request), std::move(resource_type));
}

Activity RecordingProxy::activity() const {
  return state_->loop.activity();
}

void RecordingProxy::drain(std::chrono::steady_clock::time_point deadline) {
  state_->loop.drain(deadline);
}

void RecordingProxy::close() {
  state_->loop.stop();
}

}  // namespace wm::proxy
