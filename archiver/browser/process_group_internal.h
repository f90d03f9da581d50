#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace wm::browser {

struct GroupMember {
  pid_t pid = 0;
  std::uint64_t memory_bytes =
      0;  ///< what it does not share with files: anonymous and shared memory
};

/// The living processes of a process group, from /proc. PSS would be truer but is not to be had of
/// processes that cannot be traced, as Chromium's are.
std::vector<GroupMember> members_of(pid_t group);

/// Is it one of the processes that run a page's script?
bool is_renderer(pid_t pid);

/// Kills a process group whose leader is our child and waits up to `patience` until all of it is
/// gone and reaped; orphans too, if we are the subreaper. False if something is left.
bool end_group(pid_t leader, std::chrono::milliseconds patience);

}  // namespace wm::browser
