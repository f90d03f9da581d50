#include "server/http/range.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "server/http/status.h"

namespace wm::server {

namespace {

/// One range-spec; nullopt if it is none.
std::optional<RangeDecision> parse_spec(std::string_view spec, std::uint64_t size) {
  using Kind = RangeDecision::Kind;
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view left = trim(spec.substr(0, dash));
  const std::string_view right = trim(spec.substr(dash + 1));
  const auto all_digits = [](std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
  };
  // A number beyond 64 bits is a number all the same: beyond every size.
  const auto number = [](std::string_view text) { return parse_u64(text).value_or(UINT64_MAX); };
  if (left.empty()) {
    if (!all_digits(right)) return std::nullopt;
    const std::uint64_t length = std::min(number(right), size);
    if (length == 0) return RangeDecision{.kind = Kind::kUnsatisfiable};
    return RangeDecision{.kind = Kind::kPart, .range = {size - length, length}};
  }
  if (!all_digits(left) || (!right.empty() && !all_digits(right))) return std::nullopt;
  const std::uint64_t first = number(left);
  const std::uint64_t last = right.empty() ? UINT64_MAX : number(right);
  if (last < first) return std::nullopt;
  if (first >= size) return RangeDecision{.kind = Kind::kUnsatisfiable};
  return RangeDecision{.kind = Kind::kPart, .range = {first, std::min(last, size - 1) - first + 1}};
}

bool if_range_holds(const Request& request, const Validators& validators) {
  const auto value = request.header("If-Range");
  if (!value) return true;
  if (value->starts_with('"') || value->starts_with("W/")) {
    return validators.etag && *value == validators.etag->text() && !validators.etag->weak;
  }
  const auto date = parse_http_date(*value);
  return date && validators.modified && *date == *validators.modified;
}

}  // namespace

RangeDecision parse_range(std::string_view value, std::uint64_t size) {
  const std::size_t equals = value.find('=');
  if (equals == std::string_view::npos || !iequals(trim(value.substr(0, equals)), "bytes"))
    return {};
  std::string_view specs = value.substr(equals + 1);
  if (specs.find(',') != std::string_view::npos) return {};
  return parse_spec(trim(specs), size).value_or(RangeDecision{});
}

RangeDecision decide_range(const Request& request, std::uint64_t size,
                           const Validators& validators) {
  const auto value = request.header("Range");
  if (!value || request.method() != "GET" || !if_range_holds(request, validators)) return {};
  return parse_range(*value, size);
}

Response ranged_response(const Request& request, Response base, std::uint64_t size,
                         const Validators& validators, const OpenRange& open) {
  if (auto answer = precondition_answer(request, validators)) {
    if (answer->status != 304) return std::move(*answer);
    base.status = 304;
    base.headers.remove("Content-Type");
    add_validators(base, validators);
    return base;
  }
  add_validators(base, validators);
  base.headers.set("Accept-Ranges", "bytes");
  const RangeDecision decision = decide_range(request, size, validators);
  if (decision.kind == RangeDecision::Kind::kUnsatisfiable) {
    Response refused = error_response(416, "range_not_satisfiable", "There are no such bytes.");
    refused.headers.set("Content-Range", fmt::format("bytes */{}", size));
    return refused;
  }
  const bool part = decision.kind == RangeDecision::Kind::kPart;
  const ByteRange range = part ? decision.range : ByteRange{0, size};
  base.stream_length = range.length;
  if (part) {
    base.status = 206;
    base.headers.set("Content-Range", fmt::format("bytes {}-{}/{}", range.first,
                                                  range.first + range.length - 1, size));
  }
  if (request.method() == "HEAD") return base;
  auto source = open(range.first, range.length);
  if (!source) {
    log::error("{}: {}", request.path(), source.error().what);
    return error_response(source.error());
  }
  base.stream = std::move(*source);
  return base;
}

}  // namespace wm::server
