#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::archiver {

/// Where the WARC of a capture lies, relative to the WARC root and '/'-separated:
/// `<collection>/<yyyy>/<mm>/wm-<time14>-<first twelve characters of the capture
/// id>-<host>.warc.gz`, of [A-Za-z0-9._-] only. kInvalid for a collection name of other characters,
/// starting with a dot, or longer than 64; and for a capture id without a usable character.
Result<std::string> warc_path(std::string_view collection, Time14 time, std::string_view capture_id,
                              std::string_view host);

}  // namespace wm::archiver
