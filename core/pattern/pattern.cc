#include "core/pattern/pattern.h"

#include <re2/re2.h>

#include <utility>

namespace wm::pattern {
namespace {

constexpr std::int64_t kMemoryBytes = 1 << 20;

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

RE2::Options options() {
  RE2::Options result;
  result.set_log_errors(false);
  result.set_max_mem(kMemoryBytes);
  result.set_encoding(RE2::Options::EncodingLatin1);
  return result;
}

}  // namespace

struct Pattern::State {
  explicit State(std::string_view expression) : regex(piece(expression), options()) {}
  bool run(std::string_view text, RE2::Anchor anchor) const {
    return regex.Match(piece(text), 0, text.size(), anchor, nullptr, 0);
  }
  RE2 regex;
};

Pattern::Pattern(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

Result<Pattern> Pattern::compile(std::string_view expression) {
  if (expression.size() > kLongest)
    return fail(Error::Code::kTooLarge, "a regular expression of " +
                                            std::to_string(expression.size()) + " bytes; at most " +
                                            std::to_string(kLongest));
  auto state = std::make_unique<State>(expression);
  if (!state->regex.ok()) {
    const bool large = state->regex.error_code() == RE2::ErrorPatternTooLarge;
    return fail(large ? Error::Code::kTooLarge : Error::Code::kInvalid,
                "the regular expression " + std::string(expression) + ": " + state->regex.error());
  }
  return Pattern(std::move(state));
}

bool Pattern::matches(std::string_view text) const {
  return state_->run(text, RE2::ANCHOR_BOTH);
}
bool Pattern::matches_start(std::string_view text) const {
  return state_->run(text, RE2::ANCHOR_START);
}
bool Pattern::found_in(std::string_view text) const {
  return state_->run(text, RE2::UNANCHORED);
}

std::optional<std::vector<std::string>> Pattern::groups_in(std::string_view text) const {
  const int groups = state_->regex.NumberOfCapturingGroups();
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(groups) + 1);
  if (!state_->regex.Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(), groups + 1))
    return std::nullopt;
  std::vector<std::string> result;
  for (std::size_t i = groups == 0 ? 0 : 1; i < found.size(); ++i)
    result.emplace_back(found[i].data() == nullptr ? std::string() : found[i].as_string());
  return result;
}

}  // namespace wm::pattern
