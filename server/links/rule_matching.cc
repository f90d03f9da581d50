#include "server/links/rule_matching.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/pattern/pattern.h"
#include "core/url/url.h"
#include "server/links/text_order.h"

namespace wm::links {

namespace {

constexpr std::size_t kTextBytes = 64 << 10;  // of a page, looked at

/// Words, or a regular expression.
class Pattern {
 public:
  static Result<Pattern> of(const char* field, const std::string& written) {
    Pattern pattern;
    if (written.size() < 3 || written.front() != '/' || written.back() != '/') {
      pattern.words_ = folded(written);
      return pattern;
    }
    auto compiled = pattern::Pattern::compile("(?i)" + written.substr(1, written.size() - 2));
    if (!compiled) return fail(Error::Code::kInvalid, std::string("the pattern of \"") + field + "\" is no regular expression: " + compiled.error().what);
    pattern.expression_ = std::move(*compiled);
    return pattern;
  }
  bool any() const { return expression_ || !words_.empty(); }
  bool is_in(const std::string& text, const std::string& folded_text) const {
    if (expression_) return expression_->found_in(text);
    return words_.empty() || folded_text.find(words_) != std::string::npos;
  }

 private:
  std::string words_;
  std::optional<pattern::Pattern> expression_;
};

std::vector<std::string> arguments_of(const std::optional<std::string>& query) {
  std::vector<std::string> arguments;
  if (!query) return arguments;
  for (const std::string_view one : split(*query, '&')) {
    if (!one.empty()) arguments.push_back(url::percent_decode(one));
  }
  return arguments;
}

std::string_view without_www(std::string_view host) { return host.starts_with("www.") ? host.substr(4) : host; }

struct Site {
  std::string host;
  std::string path;
  std::vector<std::string> arguments;

  static Result<Site> of(const std::string& written) {
    const bool whole = written.find("://") != std::string::npos;
    const auto parsed = url::Url::parse(whole ? written : "https://" + written);
    if (!parsed || parsed->host().empty()) return fail(Error::Code::kInvalid, "\"site\" is a host and the beginning of a path, such as example.org/docs, not " + written.substr(0, 100));
    std::string path = url::percent_decode(parsed->path());
    if (path == "/") path.clear();
    return Site{.host = std::string(without_www(parsed->host())), .path = std::move(path), .arguments = arguments_of(parsed->query())};
  }
  bool holds(const Subject& subject) const {
    if (host.empty()) return true;
    const std::string_view theirs = subject.host;
    const bool same = theirs == host || (theirs.size() > host.size() && theirs.ends_with(host) && theirs[theirs.size() - host.size() - 1] == '.');
    return same && subject.path.starts_with(path) && std::all_of(arguments.begin(), arguments.end(), [&](const std::string& wanted) {
             return std::find(subject.arguments.begin(), subject.arguments.end(), wanted) != subject.arguments.end();
           });
  }
};

}  // namespace

Subject::Subject(const Link& link, std::string_view page_text) : url(link.url), title(link.title), text(valid_utf8(page_text.substr(0, kTextBytes))) {
  if (const auto parsed = url::Url::parse(link.url)) {
    host = std::string(without_www(parsed->host()));
    path = url::percent_decode(parsed->path());
    arguments = arguments_of(parsed->query());
  }
  folded_url = folded(url::percent_decode(url));
  folded_title = folded(title);
  folded_text = folded(text);
}

struct Condition::State {
  Site site;
  Pattern url, title, text;
};

Condition::Condition(std::unique_ptr<State> state) : state_(std::move(state)) {}
Condition::~Condition() = default;

Result<std::unique_ptr<Condition>> Condition::of(const Rule& rule) {
  auto state = std::make_unique<State>();
  if (!rule.site.empty()) state->site = WM_TRY(Site::of(rule.site));
  state->url = WM_TRY(Pattern::of("url", rule.url));
  state->title = WM_TRY(Pattern::of("title", rule.title));
  state->text = WM_TRY(Pattern::of("text", rule.text));
  return std::unique_ptr<Condition>(new Condition(std::move(state)));
}

bool Condition::holds(const Subject& subject) const {
  return state_->site.holds(subject) && state_->url.is_in(subject.url, subject.folded_url) && state_->title.is_in(subject.title, subject.folded_title) &&
         state_->text.is_in(subject.text, subject.folded_text);
}

bool Condition::asks_for_page() const { return state_->title.any() || state_->text.any(); }

struct RuleSet::Compiled {
  Rule rule;
  std::unique_ptr<Condition> condition;
};

RuleSet::RuleSet(const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) {
    if (!rule.enabled) continue;
    auto condition = Condition::of(rule);
    if (condition) {
      rules_.push_back(std::make_unique<Compiled>(Compiled{.rule = rule, .condition = std::move(*condition)}));
    } else {
      log::error("rule {} is left out: {}", rule.id, condition.error().what);
    }
  }
}

RuleSet::~RuleSet() = default;

std::vector<const Rule*> RuleSet::matching(const Link& link, std::string_view text, Moment moment) const {
  std::vector<const Rule*> found;
  if (rules_.empty()) return found;
  const Subject subject(link, text);
  for (const auto& one : rules_) {
    if (moment == Moment::kCaptured && !one->condition->asks_for_page()) continue;
    if (one->condition->holds(subject)) found.push_back(&one->rule);
  }
  return found;
}

}  // namespace wm::links
