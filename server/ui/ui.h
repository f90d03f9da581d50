#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "server/http/router.h"

namespace wm::ui {

/// A file of static/, compiled into the program.
struct Asset {
  std::string_view name;  ///< "app.js"
  std::string_view bytes;
};
std::span<const Asset> assets();

/// The web app: `/` and `/static/…`, public, since all data comes through the API.
void add_routes(std::vector<server::Route>& routes);

}  // namespace wm::ui
