#include "archiver/browser/live_page.h"

#include <nlohmann/json.hpp>

#include "archiver/browser/devtools_message.h"
#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/url/url.h"

namespace wm::browser {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds kCommand{10000};     // what the browser's own process answers
constexpr milliseconds kStop{3000};         // ending a script
constexpr std::size_t kDialogsAtMost = 20;  // then the script that shows them is stopped
constexpr std::size_t kNavigationsAtMost = 30;
constexpr std::size_t kAttachedAtMost = 1000;
constexpr const char* kWorld = "waymark";

std::string origin_of(const std::string& text) {
  const auto parsed = url::Url::parse(text);
  if (!parsed) return {};
  const std::string href = parsed->href();
  const std::size_t path = href.find('/', href.find("//") + 2);
  return href.substr(0, path);
}

std::string major_version(const std::string& agent) {
  const std::size_t at = agent.find("Chrome/");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + 7;
  return agent.substr(begin, agent.find_first_not_of("0123456789", begin) - begin);
}

}  // namespace

LivePage::LivePage(DevtoolsChannel& channel, const PageSettings& settings, Options options)
    : channel_(channel), settings_(settings), options_(std::move(options)) {
  for (const http::Header& field : options_.extra_headers) {
    if (iequals(field.name, "Authorization")) {
      authorization_ = field.value;
    } else if (!iequals(field.name, "Cookie")) {
      common_headers_.add(field.name, field.value);
    }
  }
  channel_.on_event([this](const DevtoolsEvent& event) { hear(event); });
}

LivePage::~LivePage() {
  close();
  channel_.on_event({});
}

Result<> LivePage::open() {
  const json made = WM_TRY(
      channel_.call("", "Target.createBrowserContext",
                    {{"disposeOnDetach", true},
                     {"proxyServer", "http://127.0.0.1:" + std::to_string(options_.proxy_port)},
                     {"proxyBypassList", "<-loopback>"}},
                    kCommand));
  context_ = string_in(made, "browserContextId");
  channel_.hear_context(context_);
  WM_TRY(channel_.post("", "Browser.setDownloadBehavior",
                       {{"behavior", "deny"}, {"browserContextId", context_}}));
  WM_TRY(set_cookies());
  target_ = WM_TRY(make_target(context_));
  const json attached = WM_TRY(channel_.call("", "Target.attachToTarget",
                                             {{"targetId", target_}, {"flatten", true}}, kCommand));
  session_ = string_in(attached, "sessionId");
  if (session_.empty()) return fail(Error::Code::kIo, "the browser gives no session for a tab");
  return set_up();
}

Result<std::string> LivePage::make_target(const std::string& context) {
  const json made = WM_TRY(channel_.call("", "Target.createTarget",
                                         {{"url", "about:blank"},
                                          {"browserContextId", context},
                                          {"width", settings_.width},
                                          {"height", settings_.height}},
                                         kCommand));
  return string_in(made, "targetId");
}

Result<> LivePage::set_cookies() {
  json cookies = json::array();
  for (const http::Header& field : options_.extra_headers) {
    if (!iequals(field.name, "Cookie")) continue;
    for (const std::string_view pair : split(field.value, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      cookies.push_back({{"name", trim(pair.substr(0, equals))},
                         {"value", trim(pair.substr(equals + 1))},
                         {"url", options_.seed_url}});
    }
  }
  if (cookies.empty()) return {};
  const auto set = channel_.call("", "Storage.setCookies",
                                 {{"cookies", cookies}, {"browserContextId", context_}}, kCommand);
  if (!set) return fail(set.error().code, "the cookies given for this page: " + set.error().what);
  return {};
}

json LivePage::agent_override() const {
  json agent{{"userAgent", options_.user_agent}, {"acceptLanguage", settings_.language}};
  const std::string version = major_version(options_.user_agent);
  // Without this, sec-ch-ua would still say what kind of browser this is.
  if (settings_.user_agent.empty() && !version.empty()) {
    agent["userAgentMetadata"] = {{"brands",
                                   {{{"brand", "Chromium"}, {"version", version}},
                                    {{"brand", "Not)A;Brand"}, {"version", "24"}}}},
                                  {"fullVersion", version + ".0.0.0"},
                                  {"platform", "Linux"},
                                  {"platformVersion", ""},
                                  {"architecture", "x86"},
                                  {"model", ""},
                                  {"mobile", false}};
  }
  return agent;
}

/// Posted, not called: they take effect in order, and nobody waits for workers that are slow.
void LivePage::set_up_session(const std::string& session, const std::string& type) {
  const auto post = [&](const char* method, json params) {
    static_cast<void>(channel_.post(session, method, std::move(params)));
  };
  const bool frame = type == "iframe" || type == "page";
  post("Target.setAutoAttach",
       {{"autoAttach", true}, {"waitForDebuggerOnStart", true}, {"flatten", true}});
  if (frame) {
    post("Page.enable", json::object());
    post("Inspector.enable", json::object());
    post("Emulation.setUserAgentOverride", agent_override());
    if (!settings_.time_zone.empty())
      post("Emulation.setTimezoneOverride", {{"timezoneId", settings_.time_zone}});
  } else {
    post("Network.setUserAgentOverride", agent_override());
  }
  if (common_headers_.begin() != common_headers_.end()) {
    json fields = json::object();
    for (const http::Header& field : common_headers_) fields[field.name] = field.value;
    post("Network.enable", {{"maxTotalBufferSize", 0}, {"maxResourceBufferSize", 0}});
    post("Network.setExtraHTTPHeaders", {{"headers", fields}});
  }
  if (!authorization_.empty() && frame) {
    json pattern{{"urlPattern", origin_of(options_.seed_url) + "/*"}};
    post("Fetch.enable", {{"patterns", json::array({pattern})}});
  }
}

Result<> LivePage::set_up() {
  set_up_session(session_, "page");
  // Answered after all of the above: events of the navigation are heard.
  static_cast<void>(WM_TRY(channel_.call(session_, "Page.enable", json::object(), kCommand)));
  const json tree = WM_TRY(channel_.call(session_, "Page.getFrameTree", json::object(), kCommand));
  main_frame_ = string_in(object_in(object_in(tree, "frameTree"), "frame"), "id");
  static_cast<void>(WM_TRY(channel_.call(session_, "Emulation.setDeviceMetricsOverride",
                                         {{"width", settings_.width},
                                          {"height", settings_.height},
                                          {"deviceScaleFactor", 1},
                                          {"mobile", false}},
                                         kCommand)));
  return {};
}

Result<LivePage::Navigated> LivePage::navigate(const std::string& url, Milliseconds timeout) {
  // The protocol would open file: and chrome: as well (facts/capture.md §4.2).
  const auto parsed = url::Url::parse(url);
  if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https"))
    return fail(Error::Code::kInvalid, "a browser captures http and https only, not " + url);
  loaded_ = false;
  const auto answer = channel_.call(session_, "Page.navigate", {{"url", parsed->href()}}, timeout);
  if (!answer) {
    if (answer.error().code != Error::Code::kTimeout) return std::unexpected(answer.error());
    stop_loading();
    return Navigated::kLate;
  }
  const std::string error = string_in(*answer, "errorText");
  if (error.empty()) return Navigated::kDocument;
  const auto download = answer->find("isDownload");
  const bool is_download =
      download != answer->end() && download->is_boolean() && download->get<bool>();
  // An answer without content (204, 205) is told as aborted too.
  if (is_download || error == "net::ERR_ABORTED") return Navigated::kNothing;
  return fail(Error::Code::kIo, "the browser cannot show " + url + ": " + error);
}

Result<json> LivePage::command(std::string_view method, json params, Milliseconds timeout) {
  if (crashed_) return fail(Error::Code::kIo, "the page crashed");
  return channel_.call(session_, method, std::move(params), timeout);
}

Result<int> LivePage::world() {
  if (world_ != 0) return world_;
  const json made = WM_TRY(command("Page.createIsolatedWorld",
                                   {{"frameId", main_frame_}, {"worldName", kWorld}}, kStop));
  world_ = static_cast<int>(number_in(made, "executionContextId"));
  return world_;
}

Result<json> LivePage::evaluate(const std::string& expression, Milliseconds timeout) {
  for (int tries = 0;; ++tries) {
    if (stuck()) return fail(Error::Code::kTimeout, "the page's scripts never end");
    auto answer = [&]() -> Result<json> {
      const int context = WM_TRY(world());
      return command("Runtime.evaluate",
                     {{"expression", expression},
                      {"contextId", context},
                      {"returnByValue", true},
                      {"awaitPromise", true},
                      {"timeout", timeout.count()}},
                     timeout);
    }();
    if (answer) {
      if (answer->contains("exceptionDetails"))
        return fail(Error::Code::kInvalid,
                    "a script of ours failed: " +
                        string_in(object_in(*answer, "exceptionDetails"), "text"));
      const json& result = object_in(*answer, "result");
      const auto value = result.find("value");
      return Result<json>(std::in_place, value != result.end() ? *value : json());
    }
    if (tries > 0 || crashed_) return answer;
    if (answer.error().code == Error::Code::kInvalid) {
      world_ = 0;  // another document has come
    } else if (answer.error().code == Error::Code::kTimeout) {
      stop_scripts();
    } else {
      return answer;
    }
  }
}

std::vector<json> LivePage::ask_frames(std::string_view method, const json& params,
                                       Milliseconds timeout) {
  std::vector<json> answers;
  std::vector<std::string> sessions;
  for (const auto& [session, target] : frames_) sessions.push_back(session);
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (const std::string& session : sessions) {
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= milliseconds(0)) break;
    auto answer = channel_.call(session, method, params, left);
    if (answer) answers.push_back(std::move(*answer));
  }
  return answers;
}

void LivePage::stop_loading() {
  static_cast<void>(channel_.call(session_, "Page.stopLoading", json::object(), kStop));
}

void LivePage::stop_scripts() {
  ++stops_;
  static_cast<void>(channel_.call(session_, "Runtime.terminateExecution", json::object(), kStop));
}

void LivePage::set_size(unsigned width, unsigned height) {
  static_cast<void>(command(
      "Emulation.setDeviceMetricsOverride",
      {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}}, kStop));
}

void LivePage::close() noexcept {
  if (context_.empty()) return;
  // Whatever was to be noticed has been; a stop must not keep the context alive.
  channel_.on_tick({});
  static_cast<void>(channel_.post("", "Target.closeTarget", {{"targetId", target_}}));
  static_cast<void>(channel_.call("", "Target.disposeBrowserContext",
                                  {{"browserContextId", context_}}, milliseconds(3000)));
  context_.clear();
}

void LivePage::hear(const DevtoolsEvent& event) {
  const json& params = *event.params;
  const bool tab = event.session == session_ && !session_.empty();
  if (event.method == "Target.attachedToTarget" && !event.session.empty()) {
    hear_attached(params);
  } else if (event.method == "Target.detachedFromTarget") {
    frames_.erase(string_in(params, "sessionId"));
  } else if (event.method == "Target.targetCreated") {
    hear_target(object_in(params, "targetInfo"));
  } else if (event.method == "Target.targetCrashed") {
    if (string_in(params, "targetId") == target_) crashed_ = true;
  } else if (event.method == "Inspector.targetCrashed") {
    if (tab) crashed_ = true;
  } else if (event.method == "Page.javascriptDialogOpening") {
    hear_dialog(event);
  } else if (event.method == "Page.loadEventFired") {
    if (tab) loaded_ = true;
  } else if (event.method == "Page.frameNavigated") {
    if (tab) hear_navigated(object_in(params, "frame"));
  } else if (event.method == "Fetch.requestPaused") {
    hear_paused(event);
  }
}

void LivePage::hear_attached(const json& params) {
  const std::string session = string_in(params, "sessionId");
  const json& target = object_in(params, "targetInfo");
  const std::string type = string_in(target, "type");
  if (++attached_ <= kAttachedAtMost) {
    set_up_session(session, type);
    if (type == "iframe") frames_[session] = string_in(target, "targetId");
  }
  static_cast<void>(channel_.post(session, "Runtime.runIfWaitingForDebugger", json::object()));
}

/// A window that the page opened: what it asked for the proxy has; it is not looked at.
void LivePage::hear_target(const json& target) {
  const std::string id = string_in(target, "targetId");
  if (string_in(target, "type") != "page" || id == target_ || target_.empty() ||
      string_in(target, "browserContextId") != context_)
    return;
  ++windows_;
  static_cast<void>(channel_.post("", "Target.closeTarget", {{"targetId", id}}));
}

void LivePage::hear_dialog(const DevtoolsEvent& event) {
  // "Leave this page?" is answered yes, all else no.
  const bool leave = string_in(*event.params, "type") == "beforeunload";
  static_cast<void>(
      channel_.post(event.session, "Page.handleJavaScriptDialog", {{"accept", leave}}));
  if (++dialogs_ % kDialogsAtMost == 0) {
    ++stops_;
    static_cast<void>(channel_.post(event.session, "Runtime.terminateExecution", json::object()));
  }
}

void LivePage::hear_navigated(const json& frame) {
  if (frame.contains("parentId")) return;
  world_ = 0;
  if (!string_in(frame, "unreachableUrl").empty()) return;  // the browser's own error page
  const std::string url = string_in(frame, "url");
  if (!url.starts_with("http:") && !url.starts_with("https:")) return;
  url_ = url;
  mime_ = string_in(frame, "mimeType");
  loaded_ = false;
  main_frame_ = string_in(frame, "id");
  if (++navigations_ == kNavigationsAtMost)
    static_cast<void>(channel_.post(session_, "Page.stopLoading", json::object()));
}

void LivePage::hear_paused(const DevtoolsEvent& event) {
  const json& params = *event.params;
  json answer{{"requestId", string_in(params, "requestId")}};
  json fields = json::array();
  bool has_own = false;
  for (const auto& [name, value] : object_in(object_in(params, "request"), "headers").items()) {
    if (value.is_string()) fields.push_back({{"name", name}, {"value", value}});
    has_own = has_own || iequals(name, "Authorization");
  }
  if (!has_own) fields.push_back({{"name", "Authorization"}, {"value", authorization_}});
  answer["headers"] = std::move(fields);
  static_cast<void>(channel_.post(event.session, "Fetch.continueRequest", std::move(answer)));
}

std::vector<std::string> LivePage::notes() const {
  std::vector<std::string> notes;
  if (crashed_) notes.emplace_back("the page crashed");
  if (dialogs_ >= kDialogsAtMost)
    notes.emplace_back("a script that showed dialogs without end was stopped");
  if (stops_ > dialogs_ / kDialogsAtMost) notes.emplace_back("a script without end was stopped");
  if (windows_ > 0)
    notes.push_back(std::to_string(windows_) + " windows that the page opened were closed");
  if (navigations_ >= kNavigationsAtMost)
    notes.emplace_back("the page led on to others without end");
  return notes;
}

}  // namespace wm::browser
