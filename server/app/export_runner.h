#pragma once

#include "server/archive/export.h"
#include "server/archive/served_exports.h"
#include "server/jobs/job_queue.h"

namespace wm::app {

/// Jobs of the kind "export": a part of the archive is written to data/exports, to be read from there by ranges; docs/formats/jobs.md.
class ExportRunner final : public jobs::Runner {
 public:
  ExportRunner(const archive::Exporter& exporter, archive::ServedExports& served) : exporter_(exporter), served_(served) {}
  Result<std::string> run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) override;
  bool may_pass(const Error&) const override { return false; }

 private:
  const archive::Exporter& exporter_;
  archive::ServedExports& served_;
};

}  // namespace wm::app
