#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "server/app/data_folder.h"
#include "server/app/reindex.h"
#include "server/cli/calls.h"
#include "server/cli/commands.h"

namespace wm::cli {

using Clock = std::chrono::steady_clock;

namespace {

/// One line of a terminal that is written over.
class Line {
 public:
  void show(const char* phase, std::uint64_t done, std::uint64_t of) {
    const auto now = Clock::now();
    if (!terminal_ || (now - shown_ < std::chrono::milliseconds(200) && done < of)) return;
    shown_ = now;
    const bool bytes = std::string_view(phase) == "indexing";
    const double part = of == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(of);
    std::fprintf(stderr, "\r\033[K%s", (bytes ? fmt::format("indexing: {} of {} MB ({:.0f} %)", done >> 20, of >> 20, part * 100)
                                              : fmt::format("making pages searchable: {} of {} ({:.0f} %)", done, of, part * 100)).c_str());
    std::fflush(stderr);
    open_ = true;
  }
  void end() {
    if (open_) std::fprintf(stderr, "\r\033[K");
    open_ = false;
  }

 private:
  const bool terminal_ = ::isatty(STDERR_FILENO) == 1;
  bool open_ = false;
  Clock::time_point shown_{};
};

}  // namespace

int reindex(const Common& common) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(common.data, ignored)) return failed(Error{Error::Code::kNotFound, "there is no data folder " + common.data.string() + "; name one with --data or WAYMARK_DATA"});
  const auto folder = app::DataFolder::open(common.data);
  if (!folder && folder.error().code == Error::Code::kBusy) {
    const auto server = app::DataFolder::running_server(common.data);
    return failed(Error{Error::Code::kBusy, (server ? fmt::format("a server runs on {} (port {})", common.data.string(), server->port) : folder.error().what) + "; reindex needs the data folder to itself: stop it first"});
  }
  if (!folder) return failed(folder.error());
  Line line;
  const app::ReindexWatcher watcher{
      .tell =
          [&](const std::string& file, std::uint64_t offset, const std::string& what) {
            line.end();
            if (common.json) std::printf("%s\n", printable({{"file", file}, {"offset", offset}, {"what", what}}).c_str());
            else std::printf("%s\n", file.empty() ? what.c_str() : fmt::format("{} at {}: {}", file, offset, what).c_str());
          },
      .progress = [&](const char* phase, std::uint64_t done, std::uint64_t of) { line.show(phase, done, of); }};
  const auto report = app::reindex(*folder, common.settings, watcher);
  line.end();
  if (!folder->was_left_unclean()) folder->mark_clean();
  if (!report) return failed(report.error());
  if (common.json) {
    std::printf("%s\n", printable({{"files", report->files}, {"captures", report->captures}, {"links", report->links}, {"findings", report->findings}, {"accounts_kept", report->kept_accounts}}).c_str());
  } else {
    std::printf("%s\n", fmt::format("{} files, {} captures, {} links, {} findings{}", report->files, report->captures, report->links, report->findings,
                                    report->kept_accounts ? "" : "; there was no database to take users, tokens and jobs from").c_str());
  }
  return 0;
}

}  // namespace wm::cli
