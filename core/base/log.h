#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace wm::log {

enum class Level { kDebug, kInfo, kWarning, kError };

/// Where lines go: standard error, and also `file` if it is not empty (rotated at 10 MiB, three kept). Called once by main.
/// Until then warnings and errors go to standard error. Thread-safe afterwards; a line is never split.
Result<> start(Level level, const std::filesystem::path& file);

bool enabled(Level level) noexcept;
/// Control characters in `line` are escaped: archived pages and clients cannot forge lines.
void write(Level level, std::string_view line);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kDebug)) write(Level::kDebug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kInfo)) write(Level::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kWarning)) write(Level::kWarning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kError)) write(Level::kError, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace wm::log
