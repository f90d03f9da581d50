#pragma once

#include <functional>
#include <string>
#include <vector>

#include "indexer/cdx/cdx_index.h"
#include "indexer/search/search_index.h"
#include "replay/access/control.h"
#include "server/api/idempotency.h"
#include "server/archive/backup.h"
#include "server/archive/export.h"
#include "server/archive/served_exports.h"
#include "server/archive/verify.h"
#include "server/auth/accounts.h"
#include "server/auth/ticket.h"
#include "server/http/router.h"
#include "server/jobs/job_queue.h"
#include "server/links/link_store.h"
#include "server/links/saved_searches.h"
#include "server/links/tag_store.h"
#include "server/schedules/scheduler.h"

namespace wm::server {
class EventChannel;
}

namespace wm::pages {
class PageArchive;
}

namespace wm::api {

struct Picture {
  std::string media_type;
  std::string bytes;
};

/// What the REST resources work with. server/app owns all of it and outlives the routes.
struct Services {
  links::LinkStore& links;
  links::TagStore& tags;
  links::SavedSearches& searches;
  IdempotencyKeys& idempotency;
  jobs::JobQueue& jobs;
  schedules::Scheduler& schedules;
  const search::SearchIndex& search;
  const cdx::CdxIndex& cdx;
  const pages::PageArchive& pages;
  const access::Control& access;    ///< what may be shown of the captures: ask its judge() wherever some are listed
  std::uint64_t cdx_scan_rows;      ///< looked at for one CDX request
  const archive::Exporter& exporter;
  archive::ServedExports& exports;
  std::function<server::Response(const server::Request&, std::string_view raw_path)> export_files;  ///< below data/exports, with ranges
  std::function<std::unique_ptr<Source>(archive::FixIndex)> verify;
  std::function<Result<std::unique_ptr<Source>>(const std::string& into)> backup;
  /// The picture of a link at an address it names, as its newest snapshot holds it; nullopt if none does.
  std::function<Result<std::optional<Picture>>(const links::Link& link, const std::string& url)> picture;
  auth::Accounts& accounts;
  const auth::Tickets& tickets;
  server::EventChannel& events;
  bool passwords = false;       ///< auth.mode is password
  bool secure_cookies = false;  ///< the app is reached by https
  bool private_replay = false;  ///< the replay origin asks for a ticket
  std::chrono::seconds ticket_life{43200};
  std::string replay_url;       ///< as browsers reach it; "" = the request's host with replay_port
  std::uint16_t replay_port = 0;
  bool one_port = false;  ///< mementos are seen at this very address, below a ticket
};

/// The whole REST surface: every resource's routes with the permission beside each.
std::vector<server::Route> routes(Services& services);

// One file each.
void add_link_routes(std::vector<server::Route>& routes, Services& services);
void add_link_work_routes(std::vector<server::Route>& routes, Services& services);
void add_tag_routes(std::vector<server::Route>& routes, Services& services);
void add_rule_routes(std::vector<server::Route>& routes, Services& services);
void add_openapi_routes(std::vector<server::Route>& routes);
void add_saved_search_routes(std::vector<server::Route>& routes, Services& services);
void add_snapshot_routes(std::vector<server::Route>& routes, Services& services);
void add_job_routes(std::vector<server::Route>& routes, Services& services);
void add_schedule_routes(std::vector<server::Route>& routes, Services& services);
void add_search_routes(std::vector<server::Route>& routes, Services& services);
void add_cdx_routes(std::vector<server::Route>& routes, Services& services);
void add_backup_routes(std::vector<server::Route>& routes, Services& services);
void add_export_routes(std::vector<server::Route>& routes, Services& services);
void add_history_routes(std::vector<server::Route>& routes, Services& services);
void add_memento_routes(std::vector<server::Route>& routes, Services& services);
void add_import_routes(std::vector<server::Route>& routes, Services& services);
void add_session_routes(std::vector<server::Route>& routes, Services& services);
void add_system_routes(std::vector<server::Route>& routes, Services& services);
void add_linkding_bookmark_routes(std::vector<server::Route>& routes, Services& services);
void add_linkding_tag_routes(std::vector<server::Route>& routes, Services& services);
void add_internet_archive_routes(std::vector<server::Route>& routes, Services& services);
void add_verify_routes(std::vector<server::Route>& routes, Services& services);

/// The base of memento addresses for this request: "http://127.0.0.1:8081".
std::string replay_url(const Services& services, const server::Request& request);
/// Where a browser sees the memento at `target` ("/web/2020/http://a.example/"): with a ticket where one is needed.
std::string memento_address(const Services& services, const server::Request& request, std::string_view target);

}  // namespace wm::api
