#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "indexer/store/change_log.h"

namespace wm::journal {

/// The content of a record: what one batch changed, as JSON that people can read; docs/formats/journal.md.
std::string to_json(const std::vector<store::RowChange>& changes);
/// kCorrupt for what is no such content; kUnsupported for that of a newer version. Rows of other kinds than those that are recorded are kCorrupt too:
/// such a file may come from anywhere.
Result<std::vector<store::RowChange>> from_json(std::string_view json);

/// What a record is about: "urn:waymark:link:7" for a change of a link, "urn:waymark:<family>" else.
std::string subject_of(const std::vector<store::RowChange>& changes);

}  // namespace wm::journal
