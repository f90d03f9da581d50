#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/pattern/pattern.h"
#include "replay/cdxserver/fields.h"

namespace wm::cdxserver {

/// One `filter=`: `[!][=|~]field:expression`. What it means without a sign is the dialect's:
/// pywb's "contains" or the others' regular expression over the whole value; "=" is equal; "~" is a
/// regular expression at the value's start for pywb, "contains" for the others. Without a field the
/// whole line is meant. A value that is not there is "" for pywb and "-" for the others. Moved, not
/// copied; const methods from many threads.
class Filter {
 public:
  /// kInvalid with what is wrong.
  static Result<Filter> parse(std::string_view written, Dialect dialect);
  bool lets_through(const Row& row) const;

 private:
  enum class How { kContains, kEqual, kWholePattern, kStartPattern };
  Filter() = default;
  bool holds(std::string_view value) const;

  Dialect dialect_ = Dialect::kPywb;
  How how_ = How::kContains;
  bool inverted_ = false;
  std::optional<Field> field_;
  std::string text_;
  std::optional<pattern::Pattern> pattern_;
};

}  // namespace wm::cdxserver
