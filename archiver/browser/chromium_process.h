#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "archiver/browser/settings.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace wm::browser {

/// One running browser: its processes, its temporary folder, and the loopback ports that are its
/// only ways out. A thread of its own starts it and watches over it: when the first process ends,
/// all end; when all together hold more memory than they may, the largest renderer is ended, or
/// all, if that is not what is large. With the object everything goes: no process, zombie, folder
/// or file is left.
///
/// Makes this program the reaper of its orphaned descendants (PR_SET_CHILD_SUBREAPER), as
/// Chromium's helpers outlive their parent by moments.
class ChromiumProcess {
 public:
  struct Options {
    std::string ca_spki_sha256 = {};
    std::string user_agent = {};
    unsigned width = 1280, height = 900;
  };
  /// kUnsupported (no browser, or Isolation::kRequire cannot be had), kIo, kDenied, kInvalid.
  static Result<std::unique_ptr<ChromiumProcess>> start(const ProcessSettings& settings,
                                                        const Options& options);
  ~ChromiumProcess();
  ChromiumProcess(const ChromiumProcess&) = delete;
  ChromiumProcess& operator=(const ChromiumProcess&) = delete;

  /// The pipe of the DevTools protocol; to be taken once.
  UniqueFd take_commands();
  UniqueFd take_replies();
  /// Listening sockets, `contexts` of them; they stay the process's.
  const std::vector<UniqueFd>& listeners() const;
  /// The port of a listener as the browser reaches it, on 127.0.0.1.
  std::uint16_t port(std::size_t listener) const;

  pid_t pid() const;
  bool isolated() const;  ///< in a network namespace of its own
  bool running() const;
  bool ended_for_memory() const;            ///< a process was ended because of it
  std::uint64_t most_memory_bytes() const;  ///< that was seen
  /// The end of what it wrote to standard error, for a message.
  std::string last_words() const;

 private:
  struct State;
  explicit ChromiumProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::browser
