#include "server/app/app.h"

#include <fmt/format.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/thread_pool.h"
#include "replay/replay.h"
#include "server/api/json_body.h"
#include "server/api/link_view.h"
#include "server/api/services.h"
#include "server/app/capture_runner.h"
#include "server/app/data_folder.h"
#include "server/app/export_runner.h"
#include "server/app/gate.h"
#include "server/app/housekeeper.h"
#include "server/app/import_runner.h"
#include "server/app/index_writer.h"
#include "server/app/link_runner.h"
#include "server/app/page_pictures.h"
#include "server/app/proxy_mode.h"
#include "server/app/recovery.h"
#include "server/app/reindex.h"
#include "server/app/replay_origin.h"
#include "server/app/scheduled_links.h"
#include "server/app/tracking_file.h"
#include "server/http/events.h"
#include "server/http/server.h"
#include "server/http/static_files.h"
#include "server/http/status.h"
#include "server/journal/journal.h"
#include "server/pages/page_archive.h"
#include "server/ui/ui.h"

namespace wm::app {

using std::chrono::duration_cast;
using std::chrono::seconds;

namespace {

jobs::QueueSettings queue_settings(const Settings& s) {
  return {.workers = s.jobs.workers,
          .waiting_limit = s.jobs.waiting_limit,
          .attempts = static_cast<unsigned>(s.jobs.attempts),
          .retry_after = s.jobs.retry_after,
          .per_host = s.jobs.per_host,
          .host_pause = s.jobs.host_pause};
}

Result<server::ListenOptions> listen_options(const Settings& s, const std::string& address) {
  const HostPort at = WM_TRY(parse_listen(address));
  server::ListenOptions options;
  options.address = at.host == "localhost" ? "127.0.0.1" : at.host;
  options.port = at.port;
  options.body_bytes = s.server.body_bytes;
  options.connections = s.server.connections;
  options.waiting_requests = s.server.request_queue;
  options.head_timeout = s.server.head_timeout;
  options.keep_alive_timeout = s.server.keep_alive_timeout;
  options.send_timeout = s.server.send_timeout;
  return options;
}

/// Members in the order they need each other; destruction in reverse ends what runs before what it uses.
class TheApp final : public App {
 public:
  TheApp(DataFolder folder, const Settings& settings, std::unique_ptr<store::Store> store, std::unique_ptr<journal::Journal> journal, std::unique_ptr<search::SearchWriter> search_writer,
         std::unique_ptr<search::SearchIndex> search, std::string ticket_key, url::Tracking tracking, std::shared_ptr<const access::Control> access, std::shared_ptr<const fuzzy::Matcher> fuzzy)
      : folder_(std::move(folder)),
        settings_(settings),
        local_token_(base32_encode(random_bytes(30))),
        store_(std::move(store)),
        journal_(std::move(journal)),
        search_(std::move(search)),
        cdx_(*store_),
        access_(std::move(access)),
        fuzzy_(std::move(fuzzy)),
        accounts_(*store_),
        tickets_(std::move(ticket_key)),
        links_(*store_, [this](std::uint64_t id) { link_changed(id); }, std::move(tracking)),
        tags_(links_),
        searches_(*store_),
        idempotency_(*store_),
        index_writer_(*store_, std::move(search_writer), links_, folder_.warcs(), [this] { events_.publish("index", "{}"); }),
        jobs_(*store_, queue_settings(settings_), [this](const jobs::Job& job) { job_changed(job); }),
        capture_runner_(*store_, cdx_, links_, folder_.warcs(), settings_, [this] { index_writer_.wake(); }),
        import_runner_(*store_, cdx_, links_, folder_.warcs(), settings_, [this] { index_writer_.wake(); },
                       [this](const links::Link& link) -> Result<> {
                         static_cast<void>(WM_TRY(api::queue_capture(services_, link)));
                         return {};
                       }),
        scheduled_links_(links_, *search_, jobs_),
        scheduler_(*store_, scheduled_links_),
        exporter_({.cdx = cdx_, .links = links_, .search = *search_, .warcs = folder_.warcs()}, folder_.key_file("wacz-signing.pem"), settings_.exports.zipnum_above),
        exports_(folder_.path() / "exports", duration_cast<seconds>(settings_.exports.keep)),
        export_runner_(exporter_, exports_),
        pages_(cdx_, *access_, folder_.warcs(), {.decoded_bytes = settings_.index.decoded_bytes, .text_bytes = settings_.index.text_bytes}),
        services_{.links = links_,
                  .tags = tags_,
                  .searches = searches_,
                  .idempotency = idempotency_,
                  .jobs = jobs_,
                  .schedules = scheduler_,
                  .search = *search_,
                  .cdx = cdx_,
                  .pages = pages_,
                  .access = *access_,
                  .cdx_scan_rows = settings_.replay.cdx_scan_rows,
                  .exporter = exporter_,
                  .exports = exports_,
                  .export_files = [this](const server::Request& r, std::string_view raw_path) { return export_file(r, raw_path); },
                  .verify = [this](archive::FixIndex fix) { return archive::verify(*store_, links_, folder_.warcs(), fix); },
                  .backup = [this](const std::string& into) { return archive::backup(*store_, folder_.path(), into); },
                  .picture = [this](const links::Link& link, const std::string& url) { return picture(link, url); },
                  .accounts = accounts_,
                  .tickets = tickets_,
                  .events = events_,
                  .passwords = settings_.auth.mode == "password",
                  .secure_cookies = settings_.server.app_url.starts_with("https:"),
                  .private_replay = private_replay(),
                  .ticket_life = duration_cast<seconds>(settings_.auth.ticket_life),
                  .replay_url = settings_.server.replay_url,
                  .one_port = one_port()},
        gate_(accounts_, {.passwords = services_.passwords, .app_url = settings_.server.app_url, .local_token = local_token_}),
        router_(all_routes(), [this](const server::Request& r, server::Permission p) { return gate_.check(r, p); }),
        replay_(cdx_, folder_.warcs(), replay_settings()),
        replay_origin_(replay_, tickets_, {.private_replay = private_replay(), .loopback_only = !services_.passwords, .replay_url = settings_.server.replay_url, .ticket_life = services_.ticket_life, .one_port = one_port()}) {
    jobs_.set_runner("capture", capture_runner_);
    jobs_.set_runner("import", import_runner_);
    jobs_.set_runner("export", export_runner_);
    jobs_.set_runner("bulk", bulk_runner_);
    jobs_.set_runner("tags", tag_runner_);
  }

  ~TheApp() override { stop(); }

  server::Response handle(const server::Request& request) override {
    if (!one_port()) return router_.handle(request);
    if (ReplayOrigin::is_mounted(request)) return replay_origin_.mounted(request, false);
    if (router_.knows(request) || !ReplayOrigin::names_memento(request)) return router_.handle(request);
    return replay_origin_.mounted(request, !private_replay() || !gate_.check(request, server::Permission::kRead));
  }
  server::Response handle_replay(const server::Request& request) override { return replay_origin_.handle(request); }

  const std::vector<server::Route>& routes() const override { return router_.routes(); }
  const std::string& local_token() const override { return local_token_; }
  Result<> start_jobs() override {
    WM_TRY(jobs_.start());
    WM_TRY(take_up_tag_moves(tags_, jobs_));
    housekeeper_ = std::make_unique<Housekeeper>([this] { keep_house(); });
    return {};
  }
  Result<> start_schedules() override { return scheduler_.start(); }

  Result<Ports> listen() override {
    pool_ = std::make_unique<ThreadPool>(settings_.server.request_threads, settings_.server.request_queue, "wm-request");
    const auto app_options = WM_TRY(listen_options(settings_, settings_.server.listen));
    if (!one_port()) WM_TRY(listen_for_replay());
    app_server_ = WM_TRY(server::HttpServer::start(app_options, *pool_, [this](const server::Request& r) {
      listening_.wait(false);
      return handle(r);
    }));
    if (one_port()) services_.replay_port = app_server_->port();
    replay_origin_.set_app(settings_.server.app_url, app_server_->port());
    let_requests_begin();
    if (!settings_.replay.proxy_listen.empty()) {
      proxy_ = WM_TRY(ProxyMode::start(settings_, replay_, accounts_, {.authority_file = folder_.key_file("proxy-ca.pem"), .replay_port = services_.replay_port, .private_replay = private_replay()}));
    }
    const Ports ports{.app = app_server_->port(), .replay = services_.replay_port, .proxy = proxy_ ? proxy_->port() : std::uint16_t{0}};
    WM_TRY(folder_.announce({.host = app_options.address, .port = ports.app, .token = local_token_}));
    return ports;
  }

  void stop() override {
    if (stopped_) return;
    stopped_ = true;
    folder_.withdraw();
    events_.close();
    let_requests_begin();
    for (auto* server : {app_server_.get(), replay_server_.get()}) {
      if (server) server->stop(settings_.server.shutdown_grace);
    }
    scheduler_.stop();
    housekeeper_.reset();
    jobs_.stop();
    proxy_.reset();
    app_server_.reset();
    replay_server_.reset();
    pool_.reset();
    index_writer_.wait_until_drained(std::chrono::seconds(30));
    if (const auto written = journal_->flush(); !written) log::error("journal of links: {}", written.error().what);
    folder_.mark_clean();
  }

 private:
  void let_requests_begin() {
    listening_ = true;
    listening_.notify_all();
  }

  bool one_port() const { return settings_.server.replay_listen == kOnePort; }

  Result<> listen_for_replay() {
    const auto options = WM_TRY(listen_options(settings_, settings_.server.replay_listen));
    replay_server_ = WM_TRY(server::HttpServer::start(options, *pool_, [this](const server::Request& r) {
      listening_.wait(false);  // each origin must know the other's port
      return handle_replay(r);
    }));
    services_.replay_port = replay_server_->port();
    return {};
  }

  bool private_replay() const { return settings_.auth.mode == "password" && !settings_.auth.public_replay; }

  replay::ReplaySettings replay_settings() const {
    replay::ReplaySettings replay;
    replay.replay_origin = settings_.server.replay_url;
    replay.decoded_bytes = settings_.replay.decoded_bytes;
    replay.decode_ratio = settings_.replay.decode_ratio;
    replay.rewrite_bytes = settings_.replay.rewrite_bytes;
    replay.tried_captures = settings_.replay.tried_captures;
    replay.cdx_scan_rows = settings_.replay.cdx_scan_rows;
    replay.timemap_page = std::max<std::size_t>(1, settings_.replay.timemap_page);
    replay.access = access_;
    replay.fuzzy = fuzzy_;
    replay.wombat_folder = settings_.replay.wombat_folder;
    replay.private_replay = private_replay();
    return replay;
  }

  server::Response export_file(const server::Request& request, std::string_view raw_path) const {
    // Opened anew each time: the folder comes with the first export, and its files are large and few.
    const auto files = server::StaticFiles::open(exports_.folder(), {.cache_control = "private, no-cache", .kept_file_bytes = 0, .kept_bytes = 0, .index = ""});
    return files ? (*files)->serve(request, raw_path) : server::error_response(files.error());
  }

  std::vector<server::Route> all_routes() {
    std::vector<server::Route> routes = api::routes(services_);
    ui::add_routes(routes, [this](const server::Request& r) { return api::replay_url(services_, r); });
    return routes;
  }

  void link_changed(std::uint64_t id) {
    index_writer_.wake();
    events_.publish("link", fmt::format("{{\"id\":{}}}", id));
  }

  /// Once an hour.
  void keep_house() {
    const auto removed = empty_old_trash(links_, now_micros(), settings_.links.trash_after);
    if (!removed) log::error("the trash: {}", removed.error().what);
    if (const auto forgotten = idempotency_.forget_old(now_micros(), 100'000); !forgotten) log::error("old Idempotency-Keys: {}", forgotten.error().what);
    if (removed && *removed > 0) log::info("{} links were in the trash for long enough and are gone", *removed);
  }

  Result<std::optional<api::Picture>> picture(const links::Link& link, const std::string& url) const {
    const auto snapshot = WM_TRY(links_.latest_snapshot(link.id));
    if (!snapshot) return std::optional<api::Picture>();
    return captured_picture(cdx_, folder_.warcs(), *snapshot, url);
  }

  /// What the network or the site refused for good makes a broken link; what this Waymark cannot do does not.
  void note_broken(const jobs::Job& job) {
    if (job.kind != "capture" || job.link_id == 0 || job.state != jobs::State::kFailed) return;
    if (job.error_code != "io" && job.error_code != "timeout" && job.error_code != "not_found") return;
    if (const auto noted = links_.set_broken(job.link_id, job.error); !noted) log::error("link {}: {}", job.link_id, noted.error().what);
  }

  void job_changed(const jobs::Job& job) {
    note_broken(job);
    events_.publish("job", api::to_json(job).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }

  DataFolder folder_;
  const Settings settings_;
  const std::string local_token_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<search::SearchIndex> search_;
  cdx::CdxIndex cdx_;
  std::shared_ptr<const access::Control> access_;  ///< shared with replay's settings
  std::shared_ptr<const fuzzy::Matcher> fuzzy_;    ///< likewise
  auth::Accounts accounts_;
  auth::Tickets tickets_;
  server::EventChannel events_;
  links::LinkStore links_;
  links::TagStore tags_;
  links::SavedSearches searches_;
  api::IdempotencyKeys idempotency_;
  IndexWriter index_writer_;
  jobs::JobQueue jobs_;
  CaptureRunner capture_runner_;
  ImportRunner import_runner_;
  ScheduledLinks scheduled_links_;
  schedules::Scheduler scheduler_;
  archive::Exporter exporter_;
  archive::ServedExports exports_;
  ExportRunner export_runner_;
  pages::PageArchive pages_;
  api::Services services_;
  BulkRunner bulk_runner_{services_};
  TagRunner tag_runner_{tags_};
  Gate gate_;
  server::Router router_;
  replay::Replay replay_;
  ReplayOrigin replay_origin_;
  std::atomic<bool> listening_ = false;
  std::unique_ptr<Housekeeper> housekeeper_;
  std::unique_ptr<ThreadPool> pool_;
  std::unique_ptr<server::HttpServer> replay_server_;
  std::unique_ptr<server::HttpServer> app_server_;
  std::unique_ptr<ProxyMode> proxy_;
  bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<App>> App::open(const std::filesystem::path& data, const Settings& settings) {
  WM_TRY(check_settings(settings));
  DataFolder folder = WM_TRY(DataFolder::open(data));
  WM_TRY(settle_reindex(folder.path()));
  auto store = WM_TRY(store::Store::open(folder.database(), {.block_cache_bytes = settings.index.block_cache_bytes, .record = true}));
  const url::Tracking tracking = WM_TRY(tracking_of(settings));
  WM_TRY(links::LinkStore::prepare(*store, tracking));
  if (folder.was_left_unclean()) WM_TRY(recover_warcs(*store, folder.warcs()));
  auto journal = WM_TRY(journal::Journal::open(*store, folder.warcs(), {.file_bytes = settings.journal.file_bytes}));
  auto search_writer = WM_TRY(search::SearchWriter::open(folder.search()));
  auto search = WM_TRY(search::SearchIndex::open(folder.search()));
  std::string ticket_key = WM_TRY(folder.key("ticket"));
  auto fuzzy = WM_TRY(fuzzy::Matcher::open(settings.replay.fuzzy_rules));
  auto access = settings.replay.access_rules.empty() ? std::make_shared<const access::Control>() : WM_TRY(access::Control::open(settings.replay.access_rules));
  return std::make_unique<TheApp>(std::move(folder), settings, std::move(store), std::move(journal), std::move(search_writer), std::move(search), std::move(ticket_key), tracking, std::move(access), std::move(fuzzy));
}

}  // namespace wm::app
