#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace wm::browser {

struct LaunchOrder {
  std::vector<std::string> words;        ///< the program's path first
  std::vector<std::string> environment;  ///< "NAME=value"
  std::filesystem::path folder;          ///< the process's own; given to `user`
  std::string user;                      ///< whom to become when we are root
  bool own_network = true;
  std::size_t listeners = 1;
};

struct Launched {
  pid_t pid = -1;  ///< also its session and process group
  UniqueFd pidfd, commands, replies, errors;
  std::vector<UniqueFd> listeners;  ///< on loopback as the process sees it
};

/// Starts a program in a session of its own, with fd 3 to read commands from and fd 4 to write
/// replies to, and nothing else open but standard error. With `own_network` it is in a network
/// namespace that has only a loopback interface; the listeners are made inside and handed out
/// (facts/capture.md §4.3), so that who accepts on them is all it can reach. It dies with the
/// calling thread.
///
/// kUnsupported when the system forbids the namespace, kNotFound for the program, kIo and kDenied
/// for all else; then nothing runs.
Result<Launched> launch(const LaunchOrder& order);

/// A listening socket on a free port of 127.0.0.1.
Result<UniqueFd> listen_on_loopback();

}  // namespace wm::browser
