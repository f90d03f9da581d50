#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/time14.h"
#include "server/http/message.h"

namespace wm::api {

/// Which archived URL a request speaks of: its parameters `url` and `collection` ("web" if not
/// said).
struct PageQuery {
  std::string url;  ///< made whole as in replay addresses
  std::string collection;
};
Result<PageQuery> page_query(const server::Request& request);

/// A parameter of 1 to 14 digits; nullopt without it.
Result<std::optional<Time14>> time_parameter(const server::Request& request, const char* name,
                                             Time14::Pad pad);

}  // namespace wm::api
