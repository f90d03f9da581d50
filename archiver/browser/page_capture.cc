#include "archiver/browser/page_capture.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "archiver/browser/devtools_message.h"
#include "archiver/browser/page_scripts.h"
#include "archiver/browser/rendered_text.h"
#include "core/base/ascii.h"
#include "core/url/url.h"

namespace wm::browser {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds kStep{50};
constexpr milliseconds kQuiet{500};
constexpr std::size_t kQuietRequests = 2;
constexpr milliseconds kQuietAtMost{10000};
constexpr milliseconds kPulse{1000};
constexpr milliseconds kScrollPause{150};
constexpr milliseconds kScript{3000};
constexpr milliseconds kPicture{10000};
constexpr milliseconds kFrames{4000};
constexpr double kPulsePixels = 20000;
constexpr int kLoads = 5;  // documents that follow each other by script
constexpr double kThumbnailWidth = 640, kThumbnailHeight = 360;

std::string seconds(milliseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

PageCapture::PageCapture(LivePage& page, const PageSettings& settings, const Behaviours& behaviours,
                         std::function<proxy::Activity()> activity)
    : page_(page),
      settings_(settings),
      behaviours_(behaviours),
      activity_(std::move(activity)),
      end_(Clock::now() + settings.budget) {
  // What a page does with its time must leave some for what is made of it.
  explore_until_ = end_ - settings.budget / 3;
}

milliseconds PageCapture::within(milliseconds most, Clock::time_point deadline) {
  return std::clamp(std::chrono::ceil<milliseconds>(deadline - Clock::now()), milliseconds(0),
                    most);
}

Result<> PageCapture::unless_fatal(const Error& error, const char* doing) {
  if (error.code == Error::Code::kBusy) return std::unexpected(error);
  if (error.code == Error::Code::kIo && !page_.crashed()) return std::unexpected(error);
  if (!page_.crashed()) note(std::string(doing) + ": " + error.what);
  return {};
}

Result<RenderedPage> PageCapture::run(const std::string& url) {
  WM_TRY(page_.open());
  if (WM_TRY(load(url))) {
    WM_TRY(explore());
    WM_TRY(look());
  }
  for (std::string& one : page_.notes()) note(std::move(one));
  result_.url = page_.url();
  if (const auto parsed = url::Url::parse(result_.url))
    result_.url = parsed->href_without_fragment();
  result_.mime = page_.mime();
  result_.document = !result_.url.empty();
  result_.anomaly = page_.crashed() || page_.stuck();
  return std::move(result_);
}

/// False when there is nothing to look at.
Result<bool> PageCapture::load(const std::string& url) {
  const auto went = WM_TRY(page_.navigate(url, within(settings_.load_timeout, explore_until_)));
  if (went == LivePage::Navigated::kLate) {
    note("no answer came within " + seconds(settings_.load_timeout));
    return false;
  }
  if (went == LivePage::Navigated::kNothing) {
    // The transfer goes on in the proxy; the page is what it was before.
    WM_TRY(wait_until_quiet(within(kQuietAtMost, explore_until_)));
    return false;
  }
  for (int loads = 0; loads < kLoads; ++loads) {
    WM_TRY(wait_for_load());
    WM_TRY(wait_until_quiet(within(kQuietAtMost, explore_until_)));
    if (page_.loaded() || page_.crashed()) break;
  }
  return !page_.crashed();
}

Result<> PageCapture::wait_for_load() {
  const auto until = Clock::now() + within(settings_.load_timeout, explore_until_);
  while (!page_.loaded() && !page_.crashed()) {
    if (Clock::now() >= until) {
      note("the page had not loaded within " + seconds(settings_.load_timeout));
      page_.stop_loading();
      return {};
    }
    WM_TRY(page_.wait(kStep));
  }
  return {};
}

Result<> PageCapture::wait_until_quiet(milliseconds most) {
  const auto until = Clock::now() + most;
  auto quiet_since = Clock::now();
  while (Clock::now() < until && !page_.crashed()) {
    const auto now = Clock::now();
    if (activity_().active > kQuietRequests) quiet_since = now;
    if (now - quiet_since >= kQuiet) return {};
    WM_TRY(page_.wait(kStep));
  }
  return {};
}

Result<PageCapture::Measure> PageCapture::measure(const std::string& script) {
  const json answer = WM_TRY(page_.evaluate(script, kScript));
  return Measure{.title = string_in(answer, "title"),
                 .top = number_in(answer, "top"),
                 .height = number_in(answer, "height"),
                 .inner = number_in(answer, "inner")};
}

Result<> PageCapture::explore() {
  const auto parsed = url::Url::parse(page_.url());
  rule_ = behaviours_.for_host(parsed ? parsed->host() : std::string());
  const auto measured = measure(script_measure());
  if (!measured) return unless_fatal(measured.error(), "looking at the page");
  if (measured->height > measured->inner + 1) {
    WM_TRY(pulse());
    WM_TRY(scroll());
  } else if (WM_TRY(click_on())) {
    WM_TRY(scroll());
  } else {
    return {};  // all of it is in sight, and was quiet a moment ago
  }
  if (page_.crashed()) return {};
  const auto top = page_.evaluate(script_scroll_to_top(), kScript);
  if (!top) WM_TRY(unless_fatal(top.error(), "scrolling back"));
  result_.out_of_time = Clock::now() >= explore_until_;
  if (result_.out_of_time) note("time was over before the end of the page");
  return wait_until_quiet(within(kQuietAtMost, explore_until_));
}

/// What is loaded when it comes into sight comes at once when all is in sight.
Result<> PageCapture::pulse() {
  const auto measured = measure(script_measure());
  if (!measured) return unless_fatal(measured.error(), "measuring the page");
  page_.set_size(settings_.width,
                 static_cast<unsigned>(std::clamp(
                     measured->height, static_cast<double>(settings_.height), kPulsePixels)));
  const auto pulsed = page_.wait(within(kPulse / 2, explore_until_));
  if (pulsed) WM_TRY(wait_until_quiet(within(kPulse, explore_until_)));
  page_.set_size(settings_.width, settings_.height);
  return pulsed;
}

Result<> PageCapture::scroll() {
  const auto until = Clock::now() + within(settings_.scroll_timeout, explore_until_);
  double height = 0;
  int same = 0;
  for (std::size_t step = 0; step < settings_.scroll_steps && !page_.crashed(); ++step) {
    if (Clock::now() >= until) {
      note("scrolling was ended after " + seconds(settings_.scroll_timeout));
      break;
    }
    const auto at = measure(script_scroll_on());
    if (!at) return unless_fatal(at.error(), "scrolling");
    WM_TRY(page_.wait(kScrollPause));
    if (at->top + at->inner >= static_cast<double>(settings_.scroll_pixels)) {
      note("the page is higher than " + std::to_string(settings_.scroll_pixels) + " pixels");
      break;
    }
    if (at->top + at->inner + 1 < at->height) continue;
    same = at->height > height ? 0 : same + 1;
    height = at->height;
    if (same >= 2) break;
    if (WM_TRY(click_on())) same = 0;
  }
  return {};
}

Result<bool> PageCapture::click_on() {
  if (clicks_ >= rule_.clicks || (rule_.click.empty() && rule_.words.empty())) return false;
  const std::string before = page_.url();
  const auto clicked = page_.evaluate(script_click(rule_, rule_.clicks - clicks_), kScript);
  if (!clicked) {
    WM_TRY(unless_fatal(clicked.error(), "clicking on"));
    return false;
  }
  const auto count = clicked->is_number_unsigned() ? clicked->get<std::size_t>() : 0;
  if (count == 0) return false;
  clicks_ += count;
  WM_TRY(page_.wait(kScrollPause));
  WM_TRY(wait_until_quiet(within(kQuietAtMost / 4, explore_until_)));
  if (page_.url() != before) note("a click led from " + before + " to another page");
  return true;
}

Result<> PageCapture::look() {
  if (page_.crashed()) return {};
  if (!rule_.open.empty()) {
    const auto opened = page_.evaluate(script_open(rule_), kScript);
    if (!opened) WM_TRY(unless_fatal(opened.error(), "opening what is folded"));
    if (opened && opened->is_number() && opened->get<double>() > 0) {
      WM_TRY(page_.wait(kScrollPause));
      WM_TRY(wait_until_quiet(within(kPulse, end_)));
    }
  }
  read_text();
  static_cast<void>(page_.evaluate(script_close_opened(), kScript));
  const auto measured = measure(script_measure());
  if (measured) {
    result_.title = measured->title;
    page_height_ = measured->height;
  }
  read_dom();
  if (settings_.screenshots) take_pictures();
  // Whoever stopped us, or the browser's end, is heard of here.
  if (page_.crashed()) return {};
  return page_.wait(milliseconds(0));
}

void PageCapture::read_text() {
  const json styles{{"computedStyles", json::array({kTextStyle})}};
  const auto snapshot =
      page_.command("DOMSnapshot.captureSnapshot", styles, within(kPicture, end_));
  if (snapshot) {
    result_.text = rendered_text(*snapshot, settings_.text_bytes);
  } else {
    const auto text = page_.evaluate(script_text(settings_.text_bytes), within(kScript, end_));
    if (text && text->is_string()) result_.text = text->get<std::string>();
    if (!text) note("its text could not be read: " + snapshot.error().what);
  }
  for (const json& frame :
       page_.ask_frames("DOMSnapshot.captureSnapshot", styles, within(kFrames, end_))) {
    if (result_.text.size() >= settings_.text_bytes) break;
    result_.text += rendered_text(frame, settings_.text_bytes - result_.text.size());
  }
}

void PageCapture::read_dom() {
  const auto dom = page_.evaluate(script_dom(settings_.dom_bytes), within(kPicture, end_));
  if (!dom) {
    note("its final tree could not be read: " + dom.error().what);
  } else if (dom->is_string()) {
    result_.dom = dom->get<std::string>();
  } else {
    note("its final tree is larger than browser.dom_bytes");
  }
}

std::string PageCapture::picture(const char* format, double width, double height, double scale,
                                 bool beyond) {
  json order{
      {"format", format},
      {"captureBeyondViewport", beyond},
      {"clip", {{"x", 0}, {"y", 0}, {"width", width}, {"height", height}, {"scale", scale}}}};
  if (std::string_view(format) == "jpeg") order["quality"] = 80;
  const milliseconds time = within(kPicture, end_);
  if (time <= milliseconds(0)) {
    note("time was over before a picture");
    return {};
  }
  const auto answer = page_.command("Page.captureScreenshot", order, time);
  if (!answer) {
    if (!page_.crashed()) note("no picture: " + answer.error().what);
    return {};
  }
  return base64_decode(string_in(*answer, "data")).value_or("");
}

void PageCapture::take_pictures() {
  const double width = settings_.width, height = settings_.height;
  result_.view = picture("png", width, height, 1, false);
  if (result_.view.empty()) return;
  const double scale = kThumbnailWidth / width;
  result_.thumbnail =
      picture("jpeg", width, std::min(height, kThumbnailHeight / scale), scale, false);
  if (page_height_ <= height) return;
  const double most = static_cast<double>(settings_.picture_pixels);
  if (page_height_ > most)
    note("the picture of the whole page ends at " + std::to_string(settings_.picture_pixels) +
         " pixels");
  result_.full_page = picture("png", width, std::min(page_height_, most), 1, true);
}

}  // namespace wm::browser
