#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/source.h"

namespace wm::wacz {

/// The lines of a source without their ends; longer ones than `limit_bytes` are left out, gives how many. `take` returns false to end it.
inline Result<std::uint64_t> for_each_line(Source& source, std::size_t limit_bytes, const std::function<bool(std::string_view)>& take) {
  std::string buffer(256 * 1024, '\0'), line;
  bool too_long = false;
  std::uint64_t left_out = 0;
  const auto end_line = [&]() -> bool {
    if (line.ends_with('\r')) line.pop_back();
    const bool go_on = too_long || line.empty() || take(line);
    if (too_long) ++left_out;
    line.clear();
    too_long = false;
    return go_on;
  };
  for (;;) {
    const std::size_t got = WM_TRY(source.read(buffer));
    if (got == 0) break;
    std::string_view rest(buffer.data(), got);
    for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
      if (line.size() + end > limit_bytes) too_long = true;
      if (!too_long) line.append(rest.substr(0, end));
      if (!end_line()) return left_out;
      rest.remove_prefix(end + 1);
    }
    if (line.size() + rest.size() > limit_bytes) too_long = true;
    if (!too_long) line.append(rest);
  }
  if (!line.empty() || too_long) end_line();
  return left_out;
}

}  // namespace wm::wacz
