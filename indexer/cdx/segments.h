#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/warc/record.h"
#include "indexer/cdx/capture.h"
#include "indexer/store/store.h"

namespace wm::cdx {

// A record too large for its writer's files was cut into segments (ISO 28500 §7): the first is a
// capture like any other, the others are continuation records, as a rule in other files. They are
// remembered by the id of the first, in the meta family (docs/formats/store.md), so that a capture
// is read whole wherever its parts lie.

struct Segment {
  std::uint64_t number = 0;  ///< 2 is the first continuation
  std::string file;          ///< below data/warcs
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::optional<std::uint64_t> total;  ///< block bytes of all segments together, told by the last
};

/// The segment that a continuation record is, without its place; nullopt if it does not say of what
/// it is one.
std::optional<Segment> segment_of(const warc::WarcRecord& record);
/// The id that the segments of a record are filed under: of the first segment, as every other names
/// it.
std::string_view segment_origin(const warc::WarcRecord& record);
/// Is it the first of several? What is numbered 1 and goes nowhere is whole.
bool is_first_segment(const warc::WarcRecord& record);

class Segments {
 public:
  explicit Segments(store::Store& store) : store_(store) {}
  Result<> add(store::Batch& batch, std::string_view collection, std::string_view origin,
               const Segment& segment) const;
  /// Those that follow the first without a gap, by number; at most 100,000.
  struct Chain {
    std::vector<Segment> segments;
    bool complete = false;  ///< the last of them says that it is the last
  };
  Result<Chain> following(std::string_view collection, std::string_view origin) const;

 private:
  store::Store& store_;
};

using OpenFile =
    std::function<Result<std::shared_ptr<const ReadFile>>(const std::string& relative)>;

/// The record of a capture. What was cut into segments comes joined, as far as they are there;
/// `damage` tells of those that are not, and content_length is of the whole if that is known. What
/// `open` refers to must outlive the block.
Result<warc::WarcRecord> open_record(const Segments& segments, const OpenFile& open,
                                     const Capture& capture);

}  // namespace wm::cdx
