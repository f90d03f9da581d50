#include "server/proxy/replay_response.h"

namespace wm::proxy {

server::Response as_response(replay::ReplayResponse memento) {
  server::Response response;
  response.status = memento.status;
  response.headers = std::move(memento.headers);
  response.body = std::move(memento.body);
  response.stream = std::move(memento.stream);
  response.stream_length = memento.stream_length;
  return response;
}

}  // namespace wm::proxy
