#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/warc/record.h"
#include "indexer/cdx/capture.h"

namespace wm::pipeline {

/// A capture with what its record says besides.
struct RecordCapture {
  cdx::Capture capture;      ///< file and length are still to be set
  std::string content_type;  ///< essence of the entity's own type, also of a revisit; "" if it does
                             ///< not tell
  std::string record_id;
};

/// Which records are captures: response, revisit, resource, and metadata but
/// application/warc-fields. nullopt for the others, and `why` for those that would be one but
/// cannot be. Reads the block as far as it must: the head, all of it if the payload digest is
/// missing.
Result<std::optional<RecordCapture>> capture_of(warc::WarcRecord& record, std::string& why);

}  // namespace wm::pipeline
