#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::links {

// How values lie in the store: a JSON object with "v". Readers take older and equal versions, pass over what they do not know and leave at its default
// what is not there.

inline std::int64_t micros_of(SysMicros at) { return at.time_since_epoch().count(); }

inline std::string stored_text(const nlohmann::json& value) { return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

/// Into `field` if it is there and not null. Throws what nlohmann::json throws for another type.
template <class T>
bool take(const nlohmann::json& object, const char* name, T& field) {
  const auto at = object.find(name);
  if (at == object.end() || at->is_null()) return false;
  if constexpr (std::is_same_v<T, SysMicros>) {
    field = SysMicros(std::chrono::microseconds(at->template get<std::int64_t>()));
  } else {
    at->get_to(field);
  }
  return true;
}

/// What `read` makes of the object; kUnsupported for one of a newer version, kCorrupt for what it throws over.
template <class F>
auto read_stored(const char* what, std::string_view stored, int newest, F read) -> Result<std::invoke_result_t<F, const nlohmann::json&>> {
  try {
    const auto object = nlohmann::json::parse(stored);
    if (object.at("v").template get<int>() > newest) return fail(Error::Code::kUnsupported, std::string("a ") + what + " was stored by a newer Waymark");
    return read(object);
  } catch (const std::exception& error) {  // of the JSON library, or a value that is none
    return fail(Error::Code::kCorrupt, std::string("a stored ") + what + " cannot be read: " + error.what());
  }
}

}  // namespace wm::links
