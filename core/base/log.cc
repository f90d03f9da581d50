#include "core/base/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

namespace wm::log {

namespace {

std::atomic<Level> g_level{Level::kWarning};

spdlog::level::level_enum spd_level(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarning: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// Before start() the lines go to standard error; the logger is made on first use and replaced once.
std::shared_ptr<spdlog::logger>& logger() {
  static std::shared_ptr<spdlog::logger> current = [] {
    auto made = std::make_shared<spdlog::logger>("waymark", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_level(spdlog::level::debug);
    return made;
  }();
  return current;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

Result<> start(Level level, const std::filesystem::path& file) {
  try {
    std::vector<spdlog::sink_ptr> sinks;
    sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    if (!file.empty()) {
      sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), 10u << 20, 3));
    }
    auto made = std::make_shared<spdlog::logger>("waymark", sinks.begin(), sinks.end());
    made->set_level(spdlog::level::debug);
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    logger() = std::move(made);
  } catch (const spdlog::spdlog_ex& error) {
    return fail(Error::Code::kIo, "cannot write the log file " + file.string() + ": " + error.what());
  }
  g_level.store(level);
  return {};
}

bool enabled(Level level) noexcept { return level >= g_level.load(std::memory_order_relaxed); }

void write(Level level, std::string_view line) {
  if (std::none_of(line.begin(), line.end(), is_control)) {
    logger()->log(spd_level(level), line);
    return;
  }
  std::string escaped;
  for (const char c : line) {
    if (is_control(c)) {
      escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      escaped.push_back(c);
    }
  }
  logger()->log(spd_level(level), escaped);
}

}  // namespace wm::log
