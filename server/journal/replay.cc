#include "server/journal/replay.h"

#include "core/base/ascii.h"
#include "core/warc/reader.h"
#include "indexer/store/coding.h"
#include "server/journal/change_json.h"
#include "server/journal/journal.h"

namespace wm::journal {

using store::Family;

namespace {

constexpr std::size_t kRecordBytes = 256 << 20;
constexpr std::size_t kBatchBytes = 4 << 20;

bool is_ours(const warc::WarcRecord& record) { return record.type() == warc::RecordType::kMetadata && record.target_uri().starts_with("urn:waymark:"); }

/// Gives the changes of each record to `take`; the number of records.
template <class Take>
Result<std::uint64_t> each_record(const std::filesystem::path& warcs, const std::string& file, const Tell& tell, Take take) {
  std::uint64_t records = 0;
  auto reader = WM_TRY(warc::WarcReader::open(warcs / file));
  const auto tell_all = [&](const std::vector<warc::Damage>& damage) {
    for (const auto& one : damage) tell(file, one.offset, one.reason);
  };
  for (;;) {
    auto record = WM_TRY(reader.next());
    tell_all(reader.take_damage());
    if (!record) return records;
    ++records;
    tell_all(record->damage);
    if (is_ours(*record)) {
      const auto content = read_all(record->block(), kRecordBytes);
      const auto changes = content ? from_json(*content) : std::unexpected(content.error());
      if (!changes) tell(file, record->offset, changes.error().what);
      if (changes) WM_TRY(take(*changes));
    }
    tell_all(WM_TRY(reader.finish_record()).damage);
  }
}

}  // namespace

Result<Replayed> replay(const std::filesystem::path& warcs, store::Store& into, const Tell& tell) {
  Replayed done;
  store::Batch batch;
  for (const std::string& file : WM_TRY(files_of(warcs))) {
    ++done.files;
    const auto records = each_record(warcs, file, tell, [&](const std::vector<store::RowChange>& changes) -> Result<> {
      for (const auto& change : changes) add_to(batch, change);
      done.changes += changes.size();
      if (batch.bytes() < kBatchBytes) return {};
      return into.write(std::exchange(batch, store::Batch()), store::Store::Sync::kNo);
    });
    if (!records && records.error().code == Error::Code::kIo) return std::unexpected(records.error());
    if (!records) tell(file, 0, records.error().what);
    if (records) done.records += *records;
  }
  WM_TRY(into.write(std::move(batch)));
  return done;
}

Result<std::uint64_t> check(const std::filesystem::path& warcs, const std::string& file, const Tell& tell) {
  return each_record(warcs, file, tell, [](const std::vector<store::RowChange>&) -> Result<> { return {}; });
}

}  // namespace wm::journal
