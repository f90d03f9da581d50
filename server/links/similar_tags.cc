#include <algorithm>
#include <map>
#include <numeric>

#include "core/base/ascii.h"
#include "server/links/tag_store.h"

namespace wm::links {

namespace {

constexpr std::size_t kTagsCompared = 20000;
constexpr std::size_t kGroups = 200;
constexpr std::size_t kShortest = 5;  // characters, below which one letter makes another word
constexpr std::size_t kLongest = 40;

/// The key without what people write one way or the other.
std::string skeleton(std::string_view key) {
  std::string bare;
  for (const char c : key) {
    if (c != '-' && c != '_' && c != ' ' && c != '.') bare.push_back(c);
  }
  if (bare.size() > 3 && bare.back() == 's' && bare[bare.size() - 2] != 's' && is_alpha(bare[bare.size() - 2])) bare.pop_back();
  return bare;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) digits.push_back(c);
  }
  return digits;
}

std::vector<std::string_view> characters_of(std::string_view utf8) {
  std::vector<std::string_view> characters;
  for (std::size_t at = 0; at < utf8.size();) {
    std::size_t end = at + 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xc0) == 0x80) ++end;
    characters.push_back(utf8.substr(at, end - at));
    at = end;
  }
  return characters;
}

/// The text, and the text without each of its characters: two texts that share one of these are one letter apart.
std::vector<std::string> variants(const std::string& text) {
  std::vector<std::string> all{text};
  const auto characters = characters_of(text);
  if (characters.size() < kShortest || characters.size() > kLongest) return all;
  for (std::size_t left_out = 0; left_out < characters.size(); ++left_out) {
    std::string one;
    for (std::size_t i = 0; i < characters.size(); ++i) {
      if (i != left_out) one += characters[i];
    }
    all.push_back(std::move(one));
  }
  return all;
}

class Groups {
 public:
  explicit Groups(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t root(std::size_t one) {
    while (parent_[one] != one) one = parent_[one] = parent_[parent_[one]];
    return one;
  }
  void join(std::size_t a, std::size_t b) { parent_[root(a)] = root(b); }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace

Result<std::vector<std::vector<TagInfo>>> TagStore::similar() const {
  std::vector<TagInfo> tags = WM_TRY(list());
  if (tags.size() > kTagsCompared) tags.resize(kTagsCompared);
  std::map<std::string, std::size_t> first_with;  // a variant of a skeleton, with its digits: v2 is not v3
  Groups groups(tags.size());
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string bare = skeleton(tag_key(tags[i].tag.name));
    for (const std::string& variant : variants(bare)) {
      const auto [known, is_new] = first_with.emplace(variant + '\0' + digits_of(bare), i);
      if (!is_new) groups.join(i, known->second);
    }
  }
  std::map<std::size_t, std::vector<TagInfo>> by_root;
  for (std::size_t i = 0; i < tags.size(); ++i) by_root[groups.root(i)].push_back(tags[i]);
  std::vector<std::vector<TagInfo>> found;
  for (auto& [root, group] : by_root) {
    if (group.size() < 2 || found.size() == kGroups) continue;
    std::sort(group.begin(), group.end(), [](const TagInfo& a, const TagInfo& b) { return a.links > b.links; });
    found.push_back(std::move(group));
  }
  return found;
}

}  // namespace wm::links
