#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::links {

/// What is known of a tag besides the links that have it. A value.
struct Tag {
  std::string name;                 ///< as it was first written, or renamed: every link shows it so
  std::string colour{};             ///< "#rrggbb" or ""
  std::string engine{};             ///< how links with it are captured; "" = as the link says
  std::string schedule{};           ///< how often they are captured again, "7d"; "" = not
  std::vector<std::string> aliases{};  ///< other names, as written: whoever writes one means this tag
  SysMicros created{};
  friend bool operator==(const Tag&, const Tag&) = default;
};

/// A tag as the user wrote it: trimmed, NFC, inner blanks single, no '#' before it, no empty level ("a//b/" is "a/b"). kInvalid when empty, over 100
/// characters or 16 levels, or with control characters.
Result<std::string> clean_tag(std::string_view written);
/// By what tags are equal: NFKC, case folded. "ＡＩ" and "ai" are one tag.
std::string tag_key(std::string_view tag);
/// The keys of a key's parents, the nearest first: "a/b/c" → "a/b", "a".
std::vector<std::string> parents_of(std::string_view key);
/// Is `key` that of `ancestor`, or of one under it?
bool is_or_is_under(std::string_view key, std::string_view ancestor);

/// What the beginning of a tag may be typed as, folded: its name, each level's, and both by their Latin letters and initials ("图书馆" → "tushuguan", "tsg").
std::vector<std::string> typed_forms(std::string_view tag);

/// "#rrggbb" or "", in lower case; kInvalid.
Result<std::string> clean_colour(std::string_view written);
/// "" or a whole number of hours, days or weeks ("12h", "7d", "4w"); kInvalid.
Result<std::string> clean_schedule(std::string_view written);
/// auto, http or browser; kInvalid.
Result<> check_engine(std::string_view engine);

std::string encode(const Tag& tag);
Result<Tag> decode_tag(std::string_view stored);

}  // namespace wm::links
