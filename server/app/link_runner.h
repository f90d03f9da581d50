#pragma once

#include "server/api/services.h"
#include "server/jobs/job_queue.h"

namespace wm::app {

/// Jobs of the kind "bulk": one change for many links. Parameters and result as `POST /api/v1/links/bulk` has them.
class BulkRunner final : public jobs::Runner {
 public:
  explicit BulkRunner(api::Services& services) : services_(services) {}
  Result<std::string> run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) override;
  bool may_pass(const Error& error) const override { return error.code == Error::Code::kBusy || error.code == Error::Code::kIo; }

 private:
  api::Services& services_;
};

/// Jobs of the kind "tags": links follow a renamed, merged or deleted tag. Parameters {"key"}; result {"links"}: how many were looked at.
class TagRunner final : public jobs::Runner {
 public:
  explicit TagRunner(links::TagStore& tags) : tags_(tags) {}
  Result<std::string> run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) override;
  bool may_pass(const Error& error) const override { return error.code == Error::Code::kBusy || error.code == Error::Code::kIo; }

 private:
  links::TagStore& tags_;
};

/// A job for each change of tags that an earlier run left half done.
Result<> take_up_tag_moves(const links::TagStore& tags, jobs::JobQueue& jobs);

}  // namespace wm::app
