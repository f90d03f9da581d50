#include "core/warc/reader.h"
#include "tests/fuzz/memory_file.h"

using namespace wm;
using namespace wm::warc;

namespace {

constexpr std::size_t kMostBytes = 4 << 20;

/// Every record is within the file, none overlaps another member's, each is found again at its
/// place.
void read_through(const std::shared_ptr<const ReadFile>& file, std::size_t size,
                  const ReadLimits& limits) {
  auto reader = WarcReader::over(file, limits);
  WM_CHECK(reader.has_value());
  std::uint64_t last_offset = 0;
  for (std::size_t records = 0;; ++records) {
    auto next = reader->next();
    WM_CHECK(next.has_value());
    if (!*next) break;
    WarcRecord& record = **next;
    WM_CHECK(record.offset >= last_offset && record.offset < size);
    last_offset = record.offset;
    auto block = read_up_to(record.block(), kMostBytes);
    WM_CHECK(block.has_value());
    if (record.block_bytes) WM_CHECK(record.block_bytes->substr(0, kMostBytes) == *block);
    const auto finished = reader->finish_record();
    WM_CHECK(finished.has_value() && finished->length > 0 &&
             record.offset + finished->length <= size);
    WM_CHECK(!record.length || *record.length == finished->length);
    if (!record.own_member || records > 50) continue;
    auto again = read_record_at(file, record.offset, finished->length, limits);
    WM_CHECK(again.has_value() && again->fields == record.fields);
    // Where it lies undamaged, it is the same; where not, what stood behind it had a say.
    if (!record.damage.empty() || !finished->damage.empty()) continue;
    WM_CHECK(read_up_to(again->block(), kMostBytes).value() == *block);
  }
  WM_CHECK(reader->position() == size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = fuzz::memory_file(data, size);
  read_through(file, size, {});
  read_through(file, size,
               {.header_bytes = 100,
                .header_fields = 3,
                .whole_member_bytes = 64,
                .whole_decoded_bytes = 64});
  return 0;
}
