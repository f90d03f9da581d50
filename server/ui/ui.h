#pragma once

#include <functional>
#include <span>
#include <string>
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

/// The web app: `/`, `/static/…`, and `/view/…`, the frame around mementos; public, since all data comes through the API. `/web/…`, an
/// address as of the replay origin, leads to its frame. `replay_origin` as this client reaches it: the one place frames may show.
void add_routes(std::vector<server::Route>& routes, std::function<std::string(const server::Request&)> replay_origin);

}  // namespace wm::ui
