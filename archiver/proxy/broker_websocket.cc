#include "archiver/proxy/broker_internal.h"
#include "core/base/log.h"

namespace wm::proxy {

Result<std::unique_ptr<Session>> Broker::open_websocket(const std::string& url,
                                                        const http::RequestHead& head,
                                                        std::function<void()> wake) {
  ++asked_;
  auto against = objection(url);
  if (!against && relays_.size() >= settings_.limits.websockets)
    against = Error{Error::Code::kTooLarge, "more WebSockets at a time than the limit"};
  if (against) {
    sink_.on_missed(url, against->what);
    return std::unexpected(std::move(*against));
  }
  const auto connection = fetcher_->connect(url);
  if (!connection) {
    sink_.on_missed(url, connection.error().what);
    return std::unexpected(connection.error());
  }
  auto relay = std::make_unique<Relay>(*fetcher_, settings_.limits, *connection, url, head,
                                       std::move(wake), [this](Relay& ended) {
                                         relays_.erase(ended.connection());
                                         sink_.on_websocket(ended.seen());
                                       });
  relays_.emplace(*connection, relay.get());
  return relay;
}

void Broker::watch_relays(const std::function<void(int, std::uint64_t, bool, bool)>& watch) const {
  for (const auto& [id, relay] : relays_) {
    const int socket = fetcher_->socket_of(id);
    if (socket >= 0) watch(socket, id, relay->wants_to_send(), relay->wants_to_receive());
  }
}

void Broker::relay_ready(std::uint64_t connection) {
  const auto found = relays_.find(connection);
  if (found != relays_.end()) found->second->pump();
}

}  // namespace wm::proxy
