#include "core/base/ascii.h"
#include "indexer/store/coding.h"
#include "server/links/led_to.h"
#include "server/links/link_index.h"
#include "server/links/link_store.h"

namespace wm::links {

using store::Family;
using store::number_key;

namespace {

constexpr std::size_t kIdBytes = 9;     // 'l' and the number
constexpr std::size_t kGroupMost = 100;

}  // namespace

std::string led_to_key(std::string_view url_key, std::uint64_t id) { return "f" + std::string(url_key) + '\0' + number_key('l', id); }

Result<std::vector<DuplicateGroup>> LinkStore::duplicates(std::size_t limit, std::string& cursor) const {
  const auto start = hex_decode(cursor);
  if (!start) return fail(Error::Code::kInvalid, "not a cursor of duplicates: " + cursor.substr(0, 40));
  cursor.clear();
  std::vector<DuplicateGroup> groups;
  std::string current;
  std::vector<std::uint64_t> ids;
  const auto close = [&]() -> Result<> {
    if (ids.size() < 2) return {};
    DuplicateGroup group{.url = current.substr(1), .links = {}};
    for (const std::uint64_t id : ids) {
      auto link = WM_TRY(get(id));
      if (link && !link->deleted) group.links.push_back(std::move(*link));
    }
    if (group.links.size() > 1) groups.push_back(std::move(group));
    return {};
  };
  auto at = store_.cursor(Family::kLinks);
  for (at.seek("f" + *start); at.valid() && at.key().front() == 'f'; at.next()) {
    const std::string_view key = at.key();
    if (key.size() < kIdBytes + 2) continue;
    const std::string_view url = key.substr(0, key.size() - kIdBytes - 1);
    if (url != current) {
      WM_TRY(close());
      current = url;
      ids.clear();
      if (groups.size() == limit) {
        cursor = hex_encode(current.substr(1));
        break;
      }
    }
    if (ids.size() < kGroupMost) ids.push_back(store::number_of_key(key.substr(key.size() - kIdBytes)));
  }
  WM_TRY(at.status());
  if (cursor.empty()) WM_TRY(close());
  return groups;
}

}  // namespace wm::links
