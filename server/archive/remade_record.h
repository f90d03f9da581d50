#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/base/source.h"
#include "core/http/headers.h"
#include "core/warc/record.h"
#include "indexer/cdx/capture.h"

namespace wm::archive {

/// A record that cannot be handed on as it lies there, as a gzip member of WARC/1.1 that no validator frowns at: its block is as it was, its
/// fields are mended where they must be. Streamed.
struct RemadeRecord {
  std::unique_ptr<Source> bytes;
  http::Headers fields;  ///< as they are written
};

/// `open` gives the record anew each time it is called: its block is read first for its digest. An ARC record becomes a response or resource.
/// `id`: for a record that has none; `always` for one whose own is another's too. kCorrupt, kIo.
struct NewId {
  std::string id;
  bool always = false;
};
Result<RemadeRecord> remade_record(const std::function<Result<warc::WarcRecord>()>& open, const cdx::Capture& capture, const NewId& id);

}  // namespace wm::archive
