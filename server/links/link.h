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
  std::string url;          ///< as given, parsed and serialised
  std::string title;        ///< the user's, or the page's once it was captured
  bool title_is_users = false;
  std::string description;  ///< the page's own, from its newest snapshot
  std::string notes;
  std::vector<std::string> tags;  ///< in the user's spelling, sorted, no two equal by tag_key()
  std::string engine = "auto";    ///< auto, http, browser
  SysMicros created{};
  SysMicros modified{};
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

/// A tag as the user wrote it: trimmed, NFC, inner blanks single. kInvalid when empty, over 100 characters or with control characters.
Result<std::string> clean_tag(std::string_view written);
/// By what tags are equal: NFKC, case folded. "ＡＩ" and "ai" are one tag.
std::string tag_key(std::string_view tag);

/// Stored forms, JSON with a version; docs/formats/links.md.
std::string encode(const Link& link);
Result<Link> decode_link(std::string_view stored);
std::string encode(const Snapshot& snapshot);
Result<Snapshot> decode_snapshot(std::string_view stored);

}  // namespace wm::links
