#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "core/base/result.h"
#include "server/imports/outcome.h"

namespace wm::imports {

/// Whether there is any record in a WARC or ARC: what has none is no archive and is not kept.
Result<bool> has_record(const std::filesystem::path& path);

/// Reads a WARC or ARC as an import would and counts into `outcome`; nothing is kept. kBusy when told to stop.
Result<> examine_warc(const std::filesystem::path& path, const std::string& member, const std::stop_token& stop, Outcome& outcome);

/// What importing `path` would give, as a dry run tells it: WACZ members and conversions go to a temporary folder.
Result<> examine(const std::filesystem::path& path, const std::string& url, const std::stop_token& stop, Outcome& outcome);

}  // namespace wm::imports
