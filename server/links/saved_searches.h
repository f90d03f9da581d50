#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/time14.h"
#include "server/links/numbered.h"

namespace wm::links {

/// A search that the user named; linkding's bundles are kept as these. A value.
struct SavedSearch {
  enum class Filter { kOff, kYes, kNo };
  std::uint64_t id = 0;
  std::string name{};
  std::string query{};  ///< as docs/search.md has it
  std::vector<std::string> any_tags{}, all_tags{}, excluded_tags{};
  Filter unread = Filter::kOff;
  Filter shared = Filter::kOff;
  std::uint64_t order = 0;  ///< where it stands among the others; 0 = at the end
  SysMicros created{};
  SysMicros modified{};
  friend bool operator==(const SavedSearch&, const SavedSearch&) = default;

  /// All of it as one query.
  std::string whole_query() const;
};

std::string_view name_of(SavedSearch::Filter filter) noexcept;
std::optional<SavedSearch::Filter> filter_of(std::string_view name) noexcept;
std::string encode(const SavedSearch& search);
Result<SavedSearch> decode_search(std::string_view stored);

/// From any thread.
class SavedSearches {
 public:
  explicit SavedSearches(store::Store& store);
  /// In their order.
  Result<std::vector<SavedSearch>> list() const;
  Result<SavedSearch> get(std::uint64_t id) const;
  /// kInvalid without a name, or for what is too long.
  Result<SavedSearch> add(const SavedSearch& search);
  Result<SavedSearch> replace(const SavedSearch& search);
  Result<> remove(std::uint64_t id);

 private:
  Mutex mutex_;  // one change at a time
  Numbered stored_;
};

}  // namespace wm::links
