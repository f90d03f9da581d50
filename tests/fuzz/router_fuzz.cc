// A request target through a router, and through the readers of its query.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/http/router.h"

using namespace wm;
using namespace wm::server;

namespace {

Router make_router() {
  const auto handler = [](const Request& request, const PathValues& values) {
    for (const auto& [name, value] : values.values) {
      if (value.size() > request.head.target.size()) std::abort();
    }
    // What {rest} took is a tail of the target as it was sent.
    if (!request.head.target.ends_with(values.get("rest"))) std::abort();
    return Response::text(200, "");
  };
  std::vector<Route> routes;
  for (const char* pattern : {"/", "/a", "/a/{id}", "/a/{id}/b/{name:raw}", "/a/new",
                              "/{x}/{rest:rest}", "/files/{rest:rest}"}) {
    routes.push_back({"GET", pattern, Permission::kPublic, handler});
  }
  routes.push_back({"POST", "/a/{id}", Permission::kWrite, handler});
  return Router(std::move(routes), {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Router router = make_router();
  if (size == 0) return 0;
  constexpr const char* kMethods[] = {"GET", "HEAD", "POST", "OPTIONS", "DELETE"};
  Request request;
  request.head.method = kMethods[data[0] % 5];
  request.head.target.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const int status = router.handle(request).status;
  if (status != 200 && status != 204 && status != 404 && status != 405) std::abort();
  request.parameter("q");
  if (percent_decode(request.path()).size() > request.path().size()) std::abort();
  return 0;
}
