#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "server/links/rules.h"

namespace wm::links {

/// What a link is looked at by, folded once for all rules.
struct Subject {
  Subject(const Link& link, std::string_view text);
  std::string host;
  std::string path;
  std::vector<std::string> arguments;  ///< of the query
  std::string url, title, text;        ///< as they are
  std::string folded_url, folded_title, folded_text;
};

/// A rule's conditions, compiled.
class Condition {
 public:
  /// kInvalid with what is wrong with which pattern.
  static Result<std::unique_ptr<Condition>> of(const Rule& rule);
  ~Condition();
  bool holds(const Subject& subject) const;
  bool asks_for_page() const;

 private:
  struct State;
  explicit Condition(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::links
