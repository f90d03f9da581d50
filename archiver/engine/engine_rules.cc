#include "archiver/engine/engine_rules.h"

#include <toml++/toml.h>
#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/file.h"

namespace wm::engine {
namespace {

constexpr std::size_t kFileBytes = 1 << 20;
constexpr std::size_t kRules = 1000;
constexpr std::size_t kEmptyRoot = 80;  // characters: "Loading, please wait" is no content

std::unexpected<Error> invalid(std::string what) {
  return fail(Error::Code::kInvalid, "engine rules: " + std::move(what));
}

std::string at(const toml::node& node) {
  return "line " + std::to_string(node.source().begin.line) + ": ";
}

Result<> read(const toml::node& node, std::string& into) {
  const auto text = node.value_exact<std::string>();
  if (!text) return invalid(at(node) + "a string is expected");
  into = *text;
  return {};
}

Result<> read(const toml::node& node, bool& into) {
  const auto flag = node.value_exact<bool>();
  if (!flag) return invalid(at(node) + "true or false is expected");
  into = *flag;
  return {};
}

Result<> read(const toml::node& node, std::optional<std::size_t>& into) {
  const auto number = node.value_exact<std::int64_t>();
  if (!number || *number < 0) return invalid(at(node) + "a number is expected");
  into = static_cast<std::size_t>(*number);
  return {};
}

Result<> read(const toml::node& node, std::vector<std::string>& into) {
  const toml::array* const list = node.as_array();
  if (list == nullptr) return invalid(at(node) + "a list of strings is expected");
  for (const toml::node& one : *list) {
    std::string text;
    WM_TRY(read(one, text));
    into.push_back(to_lower(text));
  }
  return {};
}

Result<> read(const toml::node& node, Engine& into) {
  std::string name;
  WM_TRY(read(node, name));
  if (name != "http" && name != "browser")
    return invalid(at(node) + "the engines are \"http\" and \"browser\"");
  into = name == "http" ? Engine::kHttp : Engine::kBrowser;
  return {};
}

Result<> read_key(std::string_view key, const toml::node& node, Rule& rule) {
  if (key == "engine") return read(node, rule.engine);
  if (key == "reason") return read(node, rule.reason);
  if (key == "hosts") return read(node, rule.hosts);
  if (key == "tags") return read(node, rule.tags);
  if (key == "text_below") return read(node, rule.text_below);
  if (key == "scripts_from") return read(node, rule.scripts_from);
  if (key == "links_below") return read(node, rule.links_below);
  if (key == "images_below") return read(node, rule.images_below);
  if (key == "frames_below") return read(node, rule.frames_below);
  if (key == "forms_below") return read(node, rule.forms_below);
  if (key == "only_modules") return read(node, rule.only_modules);
  if (key == "empty_roots") return read(node, rule.empty_roots);
  if (key == "noscript_says") return read(node, rule.noscript_says);
  if (key == "title_says") return read(node, rule.title_says);
  return invalid(at(node) + "no such key: " + std::string(key));
}

Result<Rule> read_rule(const toml::node& node) {
  const toml::table* const table = node.as_table();
  if (table == nullptr) return invalid(at(node) + "[[rule]] is expected");
  Rule rule;
  for (const auto& [key, value] : *table) WM_TRY(read_key(key.str(), value, rule));
  if (rule.reason.empty()) return invalid(at(node) + "a rule needs a reason: the job shows it");
  return rule;
}

Result<toml::table> parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return invalid("line " + std::to_string(error.source().begin.line) + ": " +
                   std::string(error.description()));
  }
}

bool is_host(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return iequals(pattern, host);
  const std::string_view domain = pattern.substr(2);
  if (iequals(domain, host)) return true;
  return host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
         iequals(host.substr(host.size() - domain.size()), domain);
}

bool any(const std::vector<std::string>& list, auto holds) {
  return list.empty() || std::any_of(list.begin(), list.end(), holds);
}

bool below(const std::optional<std::size_t>& limit, std::size_t count) {
  return !limit || count < *limit;
}

bool holds_for(const Rule& rule, const Page& page) {
  const auto is_tag = [&](const std::string& wanted) {
    return std::any_of(page.tags.begin(), page.tags.end(),
                       [&](const std::string& tag) { return iequals(tag, wanted); });
  };
  return any(rule.hosts, [&](const std::string& host) { return is_host(host, page.host); }) &&
         any(rule.tags, is_tag);
}

bool holds_for(const Rule& rule, const PageSigns& signs) {
  const auto is_empty_root = [&](const std::string& name) {
    return std::any_of(signs.roots.begin(), signs.roots.end(), [&](const Root& root) {
      return root.name == name && root.text < kEmptyRoot;
    });
  };
  const std::size_t scripts = signs.scripts + signs.modules;
  return below(rule.text_below, signs.text) && below(rule.links_below, signs.links) &&
         below(rule.images_below, signs.images) && below(rule.frames_below, signs.frames) &&
         below(rule.forms_below, signs.forms) &&
         (!rule.scripts_from || scripts >= *rule.scripts_from) &&
         (!rule.only_modules || (signs.modules > 0 && signs.scripts == 0)) &&
         any(rule.empty_roots, is_empty_root) &&
         any(rule.noscript_says,
             [&](const std::string& words) {
               return signs.noscript.find(words) != std::string::npos;
             }) &&
         any(rule.title_says, [&](const std::string& words) {
           return signs.title.find(words) != std::string::npos;
         });
}

}  // namespace

std::string_view name_of(Engine engine) noexcept {
  return engine == Engine::kHttp ? "http" : "browser";
}

bool Rule::is_about_page() const {
  return text_below || scripts_from || links_below || images_below || frames_below || forms_below ||
         only_modules || !empty_roots.empty() || !noscript_says.empty() || !title_says.empty();
}

EngineRules EngineRules::defaults() {
  auto rules = parse(default_rules());
  WM_CHECK(rules.has_value());
  return std::move(*rules);
}

Result<EngineRules> EngineRules::parse(std::string_view text) {
  const toml::table document = WM_TRY(parse_toml(text));
  EngineRules rules;
  for (const auto& [key, value] : document) {
    if (key.str() != "rule") return invalid("no such key: " + std::string(key.str()));
    const toml::array* const list = value.as_array();
    if (list == nullptr || list->size() > kRules)
      return invalid("at most 1000 [[rule]] are expected");
    for (const toml::node& one : *list) rules.rules_.push_back(WM_TRY(read_rule(one)));
  }
  return rules;
}

Result<EngineRules> EngineRules::load(const std::filesystem::path& path) {
  if (path.empty()) return defaults();
  const std::string text = WM_TRY(read_file(path, kFileBytes));
  return parse(text);
}

std::optional<Choice> EngineRules::choose(const Page& page) const {
  for (const Rule& rule : rules_) {
    if (!holds_for(rule, page)) continue;
    if (rule.is_about_page()) return std::nullopt;  // an earlier rule may hold yet
    return Choice{rule.engine, rule.reason};
  }
  return Choice{Engine::kHttp, "no rule asks for a browser"};
}

Choice EngineRules::choose(const Page& page, const PageSigns& signs) const {
  for (const Rule& rule : rules_) {
    if (holds_for(rule, page) && holds_for(rule, signs)) return {rule.engine, rule.reason};
  }
  return {Engine::kHttp, "the page holds its content as the server sent it"};
}

}  // namespace wm::engine
