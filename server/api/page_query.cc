#include "server/api/page_query.h"

#include "replay/memento/wayback_url.h"

namespace wm::api {

Result<PageQuery> page_query(const server::Request& request) {
  std::string url = request.parameter("url").value_or("");
  if (url.ends_with('*')) url.pop_back();
  if (url.empty()) return fail(Error::Code::kInvalid, "url is missing");
  return PageQuery{.url = WM_TRY(memento::repair_url(url)),
                   .collection = request.parameter("collection").value_or("web")};
}

Result<std::optional<Time14>> time_parameter(const server::Request& request, const char* name,
                                             Time14::Pad pad) {
  const auto digits = request.parameter(name);
  if (!digits || digits->empty()) return std::optional<Time14>();
  const auto time = Time14::parse_padded(*digits, pad);
  if (!time) return fail(Error::Code::kInvalid, std::string(name) + " must be 1 to 14 digits");
  return time;
}

}  // namespace wm::api
