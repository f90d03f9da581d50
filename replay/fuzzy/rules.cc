#include "replay/fuzzy/rules.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace wm::fuzzy {
namespace {

std::string_view name_of(std::string_view argument) {
  return argument.substr(0, argument.find('='));
}

/// "png" of ")/a/b.png".
std::string_view extension_of(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos) return {};
  const auto file = path.substr(slash + 1);
  const auto dot = file.rfind('.');
  return dot == file.npos ? std::string_view() : file.substr(dot + 1);
}

bool is_dropped(const std::vector<pattern::Pattern>& drop, std::string_view argument) {
  return std::any_of(drop.begin(), drop.end(),
                     [argument](const auto& pattern) { return pattern.matches(argument); });
}

/// NUL is in no key, so it can stand between what is joined.
void add(std::string& identity, std::string_view part) {
  (identity += '\0') += part;
}

}  // namespace

KeyParts parts_of(std::string_view key) {
  const auto question = key.find('?');
  KeyParts parts{.path = key.substr(0, question), .arguments = {}};
  if (question != key.npos) parts.arguments = split(key.substr(question + 1), '&');
  return parts;
}

std::optional<std::string> Rule::identity(std::string_view key) const {
  const auto begins = [key](const std::string& prefix) { return key.starts_with(prefix); };
  if (!prefixes.empty() && !std::any_of(prefixes.begin(), prefixes.end(), begins))
    return std::nullopt;
  if (match) {
    const auto groups = match->groups_in(key);
    if (!groups) return std::nullopt;
    std::string identity;
    for (const auto& group : *groups) add(identity, group);
    return identity;
  }
  const KeyParts parts = parts_of(key);
  std::string identity(parts.path);
  if (path) {
    const auto extension = extension_of(parts.path);
    const bool known =
        std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
    return extensions.empty() || known ? std::optional(identity) : std::nullopt;
  }
  bool any = keep.empty();
  for (const auto argument : parts.arguments) {
    const bool kept = keep.empty()
                          ? !argument.empty() && !is_dropped(drop, argument)
                          : std::find(keep.begin(), keep.end(), name_of(argument)) != keep.end();
    if (kept) add(identity, argument);
    any |= kept;
  }
  return any ? std::optional(identity) : std::nullopt;
}

std::vector<std::string> Rule::search_prefixes(std::string_view key) const {
  if (!search.empty()) return {search};
  const KeyParts parts = parts_of(key);
  const std::string all = std::string(parts.path) + "?";
  std::string narrow = all;
  for (const auto argument : parts.arguments) {
    if (drop.empty() || is_dropped(drop, argument)) break;
    (narrow += argument) += '&';
  }
  if (narrow == all) return {all};
  // Arguments stand in order: what comes before the first that is dropped is the same in most.
  narrow.pop_back();
  return {narrow, all};
}

}  // namespace wm::fuzzy
