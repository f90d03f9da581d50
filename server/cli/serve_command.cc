#include <csignal>
#include <cstdio>
#include <ctime>

#include "core/base/log.h"
#include "server/app/app.h"
#include "server/app/data_folder.h"
#include "server/cli/commands.h"

namespace wm::cli {

namespace {

log::Level level_of(std::string_view name) {
  if (name == "debug") return log::Level::kDebug;
  if (name == "warning") return log::Level::kWarning;
  if (name == "error") return log::Level::kError;
  return log::Level::kInfo;
}

std::string url_of(const std::string& listen, std::uint16_t port) {
  const auto at = app::parse_listen(listen);
  const std::string host = at && at->host.find(':') != std::string::npos ? "[" + at->host + "]" : at ? at->host : "127.0.0.1";
  return "http://" + host + ":" + std::to_string(port);
}

Result<> run(const Common& common) {
  const std::filesystem::path log_file = common.settings.log.file ? common.data / "log" / "waymark.log" : std::filesystem::path();
  auto app = WM_TRY(app::App::open(common.data, common.settings));
  WM_TRY(log::start(level_of(common.settings.log.level), log_file));
  WM_TRY(app->start_jobs());
  WM_TRY(app->start_schedules());
  const auto ports = WM_TRY(app->listen());
  std::printf("Waymark is at %s (mementos at %s), data in %s\n", url_of(common.settings.server.listen, ports.app).c_str(),
              url_of(common.settings.server.replay_listen, ports.replay).c_str(), common.data.string().c_str());
  if (ports.proxy != 0) std::printf("The web as it was is behind the proxy %s\n", url_of(common.settings.replay.proxy_listen, ports.proxy).c_str());
  std::fflush(stdout);

  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  int signal = 0;
  while (sigwait(&ending, &signal) != 0) {
  }
  log::info("ending on signal {}", signal);
  app->stop();
  return {};
}

}  // namespace

int serve(const Common& common) {
  // Blocked in every thread that follows, so that only sigwait takes them.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  const auto ran = run(common);
  return ran ? 0 : failed(ran.error());
}

int failed(const Error& error) {
  std::fprintf(stderr, "waymark: %s\n", error.what.c_str());
  return 1;
}

int usage_error(const std::string& what) {
  std::fprintf(stderr, "waymark: %s\n", what.c_str());
  return 2;
}

}  // namespace wm::cli
