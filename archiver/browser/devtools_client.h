#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace wm::browser {

/// What the browser tells by itself.
struct DevtoolsEvent {
  std::string session;                           ///< "" for the browser's own
  std::string method;                            ///< "Page.loadEventFired"
  std::shared_ptr<const nlohmann::json> params;  ///< an object, never null; shared by all channels
                                                 ///< that hear of it
};

struct DevtoolsLimits {
  std::size_t message_bytes = 64 << 20;
  std::size_t events = 20000;           ///< that wait for one channel
  std::size_t event_bytes = 128 << 20;  ///< of them together
  std::chrono::milliseconds write_timeout{5000};
};

class DevtoolsClient;

/// One capture's part of a browser: it hears the events of its own sessions and browser context,
/// and the browser's own that belong to nobody. One thread, save wake(). Must not outlive the
/// client.
class DevtoolsChannel {
 public:
  ~DevtoolsChannel();
  DevtoolsChannel(const DevtoolsChannel&) = delete;
  DevtoolsChannel& operator=(const DevtoolsChannel&) = delete;

  using Milliseconds = std::chrono::milliseconds;

  /// Called for each event from within call() and pump(); may post(), must not call().
  void on_event(std::function<void(const DevtoolsEvent&)> handler);
  /// Asked at least every 50 ms from within call() and pump(): an error ends them with it.
  void on_tick(std::function<Result<>()> tick);

  /// Sends a command and gives its result, hearing events meanwhile. kTimeout; kIo (the browser is
  /// gone); kTooLarge (the answer, or more events than fit); kInvalid (the browser refused, in its
  /// words); what the tick says.
  Result<nlohmann::json> call(std::string_view session, std::string_view method,
                              nlohmann::json params, Milliseconds timeout);
  /// Sends a command whose answer nobody needs.
  Result<> post(std::string_view session, std::string_view method, nlohmann::json params);
  /// Hears events for `time`, or until wake().
  Result<> pump(Milliseconds time);
  void wake() noexcept;

  /// Events about targets of this browser context are this channel's.
  void hear_context(const std::string& browser_context);

 private:
  friend class DevtoolsClient;
  struct State;
  DevtoolsChannel(DevtoolsClient& client, std::shared_ptr<State> state);
  /// Handles what waits, at most until `until`; true once `done` says so.
  Result<bool> take(std::chrono::steady_clock::time_point until, const std::function<bool()>& done);
  DevtoolsClient& client_;
  std::shared_ptr<State> state_;  ///< shared with the client's reader thread
};

/// The DevTools protocol over a pair of pipes, with flat sessions: numbers commands, finds the
/// channel that each answer and event belongs to. A thread of its own reads. Methods from any
/// thread. Source: facts/capture.md §1.1.
class DevtoolsClient {
 public:
  static std::unique_ptr<DevtoolsClient> over(UniqueFd commands, UniqueFd replies,
                                              DevtoolsLimits limits = {});
  ~DevtoolsClient();
  DevtoolsClient(const DevtoolsClient&) = delete;
  DevtoolsClient& operator=(const DevtoolsClient&) = delete;

  std::unique_ptr<DevtoolsChannel> open_channel();
  bool connected() const;  ///< false once the browser closed the pipe, or spoke nonsense

 private:
  friend class DevtoolsChannel;
  struct State;
  explicit DevtoolsClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace wm::browser
