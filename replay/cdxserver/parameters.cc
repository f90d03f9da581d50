#include "core/base/ascii.h"
#include "core/http/media_type.h"
#include "replay/cdxserver/parameters_internal.h"

namespace wm::cdxserver {
namespace {

constexpr std::size_t kParameters = 200;

}  // namespace

std::unexpected<Error> refuse(std::string_view name, std::string_view must) {
  return fail(Error::Code::kInvalid, std::string(name) + " must be " + std::string(must));
}

Result<Time14> time_of(std::string_view name, std::string_view digits, Time14::Pad pad) {
  const auto time = Time14::parse_padded(digits, pad);
  if (!time) return refuse(name, "1 to 14 digits, YYYYMMDDhhmmss");
  return *time;
}

Result<Parameters> Parameters::parse(std::string_view raw) {
  Parameters parameters;
  parameters.pairs_ = http::parse_form(raw);
  if (parameters.pairs_.size() > kParameters)
    return fail(Error::Code::kTooLarge, "more than " + std::to_string(kParameters) + " parameters");
  return parameters;
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
  for (const auto& [known, value] : pairs_) {
    if (known == name && !value.empty()) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Parameters::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [known, value] : pairs_) {
    if (known == name && !value.empty()) values.emplace_back(value);
  }
  return values;
}

Result<bool> Parameters::flag(std::string_view name) const {
  const auto value = find(name);
  if (!value) return false;
  for (const std::string_view yes : {"true", "1", "on", "yes"}) {
    if (iequals(*value, yes)) return true;
  }
  for (const std::string_view no : {"false", "0", "off", "no"}) {
    if (iequals(*value, no)) return false;
  }
  return refuse(name, "true or false");
}

Result<std::optional<std::uint64_t>> Parameters::number(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::nullopt;
  const auto number = parse_u64(*value);
  if (!number) return refuse(name, "a whole number");
  return number;
}

Result<std::optional<Time14>> Parameters::time(std::string_view name, Time14::Pad pad) const {
  const auto digits = find(name);
  if (!digits) return std::nullopt;
  return WM_TRY(time_of(name, *digits, pad));
}

}  // namespace wm::cdxserver
