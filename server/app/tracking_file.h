#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/url/tracking.h"

namespace wm::app {

/// A file in the form of config/tracking.toml. kInvalid names file and line of what is wrong.
Result<url::Tracking> read_tracking(const std::filesystem::path& file);

}  // namespace wm::app
