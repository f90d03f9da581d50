#include "indexer/text/pdf_text.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/base/ascii.h"
#include "core/base/log.h"

namespace wm::text {
namespace {

constexpr rlim_t kMemoryBytes = 1ull << 30;
constexpr rlim_t kCpuSeconds = 20;
constexpr int kInputFd = 3;

/// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { reset(); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

std::filesystem::path tool_of(const TextLimits& limits) {
  if (!limits.pdftotext.empty()) return limits.pdftotext;
  const char* path = std::getenv("PATH");
  for (const auto folder : split(path == nullptr ? "/usr/local/bin:/usr/bin" : path, ':')) {
    const auto file = std::filesystem::path(folder.empty() ? "." : folder) / "pdftotext";
    if (file.is_absolute() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return "/usr/bin/pdftotext";
}

void limit(int resource, rlim_t most) {
  const rlimit bound{most, most};
  ::setrlimit(static_cast<__rlimit_resource_t>(resource), &bound);
}

/// After fork in a program of many threads: only calls that are safe in a signal handler.
[[noreturn]] void run_child(const char* tool, char* const* arguments, int input, int output) {
  // A new user namespace allows a new network namespace without rights; where the system forbids
  // it, the other bounds hold.
  static_cast<void>(::unshare(CLONE_NEWUSER | CLONE_NEWNET));
  const int null = ::open("/dev/null", O_RDWR);
  const int in = ::fcntl(input, F_DUPFD, 10);
  const int out = ::fcntl(output, F_DUPFD, 10);
  if (null < 0 || in < 0 || out < 0) ::_exit(126);
  ::dup2(null, 0);
  ::dup2(out, 1);
  ::dup2(null, 2);
  ::dup2(in, kInputFd);
  static_cast<void>(::close_range(kInputFd + 1, ~0u, 0));
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_AS, kMemoryBytes);
  limit(RLIMIT_CPU, kCpuSeconds);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 32);
  char locale[] = "LC_ALL=C.UTF-8";
  char* environment[] = {locale, nullptr};
  ::execve(tool, arguments, environment);
  ::_exit(127);
}

std::unexpected<Error> system_error(const char* what) {
  return fail(Error::Code::kIo, std::string(what) + ": " + std::strerror(errno));
}

/// Ends the child when it is let go, whatever happened.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The exit code; -1 if a signal ended it.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
};

Result<> fill(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return system_error("handing a PDF to pdftotext");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// All the child writes, up to the limit; kTimeout after that.
Result<std::string> drain(int fd, const TextLimits& limits) {
  const auto until = std::chrono::steady_clock::now() + limits.pdf_timeout;
  std::string out;
  std::array<char, 65536> buffer{};
  while (out.size() < limits.text_bytes) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return fail(Error::Code::kTimeout, "pdftotext took too long");
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return system_error("waiting for pdftotext");
    if (ready == 0) continue;
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("reading from pdftotext");
    if (got == 0) return out;
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
  out.resize(limits.text_bytes);
  return out;
}

void tell_once(const std::filesystem::path& tool) {
  static std::atomic_flag told;
  if (!told.test_and_set())
    log::warning("the text of PDFs is not searched: there is no {} (Debian package poppler-utils)",
                 tool.string());
}

}  // namespace

Result<std::string> pdf_to_html(std::string_view pdf, const TextLimits& limits) {
  const auto tool = tool_of(limits);
  if (::access(tool.c_str(), X_OK) != 0) {
    tell_once(tool);
    return fail(Error::Code::kUnsupported, "there is no " + tool.string());
  }
  const Fd input(::memfd_create("pdf", MFD_CLOEXEC));
  if (input.get() < 0) return system_error("making room for a PDF");
  WM_TRY(fill(input.get(), pdf));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("making a pipe for pdftotext");
  const Fd from_child(ends[0]);
  Fd to_us(ends[1]);
  std::array<std::string, 8> words = {tool.string(), "-q",       "-htmlmeta",       "-enc",
                                      "UTF-8",       "-nopgbrk", "/proc/self/fd/3", "-"};
  std::array<char*, 9> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  const pid_t pid = ::fork();
  if (pid < 0) return system_error("starting pdftotext");
  if (pid == 0) run_child(words[0].c_str(), arguments.data(), input.get(), to_us.get());
  Child child(pid);
  to_us.reset();
  auto html = WM_TRY(drain(from_child.get(), limits));
  if (html.size() >= limits.text_bytes) return html;  // enough; the child is ended
  const int code = child.wait();
  if (code != 0 && html.empty())
    return fail(Error::Code::kCorrupt,
                "pdftotext could not read a PDF, exit code " + std::to_string(code));
  return html;
}

}  // namespace wm::text
