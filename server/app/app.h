#pragma once

#include <filesystem>
#include <memory>

#include "core/base/result.h"
#include "server/app/settings.h"
#include "server/http/message.h"
#include "server/http/router.h"

namespace wm::app {

/// The whole product on one data folder: indexes, archiver, replay, jobs and API, plugged together. One a process.
class App {
 public:
  /// kBusy when another waymark holds the folder. Mends what an unclean end left: unfinished WARCs go, finished ones that no index knows
  /// are indexed, interrupted jobs are queued again.
  static Result<std::unique_ptr<App>> open(const std::filesystem::path& data, const Settings& settings);
  virtual ~App() = default;

  /// The app origin and the replay origin. From any thread.
  virtual server::Response handle(const server::Request& request) = 0;
  virtual server::Response handle_replay(const server::Request& request) = 0;

  /// Every route of the app origin, as its description is checked by.
  virtual const std::vector<server::Route>& routes() const = 0;

  /// What the command line of the same user shows to be let in.
  virtual const std::string& local_token() const = 0;

  /// Starts the job workers.
  virtual Result<> start_jobs() = 0;
  /// What is to be archived again is queued from now on when it is due; for what runs for long.
  virtual Result<> start_schedules() = 0;
  struct Ports {
    std::uint16_t app = 0;
    std::uint16_t replay = 0;
    std::uint16_t proxy = 0;  ///< 0: there is none
  };
  /// Opens both listeners and tells the command line where they are.
  virtual Result<Ports> listen() = 0;
  /// Ends in order: no new requests, running jobs back to the queue, indexes caught up and closed.
  virtual void stop() = 0;
};

}  // namespace wm::app
