#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "archiver/browser/devtools_client.h"
#include "archiver/browser/settings.h"
#include "core/base/result.h"
#include "core/http/headers.h"

namespace wm::browser {

/// One tab in a browser context of its own, with the frames and workers that belong to it: set up,
/// held in check, and asked. What it does by itself is dealt with while anyone waits: dialogs are
/// dismissed, windows it opens closed, downloads denied (the proxy has them), crashes noticed. One
/// thread: the channel's.
class LivePage {
 public:
  using Milliseconds = std::chrono::milliseconds;
  struct Options {
    std::uint16_t proxy_port = 0;
    std::string user_agent;
    std::string seed_url;         ///< whose host gets the credentials among the headers
    http::Headers extra_headers;  ///< as fetch::Settings has them
  };
  /// All outlive it.
  LivePage(DevtoolsChannel& channel, const PageSettings& settings, Options options);
  ~LivePage();  ///< close()
  LivePage(const LivePage&) = delete;
  LivePage& operator=(const LivePage&) = delete;

  /// Makes context and tab. kIo, kTimeout and kInvalid when the browser does not do as told.
  Result<> open();

  enum class Navigated {
    kDocument,  ///< something is shown
    kNothing,   ///< a download or an empty answer: what there is, the proxy has
    kLate,      ///< no head came in time; loading was stopped
  };
  /// kInvalid for a scheme other than http and https; kIo in the browser's words.
  Result<Navigated> navigate(const std::string& url, Milliseconds timeout);

  /// Deals with what comes for `time`. An error is the tick's, or the end of the browser.
  Result<> wait(Milliseconds time) { return channel_.pump(time); }

  bool loaded() const { return loaded_; }    ///< the load event of the document shown
  bool crashed() const { return crashed_; }  ///< no script of it runs any more
  bool stuck() const {
    return stops_ >= kStopsAtMost;
  }  ///< its scripts had to be stopped again and again
  const std::string& url() const { return url_; }  ///< of the document shown
  const std::string& mime() const { return mime_; }

  /// The value of an expression, in a world of its own beside the page's scripts (their variables
  /// cannot touch it). A script that does not let go is stopped once. kTimeout, kInvalid, kIo.
  Result<nlohmann::json> evaluate(const std::string& expression, Milliseconds timeout);
  /// A command to the tab.
  Result<nlohmann::json> command(std::string_view method, nlohmann::json params,
                                 Milliseconds timeout);
  /// A command to each frame that runs in a process of its own; what fails is left out.
  std::vector<nlohmann::json> ask_frames(std::string_view method, const nlohmann::json& params,
                                         Milliseconds timeout);
  /// Loading ends with what there is.
  void stop_loading();
  /// The script that runs ends.
  void stop_scripts();
  void set_size(unsigned width, unsigned height);
  /// Tab and context go, with all they hold.
  void close() noexcept;

  std::vector<std::string> notes() const;  ///< what was noticed, for the page info

 private:
  static constexpr unsigned kStopsAtMost = 3;
  Result<std::string> make_target(const std::string& context);
  Result<> set_up();
  void set_up_session(const std::string& session, const std::string& type);
  Result<> set_cookies();
  void hear(const DevtoolsEvent& event);
  void hear_attached(const nlohmann::json& params);
  void hear_target(const nlohmann::json& target);
  void hear_dialog(const DevtoolsEvent& event);
  void hear_navigated(const nlohmann::json& frame);
  void hear_paused(const DevtoolsEvent& event);
  nlohmann::json agent_override() const;
  Result<int> world();

  DevtoolsChannel& channel_;
  const PageSettings& settings_;
  const Options options_;
  std::string context_, target_, session_, main_frame_;
  std::map<std::string, std::string> frames_;  ///< session → its target
  std::string url_, mime_;
  bool loaded_ = false;
  bool crashed_ = false;
  int world_ = 0;  ///< 0: none in this document yet
  std::size_t dialogs_ = 0, windows_ = 0, navigations_ = 0, attached_ = 0;
  unsigned stops_ = 0;
  std::string authorization_;
  http::Headers common_headers_;
};

}  // namespace wm::browser
