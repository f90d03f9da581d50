#pragma once

#include <memory>

#include "core/base/source.h"
#include "core/base/file.h"
#include "core/base/result.h"
#include "indexer/cdx/capture.h"

namespace wm::archive {

/// A record that is no gzip member of its own as one: a WARC record with its fields and block as they are, an ARC record as a response of
/// WARC/1.1. Streamed; the block is read twice where its digest is to stand before it. kCorrupt, kIo.
Result<std::unique_ptr<Source>> remade_record(std::shared_ptr<const ReadFile> file, const cdx::Capture& capture);

}  // namespace wm::archive
