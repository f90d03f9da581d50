#include "server/links/rules.h"

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "server/links/rule_matching.h"
#include "server/links/stored_json.h"
#include "server/links/tag.h"

namespace wm::links {

using nlohmann::json;

namespace {

constexpr int kRuleVersion = 1;
constexpr std::size_t kRules = 1000;
constexpr std::size_t kPatternBytes = 1000;
constexpr std::size_t kNameBytes = 200;
constexpr std::size_t kTags = 20;

json optional_flag(const std::optional<bool>& flag) { return flag ? json(*flag) : json(nullptr); }

void take_flag(const json& object, const char* name, std::optional<bool>& flag) {
  if (bool value = false; take(object, name, value)) flag = value;
}

bool does_nothing(const Rule& rule) {
  return rule.tags.empty() && rule.engine.empty() && rule.schedule.empty() && !rule.unread && !rule.archived && !rule.favourite && !rule.shared;
}

}  // namespace

Result<Rule> clean(const Rule& rule) {
  Rule clean = rule;
  clean.name = valid_utf8(trim(rule.name));
  if (clean.name.size() > kNameBytes) return fail(Error::Code::kInvalid, "the name of a rule is longer than 200 bytes");
  for (auto* pattern : {&clean.site, &clean.url, &clean.title, &clean.text}) {
    *pattern = valid_utf8(trim(*pattern));
    if (pattern->size() > kPatternBytes) return fail(Error::Code::kInvalid, "a pattern is longer than 1000 bytes");
  }
  if (clean.site.empty() && clean.url.empty() && clean.title.empty() && clean.text.empty()) {
    return fail(Error::Code::kInvalid, "a rule needs a condition: site, url, title or text");
  }
  if (clean.tags.size() > kTags) return fail(Error::Code::kInvalid, "a rule gives at most 20 tags");
  for (std::string& tag : clean.tags) tag = WM_TRY(clean_tag(tag));
  if (!clean.engine.empty()) WM_TRY(check_engine(clean.engine));
  clean.schedule = WM_TRY(clean_schedule(clean.schedule));
  if (does_nothing(clean)) return fail(Error::Code::kInvalid, "a rule that does nothing: give tags, an engine, a schedule or a state");
  WM_TRY(Condition::of(clean));
  return clean;
}

std::string encode(const Rule& rule) {
  return stored_text(json{{"v", kRuleVersion},
                          {"id", rule.id},
                          {"name", rule.name},
                          {"enabled", rule.enabled},
                          {"site", rule.site},
                          {"url", rule.url},
                          {"title", rule.title},
                          {"text", rule.text},
                          {"tags", rule.tags},
                          {"engine", rule.engine},
                          {"schedule", rule.schedule},
                          {"unread", optional_flag(rule.unread)},
                          {"archived", optional_flag(rule.archived)},
                          {"favourite", optional_flag(rule.favourite)},
                          {"shared", optional_flag(rule.shared)}});
}

Result<Rule> decode_rule(std::string_view stored) {
  return read_stored("rule", stored, kRuleVersion, [](const json& j) {
    Rule rule;
    j.at("id").get_to(rule.id);
    take(j, "name", rule.name);
    take(j, "enabled", rule.enabled);
    take(j, "site", rule.site);
    take(j, "url", rule.url);
    take(j, "title", rule.title);
    take(j, "text", rule.text);
    take(j, "tags", rule.tags);
    take(j, "engine", rule.engine);
    take(j, "schedule", rule.schedule);
    take_flag(j, "unread", rule.unread);
    take_flag(j, "archived", rule.archived);
    take_flag(j, "favourite", rule.favourite);
    take_flag(j, "shared", rule.shared);
    return rule;
  });
}

Rules::Rules(store::Store& store) : stored_(store, 'r', "rule", kRules) {}

Result<std::vector<Rule>> Rules::list() const { return stored_.all<Rule>(decode_rule); }

Result<Rule> Rules::get(std::uint64_t id) const {
  const auto found = WM_TRY(stored_.get(id));
  if (!found) return fail(Error::Code::kNotFound, "there is no rule " + std::to_string(id));
  return decode_rule(*found);
}

Result<Rule> Rules::add(const Rule& rule) {
  Rule made = WM_TRY(clean(rule));
  MutexLock lock(mutex_);
  const std::size_t there = WM_TRY(list()).size();
  made.id = WM_TRY(stored_.next(there));
  WM_TRY(stored_.put(made.id, encode(made)));
  compiled_.reset();
  return made;
}

Result<Rule> Rules::replace(const Rule& rule) {
  const Rule made = WM_TRY(clean(rule));
  MutexLock lock(mutex_);
  WM_TRY(get(made.id));
  WM_TRY(stored_.put(made.id, encode(made)));
  compiled_.reset();
  return made;
}

Result<> Rules::remove(std::uint64_t id) {
  MutexLock lock(mutex_);
  WM_TRY(get(id));
  WM_TRY(stored_.erase(id));
  compiled_.reset();
  return {};
}

Result<std::shared_ptr<const RuleSet>> Rules::compiled() const {
  MutexLock lock(mutex_);
  if (!compiled_) {
    const auto rules = WM_TRY(list());
    compiled_ = std::make_shared<const RuleSet>(rules);
  }
  return compiled_;
}

void apply(const std::vector<const Rule*>& rules, Link& link) {
  for (const Rule* rule : rules) {
    link.tags.insert(link.tags.end(), rule->tags.begin(), rule->tags.end());
    if (!rule->engine.empty() && link.engine == "auto") link.engine = rule->engine;
    if (!rule->schedule.empty() && link.schedule.empty()) link.schedule = rule->schedule;
    if (rule->unread) link.unread = *rule->unread;
    if (rule->archived) link.archived = *rule->archived;
    if (rule->favourite) link.favourite = *rule->favourite;
    if (rule->shared) link.shared = *rule->shared;
  }
}

}  // namespace wm::links
