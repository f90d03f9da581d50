#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/url/tracking.h"
#include "server/app/settings.h"

namespace wm::app {

/// A file in the form of config/tracking.toml. kInvalid names file and line of what is wrong.
Result<url::Tracking> read_tracking(const std::filesystem::path& file);

/// What the settings say: their file, or what is usual.
Result<url::Tracking> tracking_of(const Settings& settings);

}  // namespace wm::app
