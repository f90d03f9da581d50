#include "replay/range.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace wm::replay {
namespace {

/// The one range spec of "bytes=…", or nullopt.
std::optional<std::string_view> one_spec(std::optional<std::string_view> header) {
  if (!header) return std::nullopt;
  const auto value = trim(*header);
  if (!istarts_with(value, "bytes=")) return std::nullopt;
  const auto spec = trim(value.substr(6));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos || spec.size() == 1) return std::nullopt;
  for (std::size_t i = 0; i < spec.size(); ++i) {
    if (i != dash && !is_digit(spec[i])) return std::nullopt;
  }
  return spec;
}

/// A number too large for 64 bits lies behind every end.
std::uint64_t number(std::string_view digits) {
  return parse_u64(digits).value_or(UINT64_MAX);
}

}  // namespace

bool asks_for_one_range(std::optional<std::string_view> range_header) {
  return one_spec(range_header).has_value();
}

RangeAnswer answer_range(std::optional<std::string_view> range_header, std::uint64_t length) {
  const auto spec = one_spec(range_header);
  if (!spec) return {};
  const std::size_t dash = spec->find('-');
  const auto first = spec->substr(0, dash);
  const auto last = spec->substr(dash + 1);
  if (first.empty()) {
    const std::uint64_t suffix = number(last);
    if (suffix == 0 || length == 0) return {RangeAnswer::Kind::kUnsatisfiable, {0, 0}};
    return {RangeAnswer::Kind::kPart, {length - std::min(suffix, length), length - 1}};
  }
  const std::uint64_t begin = number(first);
  if (!last.empty() && number(last) < begin) return {};
  if (begin >= length) return {RangeAnswer::Kind::kUnsatisfiable, {0, 0}};
  return {RangeAnswer::Kind::kPart,
          {begin, last.empty() ? length - 1 : std::min(number(last), length - 1)}};
}

std::optional<ContentRange> parse_content_range(std::string_view value) {
  value = trim(value);
  if (!istarts_with(value, "bytes ")) return std::nullopt;
  value = trim(value.substr(6));
  const std::size_t dash = value.find('-');
  const std::size_t slash = value.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash)
    return std::nullopt;
  const auto first = parse_u64(value.substr(0, dash));
  const auto last = parse_u64(value.substr(dash + 1, slash - dash - 1));
  if (!first || !last || *last < *first) return std::nullopt;
  const auto total = parse_u64(value.substr(slash + 1));
  if (total && *last >= *total) return std::nullopt;
  return ContentRange{{*first, *last}, total};
}

}  // namespace wm::replay
