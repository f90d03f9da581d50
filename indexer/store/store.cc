#include "indexer/store/store.h"

#include <rocksdb/cache.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include "core/base/ascii.h"
#include "indexer/store/store_internal.h"

namespace wm::store {

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

Result<std::optional<std::string>> Store::State::get(Family family, std::string_view key) const {
  std::string value;
  const auto status = db->Get({}, handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) {
    return std::unexpected(error_of(
        status, "reading " + std::string(kFamilyNames[index_of(family)]) + " in " + path.string()));
  }
  return value;
}

Result<> Store::State::put(Family family, std::string_view key, std::string_view value,
                           bool sync) const {
  rocksdb::WriteOptions options;
  options.sync = sync;
  const auto status = db->Put(options, handle(family), slice(key), slice(value));
  if (!status.ok()) return std::unexpected(error_of(status, "writing to " + path.string()));
  return {};
}

Result<std::optional<std::string>> Store::get(Family family, std::string_view key) const {
  return state_->get(family, key);
}

Result<> Store::write(Batch batch, Sync sync) {
  rocksdb::WriteBatch out(batch.bytes() + batch.size() * 16);
  std::string_view left = batch.state_->operations;
  const auto take = [&left] {
    std::uint32_t length = 0;
    left.copy(reinterpret_cast<char*>(&length),
              sizeof length);  // our own memory, written by Batch::State::add
    const auto text = left.substr(sizeof length, length);
    left.remove_prefix(sizeof length + length);
    return text;
  };
  std::vector<RowChange> changes;
  while (!left.empty()) {
    const auto op = static_cast<Batch::State::Op>(left[0]);
    const auto number = static_cast<unsigned char>(left[1]);
    auto* family = state_->families[number];
    left.remove_prefix(2);
    const auto first = take();
    const auto second = take();
    if (state_->record && is_recorded(static_cast<Family>(number), first))
      changes.push_back({static_cast<RowChange::Kind>(op), static_cast<Family>(number),
                         std::string(first), std::string(second)});
    rocksdb::Status status;
    switch (op) {
      case Batch::State::Op::kPut:
        status = out.Put(family, slice(first), slice(second));
        break;
      case Batch::State::Op::kErase:
        status = out.Delete(family, slice(first));
        break;
      case Batch::State::Op::kEraseRange:
        status = out.DeleteRange(family, slice(first), slice(second));
        break;
    }
    if (!status.ok())
      return std::unexpected(error_of(status, "making a batch for " + state_->path.string()));
  }
  rocksdb::WriteOptions options;
  options.sync = sync == Sync::kYes;
  if (!changes.empty()) {
    WM_TRY(state_->write_recorded(out, std::move(changes), options));
    if (state_->recorded) state_->recorded();
    return {};
  }
  const auto status = state_->db->Write(options, &out);
  if (!status.ok()) return std::unexpected(error_of(status, "writing to " + state_->path.string()));
  return {};
}

void Store::on_recorded(std::function<void()> told) {
  state_->recorded = std::move(told);
}

Result<> Store::checkpoint(const std::filesystem::path& into) const {
  std::error_code error;
  if (std::filesystem::exists(into, error))
    return fail(Error::Code::kConflict, into.string() + " exists already");
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(state_->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(into.string());
  if (!status.ok())
    return std::unexpected(error_of(status, "copying the store to " + into.string()));
  return {};
}

std::uint64_t Store::approximate_bytes(Family family, std::string_view first,
                                       std::string_view last) const {
  rocksdb::SizeApproximationOptions options;
  const rocksdb::Range range(slice(first), slice(last));
  std::uint64_t bytes = 0;
  const auto status =
      state_->db->GetApproximateSizes(options, state_->handle(family), &range, 1, &bytes);
  return status.ok() ? bytes : 0;
}

std::uint64_t Store::size_on_disk() const {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator it(state_->path, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code gone;  // a compaction may take a file away meanwhile
    if (const auto size = it->file_size(gone); !gone) bytes += size;
  }
  return bytes;
}

std::uint64_t Store::memory_used() const {
  std::uint64_t bytes = state_->cache->GetUsage();
  for (const auto& property : {rocksdb::DB::Properties::kCurSizeAllMemTables,
                               rocksdb::DB::Properties::kEstimateTableReadersMem}) {
    for (auto* family : state_->families) {
      std::uint64_t value = 0;
      if (state_->db->GetIntProperty(family, property, &value)) bytes += value;
    }
  }
  return bytes;
}

}  // namespace wm::store
