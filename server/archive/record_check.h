#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/warc/record.h"
#include "indexer/pipeline/record_capture.h"

namespace wm::archive {

/// What a look at a whole record gives.
struct CheckedRecord {
  std::vector<std::string> wrong;                    ///< digests that do not fit
  std::optional<pipeline::RecordCapture> capture;    ///< what the index should have of it
};

/// Reads the block to its end. `again` is the same record once more, whose block is read too, if its payload has a digest.
Result<CheckedRecord> check_record(warc::WarcRecord& record, warc::WarcRecord again);

}  // namespace wm::archive
