// The first line is the Content-Type, the rest the body.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/http/multipart.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return 0;
  const std::string_view body = bytes.substr(end + 1);
  const auto parts =
      wm::server::parse_multipart(bytes.substr(0, end), body, {.parts = 20, .head_bytes = 500});
  if (!parts) return 0;
  if (parts->size() > 20) std::abort();
  const char* at = body.data();
  for (const auto& part : *parts) {  // in order, none over another, all within
    if (part.data.data() < at || part.data.data() + part.data.size() > body.data() + body.size())
      std::abort();
    at = part.data.data() + part.data.size();
    if (part.filename && part.filename->find_first_of("/\\") != std::string::npos) std::abort();
  }
  return 0;
}
