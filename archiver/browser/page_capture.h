#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "archiver/browser/behaviours.h"
#include "archiver/browser/live_page.h"
#include "archiver/browser/rendered_page.h"
#include "archiver/browser/settings.h"
#include "archiver/proxy/recording_proxy.h"
#include "core/base/result.h"

namespace wm::browser {

/// Looks at one page as a reader would who wants to see all of it: waits until it has loaded and
/// fallen quiet, makes the window as high as the page for a moment, scrolls through it, opens what
/// is folded, reads the text, takes pictures; all within a budget of time, of which no part of the
/// page can use up what the pictures need. The rules: facts/capture.md §3.1. Used once.
class PageCapture {
 public:
  /// All outlive it. `activity` tells what the network does.
  PageCapture(LivePage& page, const PageSettings& settings, const Behaviours& behaviours,
              std::function<proxy::Activity()> activity);

  /// An error only if nothing can be made of the page at all, the browser is gone or a tick says
  /// so; all else is a note.
  Result<RenderedPage> run(const std::string& url);

 private:
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::milliseconds;

  Result<bool> load(const std::string& url);
  Result<> wait_for_load();
  Result<> wait_until_quiet(Milliseconds most);
  Result<> explore();
  Result<> pulse();
  Result<> scroll();
  Result<bool> click_on();
  Result<> look();
  void read_text();
  void read_dom();
  void take_pictures();
  std::string picture(const char* format, double width, double height, double scale, bool beyond);

  struct Measure {
    std::string title;
    double top = 0, height = 0, inner = 0;
  };
  Result<Measure> measure(const std::string& script);
  /// `most`, or what is left until `deadline` if that is less.
  static Milliseconds within(Milliseconds most, Clock::time_point deadline);
  void note(std::string text) { result_.notes.push_back(std::move(text)); }
  /// Passes on what ends the capture: the browser's end, a stop. A page that does not answer does
  /// not.
  Result<> unless_fatal(const Error& error, const char* doing);

  LivePage& page_;
  const PageSettings& settings_;
  const Behaviours& behaviours_;
  const std::function<proxy::Activity()> activity_;
  BehaviourRule rule_;
  Clock::time_point explore_until_, end_;
  std::size_t clicks_ = 0;
  double page_height_ = 0;
  RenderedPage result_;
};

}  // namespace wm::browser
