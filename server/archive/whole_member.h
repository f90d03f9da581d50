#pragma once

#include "core/base/file.h"
#include "core/base/result.h"

namespace wm::archive {

/// Are [offset, offset+length) of the file one gzip member, whole and with the right check sum? kIo.
Result<bool> is_whole_member(const ReadFile& file, std::uint64_t offset, std::uint64_t length);

}  // namespace wm::archive
