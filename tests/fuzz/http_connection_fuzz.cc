// Bytes of a client: the requests read from them, and all that is written, must not depend on how
// they were cut into pieces.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/http/connection.h"

using namespace wm;
using namespace wm::server;

namespace {

const Connection::TimePoint kNow{};

struct Seen {
  std::string requests;
  std::string written;
};

void drain(Connection& connection, std::string& written) {
  std::string_view pieces[3];
  while (const std::size_t count = connection.output(pieces)) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < count; ++i) {
      written += pieces[i];
      size += pieces[i].size();
    }
    connection.sent(size, kNow);
  }
}

Seen run(std::string_view bytes, std::size_t piece) {
  ConnectionOptions options;
  options.reader = {.head_bytes = 2048, .body_bytes = 4096};
  ByteBudget budget(8192);
  Connection connection(options, &budget, kNow);
  Seen result;
  for (std::size_t at = 0; at < bytes.size() && connection.wants_input(); at += piece) {
    connection.receive(bytes.substr(at, piece), kNow);
    drain(connection, result.written);
    while (auto incoming = connection.take_request()) {
      const Request& request = incoming->request;
      if (request.body.size() > 4096 ||
          !(request.head.target.starts_with('/') || request.head.target == "*"))
        std::abort();
      result.requests +=
          request.head.method + " " + request.head.target + "\n" + request.body + "\n";
      Answer answer = make_answer(Response{.status = 204}, incoming->frame);
      connection.answer(answer, kNow);
      drain(connection, result.written);
    }
  }
  connection.receive_end();
  return result;
}

/// Interim answers depend on whether the body was there already, and Date on the clock.
std::string without_varying(std::string text) {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  for (std::size_t at; (at = text.find(kContinue)) != std::string::npos;)
    text.erase(at, kContinue.size());
  for (std::size_t at; (at = text.find("Date: ")) != std::string::npos;)
    text.erase(at, text.find('\n', at) - at);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Seen whole = run(bytes, bytes.size() + 1);
  const Seen pieces = run(bytes, 1 + data[0] % 64);
  if (whole.requests != pieces.requests) std::abort();
  if (without_varying(whole.written) != without_varying(pieces.written)) std::abort();
  return 0;
}
