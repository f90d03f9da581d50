// Values of request header fields that handlers act on.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/http/compress.h"
#include "server/http/forwarded.h"
#include "server/http/range.h"
#include "server/http/status.h"

using namespace wm;
using namespace wm::server;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TrustedProxies trusted = TrustedProxies::parse({"127.0.0.0/8", "fd00::/8"}).value();
  if (size == 0) return 0;
  const std::string value(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::uint64_t length = data[0];
  const RangeDecision decision = parse_range(value, length);
  if (decision.kind == RangeDecision::Kind::kPart) {
    const ByteRange range = decision.range;
    if (range.length == 0 || range.first >= length || range.length > length - range.first)
      std::abort();
  }
  Request request;
  request.head.method = "GET";
  request.peer_address = "127.0.0.1:1";
  for (const char* name : {"If-Match", "If-None-Match", "If-Modified-Since", "If-Range", "Range",
                           "Accept-Encoding", "X-Forwarded-For", "X-Forwarded-Proto", "Cookie"}) {
    request.head.headers.add(name, value);
  }
  const Validators validators{.etag = ETag{.opaque = "a"}, .modified = SysSeconds()};
  check_preconditions(request, validators);
  decide_range(request, length, validators);
  accepts_gzip(request);
  client_address(request, trusted);
  came_by_https(request, trusted);
  request.cookies("a");
  is_compressible(value);
  json_string(value);
  return 0;
}
