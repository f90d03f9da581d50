#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "replay/access/rules.h"

namespace wm::access {
namespace {

using nlohmann::json;

constexpr std::size_t kLineBytes = 64 << 10;
constexpr std::size_t kComplaints = 100;
constexpr std::string_view kExact = "###";
constexpr std::string_view kAll = "*,";

std::unexpected<Error> wrong(std::string what) {
  return fail(Error::Code::kInvalid, std::move(what));
}

Result<std::optional<std::string>> text_of(const json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || it->is_null()) return std::nullopt;
  if (it->is_number_unsigned()) return std::to_string(it->get<std::uint64_t>());
  if (!it->is_string()) return wrong(std::string("\"") + name + "\" must be text");
  return it->get<std::string>();
}

Result<std::optional<Time14>> date_of(const json& object, const char* name) {
  const auto digits = WM_TRY(text_of(object, name));
  if (!digits) return std::nullopt;
  const auto time = Time14::parse_padded(*digits, Time14::Pad::kEarliest);
  if (!time) return wrong(std::string("\"") + name + "\" must be a date of 4 to 14 digits");
  return time;
}

/// {"years": 1, "months": 2, "weeks": 3, "days": 4}.
Result<std::optional<std::chrono::seconds>> age_of(const json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || it->is_null()) return std::nullopt;
  const auto refuse = [name] {
    return wrong(std::string("\"") + name +
                 "\" must be an object with years, months, weeks or days");
  };
  if (!it->is_object() || it->empty()) return refuse();
  std::chrono::seconds age{0};
  for (const auto& [unit, count] : it->items()) {
    if (!count.is_number_unsigned() || count.get<std::uint64_t>() > 100'000) return refuse();
    const auto n = count.get<int>();
    if (unit == "years") {
      age += std::chrono::years(n);
    } else if (unit == "months") {
      age += std::chrono::months(n);
    } else if (unit == "weeks") {
      age += std::chrono::weeks(n);
    } else if (unit == "days") {
      age += std::chrono::days(n);
    } else {
      return refuse();
    }
  }
  return age;
}

Result<> set_access(std::string_view name, Rule& rule) {
  if (name == "allow") return {};
  if (name == "allow_ignore_embargo") {
    rule.ignore_embargo = true;
  } else if (name == "block") {
    rule.access = Access::kBlock;
  } else if (name == "exclude") {
    rule.access = Access::kExclude;
  } else {
    return wrong("\"access\" must be allow, block, exclude or allow_ignore_embargo");
  }
  return {};
}

void set_key(std::string_view written, Rule& rule) {
  if (written == kAll) return;
  rule.exact = written.ends_with(kExact);
  if (rule.exact) written.remove_suffix(kExact.size());
  rule.key = written;
}

/// nullopt for a rule that holds for nobody here.
Result<std::optional<Rule>> rule_of(std::string_view line) {
  const auto brace = line.find('{');
  const auto blank = line.find(' ');
  if (brace == line.npos || blank == line.npos || blank == 0 || blank > brace ||
      trim(line.substr(blank, brace - blank)) != "-")
    return wrong("a rule is a SURT, a blank, \"-\", a blank and a JSON object");
  const json object = json::parse(line.substr(brace), nullptr, false);
  if (!object.is_object()) return wrong("what follows \"-\" is no JSON object");
  const auto access = WM_TRY(text_of(object, "access"));
  if (!access) return wrong("\"access\" is missing");
  Rule rule;
  set_key(line.substr(0, blank), rule);
  WM_TRY(set_access(*access, rule));
  if (const auto collection = WM_TRY(text_of(object, "collection"))) rule.collection = *collection;
  if (const auto it = object.find("embargo"); it != object.end()) {
    if (!it->is_boolean()) return wrong("\"embargo\" must be true or false");
    rule.embargo = it->get<bool>();
  }
  if (rule.embargo && rule.access == Access::kAllow)
    return wrong("an embargo must block or exclude");
  rule.window = {.before = WM_TRY(date_of(object, "before")),
                 .after = WM_TRY(date_of(object, "after")),
                 .newer = WM_TRY(age_of(object, "newer")),
                 .older = WM_TRY(age_of(object, "older"))};
  if (WM_TRY(text_of(object, "user"))) return std::nullopt;
  return rule;
}

}  // namespace

Rules Rules::parse(std::string_view text, std::vector<Complaint>& complaints) {
  Rules rules;
  const auto complain = [&complaints](std::size_t line, std::string what) {
    if (complaints.size() < kComplaints) complaints.push_back({line, std::move(what)});
  };
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto line = trim(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (line.size() > kLineBytes) {
      complain(number, "a line of " + std::to_string(line.size()) + " bytes");
      continue;
    }
    if (rules.size() == kMost) {
      complain(number, "more than " + std::to_string(kMost) + " rules; the rest is left out");
      break;
    }
    auto rule = rule_of(line);
    if (!rule) {
      complain(number, rule.error().what);
    } else if (*rule) {
      (*rule)->line = number;
      rules.add(std::move(**rule));
    }
  }
  return rules;
}

}  // namespace wm::access
