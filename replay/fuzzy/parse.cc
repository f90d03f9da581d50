#include <toml++/toml.h>

#include "replay/fuzzy/rules.h"

namespace wm::fuzzy {
namespace {

constexpr std::size_t kRules = 10'000;
constexpr std::size_t kNames = 1000;
constexpr std::size_t kComplaints = 100;

std::unexpected<Error> wrong(std::string what) {
  return fail(Error::Code::kInvalid, std::move(what));
}

Result<std::string> text_of(const toml::node& node, std::string_view key) {
  const auto* text = node.as_string();
  if (text == nullptr) return wrong(std::string(key) + " must be text");
  return text->get();
}

Result<std::vector<std::string>> texts_of(const toml::node& node, std::string_view key) {
  const auto* list = node.as_array();
  if (list == nullptr || list->empty() || list->size() > kNames)
    return wrong(std::string(key) + " must be a list of texts");
  std::vector<std::string> texts;
  for (const auto& one : *list) texts.push_back(WM_TRY(text_of(one, key)));
  return texts;
}

Result<> set(Rule& rule, std::string_view key, const toml::node& node) {
  if (key == "name") {
    rule.name = WM_TRY(text_of(node, key));
  } else if (key == "prefix") {
    rule.prefixes = WM_TRY(texts_of(node, key));
  } else if (key == "match") {
    const auto text = WM_TRY(text_of(node, key));
    rule.match = WM_TRY(pattern::Pattern::compile(text));
  } else if (key == "keep") {
    rule.keep = WM_TRY(texts_of(node, key));
  } else if (key == "drop") {
    const auto texts = WM_TRY(texts_of(node, key));
    for (const auto& text : texts) rule.drop.push_back(WM_TRY(pattern::Pattern::compile(text)));
  } else if (key == "extensions") {
    rule.extensions = WM_TRY(texts_of(node, key));
  } else if (key == "search") {
    rule.search = WM_TRY(text_of(node, key));
  } else if (key == "path") {
    const auto* flag = node.as_boolean();
    if (flag == nullptr) return wrong("path must be true or false");
    rule.path = flag->get();
  } else {
    return wrong("a rule has no " + std::string(key));
  }
  return {};
}

Result<Rule> rule_of(const toml::node& node) {
  const auto* table = node.as_table();
  if (table == nullptr) return wrong("a rule is a table, [[rule]]");
  Rule rule;
  rule.line = node.source().begin.line;
  for (const auto& [key, value] : *table) WM_TRY(set(rule, key.str(), value));
  const int ways = (rule.match ? 1 : 0) + (rule.keep.empty() ? 0 : 1) +
                   (rule.drop.empty() ? 0 : 1) + (rule.path ? 1 : 0);
  if (ways != 1) return wrong("a rule needs one of match, keep, drop and path");
  if (!rule.extensions.empty() && !rule.path) return wrong("extensions go with path");
  if (!rule.search.empty() && rule.search.find(')') == std::string::npos && rule.prefixes.empty())
    return wrong("search over more than a host needs a prefix");
  return rule;
}

}  // namespace

Result<Rules> Rules::parse(std::string_view toml, std::vector<Complaint>& complaints) {
  const auto complain = [&complaints](std::size_t line, std::string what) {
    if (complaints.size() < kComplaints) complaints.push_back({line, std::move(what)});
  };
  Rules rules;
  try {
    const toml::table root = toml::parse(toml);
    for (const auto& [key, node] : root) {
      const auto* list = node.as_array();
      if (key.str() != "rule" || list == nullptr) {
        complain(node.source().begin.line, "only [[rule]] tables are known here");
        continue;
      }
      for (const auto& one : *list) {
        auto rule =
            rules.rules_.size() < kRules ? rule_of(one) : Result<Rule>(wrong("too many rules"));
        if (rule) {
          rules.rules_.push_back(std::move(*rule));
        } else {
          complain(one.source().begin.line, rule.error().what);
        }
      }
    }
  } catch (const toml::parse_error& error) {
    return wrong("line " + std::to_string(error.source().begin.line) + ": " +
                 std::string(error.description()));
  }
  return rules;
}

}  // namespace wm::fuzzy
