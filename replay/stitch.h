#pragma once

#include <memory>

#include "core/base/source.h"
#include "replay/range.h"
#include "replay/replay_internal.h"

namespace wm::replay {

/// Bytes `wanted` of a body of which the archive holds parts: players ask for media piece by piece,
/// so it was archived as 206 answers. `first` is the part that was chosen, with its header; other
/// captures of the same URL fill what it lacks, nearest in time first, if they are of the same
/// body: of the same length, and with the same ETag or Last-Modified where both tell. nullptr if
/// not all of it is held, or if it is content-coded, of which a part cannot be undone. `core`
/// outlives the stream.
std::unique_ptr<Source> stitched(const Core& core, const cdx::Capture& first,
                                 const http::Headers& header, const ContentRange& held,
                                 const ByteRange& wanted);

}  // namespace wm::replay
