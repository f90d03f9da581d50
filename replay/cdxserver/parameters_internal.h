#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::cdxserver {

/// The parameters of a query string, decoded, in order. Empty values count as not given.
class Parameters {
 public:
  /// kTooLarge for more than some hundred.
  static Result<Parameters> parse(std::string_view raw);

  std::optional<std::string_view> find(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;
  /// false if it is not given.
  Result<bool> flag(std::string_view name) const;
  Result<std::optional<std::uint64_t>> number(std::string_view name) const;
  Result<std::optional<Time14>> time(std::string_view name, Time14::Pad pad) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

std::unexpected<Error> refuse(std::string_view name, std::string_view must);
Result<Time14> time_of(std::string_view name, std::string_view digits, Time14::Pad pad);

}  // namespace wm::cdxserver
