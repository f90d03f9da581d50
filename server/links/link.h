#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::links {

/// What the user saved. A value.
struct Link {
  std::uint64_t id = 0;
  std::uint64_t version = 1;  ///< one more with each change: what an ETag is made of
  std::string url{};          ///< as given, parsed and serialised
  std::string title{};        ///< the user's, or the page's once it was captured
  bool title_is_users = false;
  std::string description{};  ///< the user's, or the page's own, from its newest snapshot
  bool description_is_users = false;
  std::string notes{};              ///< Markdown
  std::vector<std::string> tags{};  ///< as the tags are called, sorted, no two equal by tag_key()
  std::string engine = "auto";      ///< auto, http, browser
  std::string schedule{};           ///< how often to capture again, "7d"; "" = as its tags say
  bool unread = false;
  bool archived = false;
  bool favourite = false;
  bool shared = false;
  std::string broken{};   ///< why the last capture failed or what the page answered; "" = all is well
  std::string icon{};     ///< address of the page's icon, as its newest snapshot names it
  std::string preview{};  ///< and of its preview picture (og:image)
  SysMicros created{};
  SysMicros modified{};
  std::optional<SysMicros> deleted{};  ///< when it went to the trash
  friend bool operator==(const Link&, const Link&) = default;
};

/// The captures made of a link at one time, as the user sees them. A value.
struct Snapshot {
  std::uint64_t link_id = 0;
  Time14 time;
  std::string collection = "web";
  std::string url;       ///< of the page, after redirects
  int status = 0;        ///< the page's HTTP status
  std::string mime;
  std::string engine;
  std::string warc;      ///< relative to data/warcs
  std::uint64_t offset = 0;  ///< where in it what was captured begins
  std::uint64_t length = 0;  ///< how far it reaches; 0: to the end
  std::uint64_t resources = 0;
  std::uint64_t revisits = 0;
  std::uint64_t bytes = 0;   ///< payload bytes received
  std::uint64_t missed = 0;  ///< requisites that could not be had
  std::uint64_t job_id = 0;
  friend bool operator==(const Snapshot&, const Snapshot&) = default;

  /// "/web/20261124211100/https://…": the page on the replay origin.
  std::string replay_path() const;
};

/// The states by which links are filtered, and their words in queries and in the API.
enum class State { kUnread, kRead, kArchived, kActive, kFavourite, kShared, kBroken, kTagged, kUntagged, kTrashed };
std::string_view name_of(State state) noexcept;
std::optional<State> state_of(std::string_view name) noexcept;
bool is_in(const Link& link, State state);

/// Stored forms, JSON with a version; docs/formats/links.md. What a reader does not know it passes over; what is missing has its default.
std::string encode(const Link& link);
Result<Link> decode_link(std::string_view stored);
std::string encode(const Snapshot& snapshot);
Result<Snapshot> decode_snapshot(std::string_view stored);

}  // namespace wm::links
