#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "archiver/browser/process_group_internal.h"
#include "core/base/ascii.h"
#include "core/base/unique_fd.h"

namespace wm::browser {
namespace {

/// A small file of /proc; "" when the process is gone.
std::string read_proc(pid_t pid, const char* name) {
  const std::string path = "/proc/" + std::to_string(pid) + "/" + name;
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text(4096, '\0');
  const ssize_t got = fd ? ::read(fd.get(), text.data(), text.size()) : 0;
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

std::optional<std::uint64_t> number_at(std::string_view text) {
  text = trim(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

/// State and group of /proc/<pid>/stat; the name in it may hold anything, so read behind its ')'.
struct Stat {
  char state = 0;
  pid_t group = 0;
};
std::optional<Stat> stat_of(pid_t pid) {
  const std::string text = read_proc(pid, "stat");
  const std::size_t close = text.rfind(')');
  if (close == std::string::npos || close + 4 > text.size()) return std::nullopt;
  const auto fields = split(std::string_view(text).substr(close + 2), ' ');
  if (fields.size() < 3) return std::nullopt;
  const auto group = number_at(fields[2]);
  if (!group) return std::nullopt;
  return Stat{.state = fields[0].empty() ? '?' : fields[0][0], .group = static_cast<pid_t>(*group)};
}

std::uint64_t memory_of(pid_t pid) {
  const std::string text = read_proc(pid, "status");
  std::uint64_t kilobytes = 0;
  for (const std::string_view key : {"RssAnon:", "RssShmem:"}) {
    const std::size_t at = text.find(key);
    if (at == std::string::npos) continue;
    kilobytes += number_at(std::string_view(text).substr(at + key.size())).value_or(0);
  }
  return kilobytes * 1024;
}

}  // namespace

std::vector<GroupMember> members_of(pid_t group) {
  std::vector<GroupMember> members;
  struct Closer {
    void operator()(DIR* folder) const { ::closedir(folder); }
  };
  const std::unique_ptr<DIR, Closer> folder(::opendir("/proc"));
  while (folder) {
    const dirent* const entry = ::readdir(folder.get());
    if (entry == nullptr) break;
    const auto pid = number_at(entry->d_name);
    if (!pid) continue;
    const auto stat = stat_of(static_cast<pid_t>(*pid));
    if (!stat || stat->group != group || stat->state == 'Z' || stat->state == 'X') continue;
    members.push_back({static_cast<pid_t>(*pid), memory_of(static_cast<pid_t>(*pid))});
  }
  return members;
}

bool is_renderer(pid_t pid) {
  return read_proc(pid, "cmdline").find("--type=renderer") != std::string::npos;
}

bool end_group(pid_t leader, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  // The leader is reaped last: until then its number, and so the group's, cannot be another's.
  while (true) {
    ::kill(-leader, SIGKILL);
    siginfo_t info{};
    // What became our child when its parent died: nobody else waits for it.
    while (true) {
      info.si_pid = 0;
      if (::waitid(P_PGID, static_cast<id_t>(leader), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
          info.si_pid == 0 || info.si_pid == leader)
        break;
      ::waitpid(info.si_pid, nullptr, WNOHANG);
    }
    if (members_of(leader).empty()) break;
    if (std::chrono::steady_clock::now() >= until) {
      ::waitpid(leader, nullptr, WNOHANG);
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  // All are dead; those that are our children are reaped, the leader among them.
  while (true) {
    const pid_t reaped = ::waitpid(-leader, nullptr, WNOHANG);
    if (reaped > 0 || (reaped < 0 && errno == EINTR)) continue;
    if (reaped < 0) return true;  // ECHILD
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace wm::browser
