#pragma once

#include "core/base/file.h"
#include "core/base/result.h"

namespace wm::archive {

/// Are [offset, offset+length) of the file one gzip member, whole and with the right check sum, that holds a WARC record with a block of
/// `block_bytes` and nothing else, not even a blank line before it? kIo.
Result<bool> is_whole_member(const ReadFile& file, std::uint64_t offset, std::uint64_t length, std::uint64_t block_bytes);

}  // namespace wm::archive
