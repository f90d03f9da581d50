#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace wm::browser {

/// The style that rendered_text() needs of DOMSnapshot.captureSnapshot.
inline constexpr const char* kTextStyle = "display";

/// The text of all documents of a DOMSnapshot.captureSnapshot answer, as it was laid out: what is
/// not shown is not in it, shadow trees and frames are. A line a block, blanks collapsed. Linear;
/// takes any JSON. At most `limit_bytes`, cut between characters.
std::string rendered_text(const nlohmann::json& snapshot, std::size_t limit_bytes);

}  // namespace wm::browser
