#include "core/base/ascii.h"
#include "indexer/store/store_internal.h"

namespace wm::store {
namespace {

// Names are many when years of captures are imported; the cache is a cache.
constexpr std::size_t kNamesKept = 20000;

std::string counter_key(std::string_view counter) {
  return "next/" + std::string(counter);
}

std::string key_of_name(std::string_view space, std::string_view name) {
  std::string key = "name";
  key.push_back('\0');
  key.append(space).push_back('\0');
  return key.append(name);
}

std::string key_of_number(std::string_view space, std::uint32_t number) {
  std::string key = "number";
  key.push_back('\0');
  key.append(space).push_back('\0');
  return key.append(std::to_string(number));
}

}  // namespace

Result<std::uint64_t> Store::State::next_id(std::string_view counter) {
  const std::string key = counter_key(counter);
  const auto stored = WM_TRY(get(Family::kMeta, key));
  std::uint64_t id = 1;
  if (stored) {
    const auto last = parse_u64(*stored);
    if (!last)
      return fail(Error::Code::kCorrupt,
                  "the counter " + std::string(counter) + " in " + path.string() + " is no number");
    id = *last + 1;
  }
  WM_TRY(put(Family::kMeta, key, std::to_string(id), false));
  counter_moved(key, std::to_string(id));
  return id;
}

void Store::State::remember(const std::string& by_name, std::uint32_t number,
                            const std::string& by_number, std::string_view name) const {
  MutexLock lock(names);
  if (number_by_name.size() > kNamesKept) number_by_name.clear();
  if (name_by_number.size() > kNamesKept) name_by_number.clear();
  number_by_name.emplace(by_name, number);
  name_by_number.emplace(by_number, name);
}

Result<std::uint64_t> Store::next_id(std::string_view counter) {
  MutexLock lock(state_->counters);
  return state_->next_id(counter);
}

Result<std::optional<std::uint32_t>> Store::interned(std::string_view space,
                                                     std::string_view name) const {
  const std::string key = key_of_name(space, name);
  {
    MutexLock lock(state_->names);
    if (const auto it = state_->number_by_name.find(key); it != state_->number_by_name.end())
      return it->second;
  }
  auto stored = WM_TRY(state_->get(Family::kMeta, key));
  if (!stored) return std::nullopt;
  const auto number = parse_u64(*stored);
  if (!number || *number > UINT32_MAX)
    return fail(Error::Code::kCorrupt,
                "the number of " + std::string(name) + " in the store is none");
  const auto small = static_cast<std::uint32_t>(*number);
  state_->remember(key, small, key_of_number(space, small), name);
  return small;
}

Result<std::uint32_t> Store::intern(std::string_view space, std::string_view name) {
  if (const auto known = WM_TRY(interned(space, name))) return *known;
  MutexLock lock(state_->counters);
  if (const auto known = WM_TRY(interned(space, name))) return *known;  // another thread was faster
  const auto number = WM_TRY(state_->next_id("name/" + std::string(space)));
  if (number > UINT32_MAX)
    return fail(Error::Code::kTooLarge, "too many names in " + std::string(space));
  const auto small = static_cast<std::uint32_t>(number);
  // Both ways at once. The write-ahead log keeps order: what is written later with this number can
  // not outlive its name.
  Batch batch;
  batch.put(Family::kMeta, key_of_number(space, small), name);
  batch.put(Family::kMeta, key_of_name(space, name), std::to_string(small));
  WM_TRY(write(std::move(batch), Sync::kNo));
  state_->remember(key_of_name(space, name), small, key_of_number(space, small), name);
  return small;
}

Result<std::optional<std::string>> Store::name_of(std::string_view space,
                                                  std::uint32_t number) const {
  const std::string key = key_of_number(space, number);
  {
    MutexLock lock(state_->names);
    if (const auto it = state_->name_by_number.find(key); it != state_->name_by_number.end())
      return it->second;
  }
  const auto stored = WM_TRY(state_->get(Family::kMeta, key));
  if (stored) state_->remember(key_of_name(space, *stored), number, key, *stored);
  return stored;
}

}  // namespace wm::store
