#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::archive {

/// The gzip member of a warcinfo record: what a WARC that is put together from others begins with.
Result<std::string> warc_head(SysMicros date, std::string_view file_name);

}  // namespace wm::archive
