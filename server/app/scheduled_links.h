#pragma once

#include "indexer/search/search_index.h"
#include "server/jobs/job_queue.h"
#include "server/links/link_store.h"
#include "server/schedules/scheduler.h"

namespace wm::app {

/// Schedules' links, by the link store and the search index; their captures, by the job queue.
class ScheduledLinks final : public schedules::Archive {
 public:
  ScheduledLinks(const links::LinkStore& links, const search::SearchIndex& search, jobs::JobQueue& jobs) : links_(links), search_(search), jobs_(jobs) {}
  Result<std::vector<std::uint64_t>> links_of(schedules::Schedule::Of of, const std::string& what, std::size_t most) override;
  Result<> queue(std::uint64_t link_id) override;

 private:
  Result<std::vector<std::uint64_t>> found(const std::string& query, std::size_t most) const;
  const links::LinkStore& links_;
  const search::SearchIndex& search_;
  jobs::JobQueue& jobs_;
};

}  // namespace wm::app
