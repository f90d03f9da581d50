#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "archiver/browser/launch_internal.h"

namespace wm::browser {
namespace {

constexpr std::size_t kListenersAtMost = 64;
constexpr int kBacklog = 256;
constexpr int kFirstFreeFd = 100;  // beyond 3 and 4, so that dup2 overwrites nothing still needed
constexpr int kCommandsFd = 3;
constexpr int kRepliesFd = 4;
constexpr timeval kHandshake{.tv_sec = 10, .tv_usec = 0};

enum class Step : int {
  kReady,
  kSession,
  kNetwork,
  kUserMap,
  kLoopback,
  kListener,
  kUser,
  kFiles,
  kExec
};

const char* name_of(Step step) {
  constexpr const char* kNames[] = {"ready",
                                    "a session of its own",
                                    "a network namespace of its own",
                                    "the user map of its namespace",
                                    "its loopback interface",
                                    "a listener inside",
                                    "becoming the unprivileged user",
                                    "its file descriptors",
                                    "running the program"};
  return kNames[static_cast<int>(step)];
}

struct Report {
  Step step;
  int error;
};

/// All that the child needs, made ready before the fork: afterwards only calls that are safe in a
/// signal handler are allowed.
struct Plan {
  pid_t parent = 0;
  bool own_network = false;
  bool own_user_namespace = false;
  std::string uid_map{}, gid_map{};
  bool change_user = false;
  uid_t uid = 0;
  gid_t gid = 0;
  std::size_t listeners = 0;
  int commands = -1, replies = -1, errors = -1, null = -1, report = -1;
  std::vector<char*> words{}, environment{};
};

void send_report(int socket, Report report, const int* fds, std::size_t count) {
  iovec part{.iov_base = &report, .iov_len = sizeof report};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kListenersAtMost)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (count > 0) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    std::memcpy(CMSG_DATA(header), fds, sizeof(int) * count);
  }
  static_cast<void>(::sendmsg(socket, &message, MSG_NOSIGNAL));
}

[[noreturn]] void give_up(const Plan& plan, Step step) {
  send_report(plan.report, {step, errno}, nullptr, 0);
  ::_exit(126);
}

bool write_file(const char* path, const char* text, std::size_t size) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool written = ::write(fd, text, size) == static_cast<ssize_t>(size);
  const int error = errno;
  ::close(fd);
  errno = error;
  return written;
}

void enter_network(const Plan& plan) {
  if (::unshare(CLONE_NEWNET | (plan.own_user_namespace ? CLONE_NEWUSER : 0)) != 0)
    give_up(plan, Step::kNetwork);
  if (plan.own_user_namespace) {
    if (!write_file("/proc/self/setgroups", "deny", 4) ||
        !write_file("/proc/self/uid_map", plan.uid_map.data(), plan.uid_map.size()) ||
        !write_file("/proc/self/gid_map", plan.gid_map.data(), plan.gid_map.size()))
      give_up(plan, Step::kUserMap);
  }
  const int any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::memcpy(request.ifr_name, "lo", 3);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (any < 0 || ::ioctl(any, SIOCSIFFLAGS, &request) != 0) give_up(plan, Step::kLoopback);
  ::close(any);
}

int make_listener() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  static_assert(sizeof generic == sizeof address);
  std::memcpy(&generic, &address, sizeof address);
  if (::bind(fd, &generic, sizeof generic) == 0 && ::listen(fd, kBacklog) == 0) return fd;
  const int error = errno;
  ::close(fd);
  errno = error;
  return -1;
}

void become_user(const Plan& plan) {
  if (!plan.change_user) return;
  if (::setgroups(0, nullptr) != 0 || ::setresgid(plan.gid, plan.gid, plan.gid) != 0 ||
      ::setresuid(plan.uid, plan.uid, plan.uid) != 0)
    give_up(plan, Step::kUser);
}

void place_files(const Plan& plan) {
  const int commands = ::fcntl(plan.commands, F_DUPFD_CLOEXEC, kFirstFreeFd);
  const int replies = ::fcntl(plan.replies, F_DUPFD_CLOEXEC, kFirstFreeFd);
  const int errors = ::fcntl(plan.errors, F_DUPFD_CLOEXEC, kFirstFreeFd);
  const int null = ::fcntl(plan.null, F_DUPFD_CLOEXEC, kFirstFreeFd);
  if (commands < 0 || replies < 0 || errors < 0 || null < 0) give_up(plan, Step::kFiles);
  if (::dup2(null, 0) < 0 || ::dup2(null, 1) < 0 || ::dup2(errors, 2) < 0 ||
      ::dup2(commands, kCommandsFd) < 0 || ::dup2(replies, kRepliesFd) < 0)
    give_up(plan, Step::kFiles);
}

[[noreturn]] void run_child(Plan& plan) {
  const int report = ::fcntl(plan.report, F_DUPFD_CLOEXEC, kFirstFreeFd);
  if (report < 0) ::_exit(126);
  plan.report = report;
  if (::setsid() < 0) give_up(plan, Step::kSession);
  if (plan.own_network) enter_network(plan);
  int listeners[kListenersAtMost];
  for (std::size_t i = 0; i < plan.listeners; ++i) {
    listeners[i] = make_listener();
    if (listeners[i] < 0) give_up(plan, Step::kListener);
  }
  become_user(plan);
  // The order matters: a change of user clears the signal that follows the parent's death.
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(126);
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &none);
  // When memory runs out, the browser goes before the archive does.
  static_cast<void>(write_file("/proc/self/oom_score_adj", "300", 3));
  place_files(plan);
  send_report(plan.report, {Step::kReady, 0}, listeners, plan.listeners);
  static_cast<void>(::syscall(SYS_close_range, kRepliesFd + 1, ~0u, 4 /* CLOSE_RANGE_CLOEXEC */));
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGCHLD, SIG_DFL);
  sigset_t nothing;
  ::sigemptyset(&nothing);
  ::sigprocmask(SIG_SETMASK, &nothing, nullptr);
  ::execve(plan.words[0], plan.words.data(), plan.environment.data());
  give_up(plan, Step::kExec);
}

std::unexpected<Error> system_error(const char* what, int error = errno) {
  return fail(Error::Code::kIo,
              "starting the browser: " + std::string(what) + ": " + std::strerror(error));
}

struct Pipe {
  UniqueFd read, write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("a pipe");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

/// Whom to become, as root, and the folder given to them.
Result<> set_user(const LaunchOrder& order, Plan& plan) {
  if (::geteuid() != 0) {
    plan.own_user_namespace = order.own_network;
    const std::string uid = std::to_string(::geteuid()), gid = std::to_string(::getegid());
    plan.uid_map = uid + " " + uid + " 1";
    plan.gid_map = gid + " " + gid + " 1";
    return {};
  }
  if (order.user.empty() || order.user == "root") return {};
  passwd found{};
  passwd* entry = nullptr;
  std::vector<char> text(16384);
  if (::getpwnam_r(order.user.c_str(), &found, text.data(), text.size(), &entry) != 0 ||
      entry == nullptr) {
    return fail(Error::Code::kInvalid, "browser.user: there is no user " + order.user);
  }
  plan.change_user = true;
  plan.uid = found.pw_uid;
  plan.gid = found.pw_gid;
  if (::chown(order.folder.c_str(), plan.uid, plan.gid) != 0)
    return system_error("handing its folder over");
  return {};
}

/// The child's next report; nullopt when it has closed its end.
Result<std::optional<Report>> read_report(int socket, std::vector<UniqueFd>& listeners) {
  Report report{};
  iovec part{.iov_base = &report, .iov_len = sizeof report};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kListenersAtMost)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  do {
    got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return system_error("waiting for its first sign");
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::vector<int> fds(count);
    std::memcpy(fds.data(), CMSG_DATA(header), count * sizeof(int));
    for (const int fd : fds) listeners.emplace_back(fd);
  }
  if (got == 0) return std::nullopt;
  if (static_cast<std::size_t>(got) != sizeof report) return system_error("its report is torn", 0);
  return report;
}

std::unexpected<Error> error_of(Report report, const LaunchOrder& order) {
  const std::string what = "starting " + order.words[0] + ": " + name_of(report.step) + ": " +
                           std::strerror(report.error);
  switch (report.step) {
    case Step::kNetwork:
    case Step::kUserMap:
    case Step::kLoopback:
      return fail(Error::Code::kUnsupported, what);
    case Step::kExec:
      return fail(report.error == ENOENT ? Error::Code::kNotFound : Error::Code::kIo, what);
    case Step::kUser:
      return fail(Error::Code::kDenied, what);
    default:
      return fail(Error::Code::kIo, what);
  }
}

/// Reads what the child says until it is the program itself.
Result<> hear(int socket, const LaunchOrder& order, std::vector<UniqueFd>& listeners) {
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kHandshake, sizeof kHandshake);
  bool ready = false;
  while (const auto report = WM_TRY(read_report(socket, listeners))) {
    if (report->step != Step::kReady) return error_of(*report, order);
    ready = true;
  }
  if (!ready || listeners.size() != order.listeners)
    return fail(Error::Code::kIo, "starting " + order.words[0] + ": it ended at once");
  return {};
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Result<UniqueFd> listen_on_loopback() {
  UniqueFd fd(make_listener());
  if (!fd) return system_error("a listener on 127.0.0.1");
  return fd;
}

Result<Launched> launch(const LaunchOrder& order) {
  WM_CHECK(order.listeners > 0 && order.listeners <= kListenersAtMost && !order.words.empty());
  Pipe commands = WM_TRY(make_pipe());
  Pipe replies = WM_TRY(make_pipe());
  Pipe errors = WM_TRY(make_pipe());
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  int ends[2];
  if (!null || ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return system_error("its socket");
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  auto words = order.words, environment = order.environment;
  Plan plan{.parent = ::getpid(), .own_network = order.own_network};
  WM_TRY(set_user(order, plan));
  plan.listeners = order.listeners;
  plan.commands = commands.read.get();
  plan.replies = replies.write.get();
  plan.errors = errors.write.get();
  plan.null = null.get();
  plan.report = theirs.get();
  plan.words = pointers(words);
  plan.environment = pointers(environment);
  const pid_t pid = ::fork();
  if (pid < 0) return system_error("fork");
  if (pid == 0) run_child(plan);
  Launched launched{.pid = pid,
                    .pidfd = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
                    .commands = std::move(commands.write),
                    .replies = std::move(replies.read),
                    .errors = std::move(errors.read),
                    .listeners = {}};
  theirs.reset();
  auto heard = hear(ours.get(), order, launched.listeners);
  if (heard && !launched.pidfd) heard = system_error("watching it");
  if (!heard) {
    ::kill(pid, SIGKILL);
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return std::unexpected(std::move(heard).error());
  }
  return launched;
}

}  // namespace wm::browser
