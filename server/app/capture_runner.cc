#include "server/app/capture_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "archiver/engine/engine_rules.h"
#include "core/base/log.h"
#include "core/url/url.h"
#include "indexer/pipeline/index_warc.h"
#include "server/api/json_body.h"
#include "server/app/page_change.h"
#include "server/app/page_facts.h"

namespace wm::app {

using nlohmann::json;
using std::chrono::ceil;
using std::chrono::seconds;

namespace {

/// How a page is looked at; what runs, as whom and with which files is the owner's affair.
constexpr std::string_view kBrowserKeys[] = {"budget", "load_timeout", "scroll_timeout", "scroll_steps", "scroll_pixels", "width", "height",
                                             "user_agent", "language", "time_zone", "screenshots", "picture_pixels"};

bool may_be_set_for_one(std::string_view assignment) {
  if (assignment.starts_with("capture.engine_rules")) return false;
  if (assignment.starts_with("fetch.") || assignment.starts_with("capture.")) return true;
  constexpr std::string_view kSection = "browser.";
  if (!assignment.starts_with(kSection)) return false;
  assignment.remove_prefix(kSection.size());
  return std::ranges::find(kBrowserKeys, assignment.substr(0, assignment.find('='))) != std::end(kBrowserKeys);
}

struct Order {
  Settings settings;
  std::string engine;
};

/// What the job's own parameters change of the settings, and the engine it asks for.
Result<Order> order_of(const jobs::Job& job, const Settings& usual) {
  Order order{.settings = usual, .engine = "auto"};
  const json parameters = json::parse(job.parameters, nullptr, false);
  if (!parameters.is_object()) return fail(Error::Code::kCorrupt, fmt::format("job {} has no parameters", job.id));
  for (const json& one : parameters.value("settings", json::array())) {
    const auto assignment = one.get<std::string>();
    if (!may_be_set_for_one(assignment))
      return fail(Error::Code::kInvalid, "only fetch.*, capture.* and how a browser looks at a page can be set for one capture, not " + assignment);
    WM_TRY(set_setting(assignment, order.settings));
  }
  order.engine = parameters.value("engine", "auto");
  return order;
}

json progress_json(const archiver::CaptureProgress& progress) {
  return {{"fetched", progress.fetched}, {"known", progress.known}, {"bytes", progress.bytes}, {"url", progress.current_url}};
}

links::Snapshot snapshot_of(const jobs::Job& job, const archiver::CaptureResult& captured, const std::string& engine) {
  return {.link_id = job.link_id,
          .time = captured.time,
          .collection = "web",
          .url = captured.final_url,
          .status = captured.status,
          .mime = captured.mime,
          .engine = engine,
          .warc = captured.warc,
          .resources = captured.resources,
          .revisits = captured.revisits,
          .bytes = captured.bytes,
          .missed = captured.missed.size(),
          .job_id = job.id};
}

}  // namespace

std::optional<archiver::PayloadLookup::Held> HeldPayloads::find(std::string_view digest) const {
  const auto capture = index_.by_digest(collection_, digest);
  if (!capture) log::error("digest look-up: {}", capture.error().what);
  if (!capture || !*capture) return std::nullopt;
  return Held{.target_uri = (*capture)->url, .date = SysMicros((*capture)->time.time())};
}

archiver::FetchSettings fetch_settings(const Settings& s) {
  archiver::FetchSettings fetch;
  fetch.connect_timeout = ceil<seconds>(s.fetch.connect_timeout);
  fetch.request_timeout = ceil<seconds>(s.fetch.request_timeout);
  fetch.idle_timeout = ceil<seconds>(s.fetch.idle_timeout);
  fetch.parallel = s.fetch.parallel;
  fetch.parallel_per_host = s.fetch.parallel_per_host;
  fetch.redirects = s.fetch.redirects;
  fetch.user_agent = s.fetch.user_agent;
  fetch.accept_language = s.fetch.accept_language;
  fetch.allow_private = s.fetch.allow_private;
  fetch.proxy = s.fetch.proxy;
  fetch.ca_file = s.fetch.ca_file;
  fetch.capture_timeout = ceil<seconds>(s.capture.timeout);
  fetch.resource_bytes = s.capture.resource_bytes;
  fetch.capture_bytes = s.capture.capture_bytes;
  fetch.resources = s.capture.resources;
  fetch.depth = s.capture.depth;
  fetch.memory_bytes = s.capture.memory_bytes;
  return fetch;
}

browser::Settings browser_settings(const Settings& s) {
  browser::Settings browser;
  browser.process.path = s.browser.path;
  browser.process.user = s.browser.user;
  browser.process.isolation = s.browser.isolation == "off"       ? browser::Isolation::kOff
                              : s.browser.isolation == "require" ? browser::Isolation::kRequire
                                                                 : browser::Isolation::kAuto;
  browser.process.sandbox = s.browser.sandbox;
  browser.process.memory_bytes = s.browser.memory_bytes;
  browser.process.start_timeout = s.browser.start_timeout;
  browser.process.contexts = std::clamp<std::size_t>(s.browser.contexts, 1, 32);
  browser.recycle_pages = s.browser.recycle_pages;
  browser.idle_timeout = s.browser.idle_timeout;
  browser.page.budget = s.browser.budget;
  browser.page.load_timeout = s.browser.load_timeout;
  browser.page.scroll_timeout = s.browser.scroll_timeout;
  browser.page.scroll_steps = s.browser.scroll_steps;
  browser.page.scroll_pixels = s.browser.scroll_pixels;
  browser.page.width = static_cast<unsigned>(std::clamp<std::size_t>(s.browser.width, 100, 7680));
  browser.page.height = static_cast<unsigned>(std::clamp<std::size_t>(s.browser.height, 100, 4320));
  browser.page.user_agent = s.browser.user_agent;
  browser.page.language = s.browser.language;
  browser.page.time_zone = s.browser.time_zone;
  browser.page.screenshots = s.browser.screenshots;
  browser.page.picture_pixels = s.browser.picture_pixels;
  browser.page.text_bytes = s.browser.text_bytes;
  browser.page.dom_bytes = s.browser.dom_bytes;
  browser.page.behaviours = s.browser.behaviours;
  return browser;
}

CaptureRunner::CaptureRunner(store::Store& store, const cdx::CdxIndex& index, links::LinkStore& links, std::filesystem::path warcs, const Settings& settings,
                             std::function<void()> indexed)
    : store_(store), index_(index), links_(links), warcs_(std::move(warcs)), settings_(settings), indexed_(std::move(indexed)), held_(index, "web"), http_(warcs_, held_), browser_(warcs_, held_, browser_settings(settings)) {}

Result<CaptureRunner::Captured> CaptureRunner::capture_by_browser(const archiver::CaptureRequest& request, const Settings& settings, std::stop_token stop, const Progress& progress) {
  auto captured = browser_.capture(request, browser_settings(settings).page, stop, progress);
  if (captured) return Captured{.result = std::move(*captured), .engine = "browser", .reason = {}};
  if (captured.error().code != Error::Code::kUnsupported) return std::unexpected(std::move(captured).error());
  const std::string note = "captured by the http engine: " + captured.error().what;
  log::warning("{} is {}", request.url, note);
  Captured instead{.result = WM_TRY(http_.capture(request, stop, progress)), .engine = "http", .reason = {}};
  instead.result.notes.push_back(note);
  return instead;
}

/// The http engine first, as it costs little; the browser where the rules say so of host or tags, or of what came.
Result<CaptureRunner::Captured> CaptureRunner::capture_by_rules(const jobs::Job& job, const archiver::CaptureRequest& request, const Settings& settings, std::stop_token stop,
                                                                const Progress& progress) {
  const auto rules = WM_TRY(engine::EngineRules::load(settings.capture.engine_rules));
  const auto link = WM_TRY(links_.get(job.link_id));
  const std::vector<std::string> tags = link ? link->tags : std::vector<std::string>();
  const auto host_of = [](std::string_view text) {
    const auto parsed = url::Url::parse(text);
    return parsed ? std::string(parsed->host()) : std::string();
  };
  const auto with_reason = [](Result<Captured> captured, const std::string& reason) {
    if (captured) captured->reason = reason;
    return captured;
  };
  const std::string host = host_of(request.url);
  if (const auto choice = rules.choose({.host = host, .tags = tags})) {
    if (choice->engine == engine::Engine::kBrowser) return with_reason(capture_by_browser(request, settings, stop, progress), choice->reason);
    return with_reason(capture(job, request, settings, "http", stop, progress), choice->reason);
  }
  std::string reason;
  archiver::CaptureRequest judged = request;
  judged.leave = [&](const archiver::PageSource& page) -> std::optional<std::string> {
    const std::string page_host = host_of(page.url);
    const auto choice = rules.choose({.host = page_host, .tags = tags}, engine::signs_of(page.html));
    reason = choice.reason;
    if (choice.engine == engine::Engine::kHttp) return std::nullopt;
    return choice.reason;
  };
  auto by_http = WM_TRY(http_.capture(judged, stop, progress));
  if (by_http.left.empty()) return Captured{.result = std::move(by_http), .engine = "http", .reason = reason};
  auto by_browser = capture_by_browser(request, settings, stop, progress);
  if (by_browser || by_browser.error().code == Error::Code::kBusy) return with_reason(std::move(by_browser), reason);
  // Better what the server sent than nothing.
  Captured instead{.result = WM_TRY(http_.capture(request, stop, progress)), .engine = "http", .reason = reason};
  instead.result.notes.push_back("this page needs a browser, which failed: " + by_browser.error().what);
  return instead;
}

Result<CaptureRunner::Captured> CaptureRunner::capture(const jobs::Job& job, const archiver::CaptureRequest& request, const Settings& settings, const std::string& engine,
                                                       std::stop_token stop, const Progress& progress) {
  if (engine == "browser") return capture_by_browser(request, settings, stop, progress);
  if (engine == "auto") return capture_by_rules(job, request, settings, stop, progress);
  return Captured{.result = WM_TRY(http_.capture(request, stop, progress)), .engine = "http", .reason = {}};
}

Result<std::string> CaptureRunner::run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) {
  const Order order = WM_TRY(order_of(job, settings_));
  const Settings& settings = order.settings;
  const archiver::CaptureRequest request{
      .url = job.url, .collection = "web", .capture_id = fmt::format("{}-{}", job.id, job.attempts), .settings = fetch_settings(settings)};
  const auto made = WM_TRY(capture(job, request, settings, order.engine, stop, [&](const archiver::CaptureProgress& p) { progress(progress_json(p).dump(-1, ' ', false, json::error_handler_t::replace)); }));
  const archiver::CaptureResult& captured = made.result;

  // From here on the WARC is true and final: a stop no longer undoes it.
  const pipeline::IndexOptions options{.collection = "web", .link_id = job.link_id, .seed_url = job.url, .text_bytes = settings.index.text_bytes, .decoded_bytes = settings.index.decoded_bytes};
  const auto report = WM_TRY(pipeline::index_warc(store_, warcs_, captured.warc, options));
  if (report.damage_count > 0) log::error("{}: {} damaged places in a WARC of our own", captured.warc, report.damage_count);
  const links::Snapshot snapshot = snapshot_of(job, captured, made.engine);
  const auto before = WM_TRY(links_.latest_snapshot(job.link_id));
  WM_TRY(links_.add_snapshot(snapshot, page_facts(index_, warcs_, captured.final_url, captured.time)));
  indexed_();

  json result = api::to_json(snapshot);
  result["changed"] = WM_TRY(page_change(index_, before, snapshot));
  result["not_captured"] = json::array();
  for (const archiver::Missed& missed : captured.missed) result["not_captured"].push_back({{"url", missed.url}, {"reason", missed.reason}});
  if (!made.reason.empty()) result["engine_reason"] = made.reason;
  if (!captured.notes.empty()) result["notes"] = captured.notes;
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool CaptureRunner::may_pass(const Error& error) const { return error.code == Error::Code::kIo || error.code == Error::Code::kTimeout; }

}  // namespace wm::app
