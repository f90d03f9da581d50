#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::jobs {

enum class State { kQueued, kRunning, kDone, kFailed, kCancelled };
std::string_view name_of(State state) noexcept;
inline bool is_over(State state) { return state == State::kDone || state == State::kFailed || state == State::kCancelled; }

/// Work that outlives a request and a restart: a capture or an import. A value.
struct Job {
  std::uint64_t id = 0;
  std::string kind;           ///< "capture", "import": the runner that knows it
  State state = State::kQueued;
  std::uint64_t link_id = 0;  ///< 0 if it belongs to none
  std::string url;            ///< captures: what is captured; its host is what politeness goes by
  std::string parameters;     ///< JSON, the runner's own
  unsigned attempts = 0;      ///< runs begun
  SysMicros created{};
  SysMicros not_before{};     ///< a retry waits for it
  std::optional<SysMicros> started;
  std::optional<SysMicros> finished;
  std::string error_code;     ///< of the last attempt; "" if none failed
  std::string error;
  std::string progress;       ///< JSON, the runner's own; not persisted
  std::string result;         ///< JSON, the runner's own, once done
  friend bool operator==(const Job&, const Job&) = default;
};

/// Stored form, JSON with a version; docs/formats/jobs.md.
std::string encode(const Job& job);
Result<Job> decode_job(std::string_view stored);

}  // namespace wm::jobs
