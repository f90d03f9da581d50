#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "server/bookmarks/item_internal.h"

namespace wm::bookmarks {

using Json = nlohmann::json;

/// A member as text, whatever it is; "" for null, none, an object.
std::string text_of(const Json& object, const char* member);

/// An array of objects with members that role_of() knows, or that Pinboard or Pocket named. False
/// once the limit is reached.
bool read_items(const Json& items, Collector& out);

bool read_chrome(const Json& file, Collector& out);
bool read_firefox(const Json& file, Collector& out);
bool read_linkwarden(const Json& file, Collector& out);

}  // namespace wm::bookmarks
