#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time14.h"

namespace wm::bookmarks {

/// One saved address as a bookmark file tells it. A value.
struct Bookmark {
  std::string url;
  std::string title{};
  std::string description{};
  std::string notes{};
  std::vector<std::string>
      tags{};  ///< no two the same; the folders it is in as one nested tag, "ai/papers"
  std::optional<SysMicros> created{};
  std::optional<SysMicros> modified{};
  bool unread = false;
  bool archived = false;
  bool favourite = false;
  bool shared = false;
  std::string content{};   ///< a saved copy of the page as HTML, "" if there is none
  std::uint64_t line = 0;  ///< where it stands: the line, from 1; in JSON the item's number
  friend bool operator==(const Bookmark&, const Bookmark&) = default;
};

/// What was not taken over.
struct Skipped {
  std::uint64_t line = 0;
  std::string url;
  std::string reason;
};

}  // namespace wm::bookmarks
