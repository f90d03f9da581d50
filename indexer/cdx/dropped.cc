#include "indexer/cdx/dropped.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "indexer/store/coding.h"

namespace wm::cdx {

using store::Family;

namespace {

constexpr std::string_view kPrefix = "dropped/";

/// "dropped/" file, then `end`: NUL before offsets, 1 behind the last.
std::string file_key(std::string_view file, char end) { return std::string(kPrefix).append(file) + end; }

}  // namespace

void put_dropped(store::Batch& batch, std::string_view file, const Stretch& stretch) {
  std::string key = file_key(file, '\0');
  store::put_big_endian(key, stretch.offset, 8);
  batch.put(Family::kMeta, key, std::to_string(stretch.length));
}

Result<std::vector<Stretch>> dropped_of(const store::Store& store, std::string_view file) {
  std::vector<Stretch> all;
  const std::string prefix = file_key(file, '\0');
  auto cursor = store.cursor(Family::kMeta);
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    all.push_back({.offset = store::big_endian(cursor.key().substr(prefix.size())), .length = parse_u64(cursor.value()).value_or(0)});
  }
  WM_TRY(cursor.status());
  return all;
}

bool is_in(const std::vector<Stretch>& dropped, std::uint64_t offset) noexcept {
  return std::any_of(dropped.begin(), dropped.end(), [offset](const Stretch& stretch) { return stretch.holds(offset); });
}

void erase_dropped(store::Batch& batch, std::string_view file) { batch.erase_range(Family::kMeta, file_key(file, '\0'), file_key(file, '\1')); }

Result<std::vector<std::string>> files_with_dropped(const store::Store& store) {
  std::vector<std::string> files;
  auto cursor = store.cursor(Family::kMeta);
  cursor.seek(kPrefix);
  while (cursor.valid() && cursor.key().starts_with(kPrefix)) {
    const auto rest = cursor.key().substr(kPrefix.size());
    files.emplace_back(rest.substr(0, rest.find('\0')));
    cursor.seek(file_key(files.back(), '\1'));
  }
  WM_TRY(cursor.status());
  return files;
}

}  // namespace wm::cdx
