#include "server/http/service.h"

#include <exception>

#include "core/base/log.h"
#include "server/http/status.h"

namespace wm::server {

namespace {

ConnectionOptions connection_options_of(const ListenOptions& options) {
  return {.reader = {.head_bytes = options.head_bytes, .body_bytes = options.body_bytes},
          .head_timeout = options.head_timeout,
          .body_timeout = options.body_timeout,
          .keep_alive_timeout = options.keep_alive_timeout,
          .send_timeout = options.send_timeout};
}

Response internal_error(const Request& request, const char* what) {
  log::error("{} {}: {}", request.method(), request.path(), what);
  return error_response(500, "internal", "Something went wrong.");
}

}  // namespace

Service::Service(const ListenOptions& options, ThreadPool& pool, Handler handler)
    : options_(options),
      connection_options_(connection_options_of(options)),
      handler_(std::move(handler)),
      dispatcher_(std::make_shared<Dispatcher>(pool, options.waiting_requests)),
      budget_(options.bodies_bytes) {}

Response Service::call(const Request& request) {
  try {
    return handler_(request);
  } catch (const std::exception& error) {
    return internal_error(request, error.what());
  } catch (...) {
    return internal_error(request, "a handler threw something unknown");
  }
}

Answer Service::serve(Incoming& incoming) noexcept {
  Response response = call(incoming.request);
  if (draining()) incoming.frame.keep_alive = false;
  try {
    return make_answer(std::move(response), incoming.frame);
  } catch (const std::exception& error) {  // of a Source, at its first piece
    return make_answer(internal_error(incoming.request, error.what()), incoming.frame);
  }
}

Answer Service::busy(const AnswerFrame& frame) {
  return make_answer(error_response(Error{Error::Code::kBusy, {}}), frame);
}

bool Service::connection_opened() {
  return connections_.fetch_add(1) < options_.connections;
}

void Service::connection_closed() {
  if (connections_.fetch_sub(1) > 1) return;
  MutexLock lock(mutex_);
  none_.notify_all();
}

bool Service::wait_for_none(std::chrono::milliseconds timeout) {
  MutexLock lock(mutex_);
  return none_.wait_for(mutex_, timeout, [this] { return connections_.load() == 0; });
}

void Service::stop() {
  stopped_.store(true);
  dispatcher_->stop();
}

}  // namespace wm::server
