#include "archiver/browser/behaviours.h"

#include <toml++/toml.h>

#include "archiver/browser/built_in_behaviours.inc"
#include "core/base/ascii.h"
#include "core/base/file.h"

namespace wm::browser {
namespace {

constexpr std::size_t kFileBytes = 1 << 20;
constexpr std::size_t kClicksAtMost = 50;

std::unexpected<Error> wrong(const toml::node& at, const std::string& what) {
  return fail(Error::Code::kInvalid,
              "behaviours, line " + std::to_string(at.source().begin.line) + ": " + what);
}

Result<std::vector<std::string>> words_of(const toml::node& value, const std::string& name) {
  const toml::array* const list = value.as_array();
  if (list == nullptr) return wrong(value, name + " is a list of strings");
  std::vector<std::string> words;
  for (const toml::node& one : *list) {
    const auto word = one.value<std::string>();
    if (!word || word->empty()) return wrong(one, name + " is a list of strings");
    words.push_back(*word);
  }
  return words;
}

Result<BehaviourRule> rule_of(const toml::table& table) {
  BehaviourRule rule;
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    if (name == "host" && value.is_string()) {
      rule.host = to_lower(*value.value<std::string>());
    } else if (name == "clicks" && value.is_integer()) {
      const auto count = *value.value<std::int64_t>();
      if (count < 0 || count > static_cast<std::int64_t>(kClicksAtMost))
        return wrong(value, "clicks is 0 to 50");
      rule.clicks = static_cast<std::size_t>(count);
    } else if (name == "open") {
      rule.open = WM_TRY(words_of(value, name));
    } else if (name == "click") {
      rule.click = WM_TRY(words_of(value, name));
    } else if (name == "words") {
      rule.words = WM_TRY(words_of(value, name));
    } else {
      return wrong(value, "no such key, or of another type: " + name);
    }
  }
  return rule;
}

bool holds_for(const BehaviourRule& rule, std::string_view host) {
  if (rule.host == "*" || rule.host == host) return true;
  return host.size() > rule.host.size() && host.ends_with(rule.host) &&
         host[host.size() - rule.host.size() - 1] == '.';
}

}  // namespace

Result<Behaviours> Behaviours::parse(std::string_view text) {
  try {
    const toml::table file = toml::parse(text);
    Behaviours behaviours;
    for (const auto& [key, value] : file) {
      const toml::array* const list = key.str() == "rule" ? value.as_array() : nullptr;
      if (list == nullptr) return wrong(value, "only [[rule]] stands here");
      for (const toml::node& one : *list) {
        const toml::table* const table = one.as_table();
        if (table == nullptr) return wrong(one, "a rule is a table");
        behaviours.rules_.push_back(WM_TRY(rule_of(*table)));
      }
    }
    return behaviours;
  } catch (const toml::parse_error& error) {
    return fail(Error::Code::kInvalid, "behaviours, line " +
                                           std::to_string(error.source().begin.line) + ": " +
                                           std::string(error.description()));
  }
}

Result<Behaviours> Behaviours::read(const std::filesystem::path& file) {
  const std::string text = WM_TRY(read_file(file, kFileBytes));
  auto behaviours = parse(text);
  if (!behaviours) behaviours.error().what = file.string() + ": " + behaviours.error().what;
  return behaviours;
}

const Behaviours& Behaviours::built_in() {
  static const Behaviours kRules = [] {
    auto rules = parse(kBuiltInBehaviours);
    WM_CHECK(rules.has_value());
    return std::move(*rules);
  }();
  return kRules;
}

BehaviourRule Behaviours::for_host(std::string_view host) const {
  BehaviourRule all;
  all.clicks = 0;
  const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (const BehaviourRule& rule : rules_) {
    if (!holds_for(rule, host)) continue;
    append(all.open, rule.open);
    append(all.click, rule.click);
    append(all.words, rule.words);
    all.clicks = std::max(all.clicks, rule.clicks);
  }
  return all;
}

}  // namespace wm::browser
