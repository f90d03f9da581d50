#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/http/parser.h"
#include "replay/rewrite/headers.h"

// Whatever an archived head holds, what replay sends of it is well-formed and leaves no policy of
// the archive in force.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto archived = wm::http::parse_fields(bytes, wm::http::Mode::kLenient);
  if (!archived) return 0;
  wm::rewrite::Address address;
  address.prefix = "/web/";
  address.timestamp = "2020";
  address.document = wm::url::Url::parse("http://a.example/").value();
  const auto headers = wm::rewrite::replay_headers(
      archived->head, wm::rewrite::UrlRewriter(address), wm::rewrite::Modifier::kNone);
  for (const auto& [name, value] : headers) {
    if (!wm::http::is_token(name) ||
        value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      std::abort();
  }
  for (const char* name : {"Content-Security-Policy", "Clear-Site-Data", "Content-Length",
                           "Transfer-Encoding", "Strict-Transport-Security"}) {
    if (headers.has(name)) std::abort();
  }
  return 0;
}
