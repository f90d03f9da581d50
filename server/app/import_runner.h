#pragma once

#include <filesystem>
#include <functional>

#include "indexer/pipeline/index_warc.h"
#include "server/app/settings.h"
#include "server/jobs/job_queue.h"

namespace wm::app {

/// Jobs of the kind "import": a WARC file from elsewhere is copied whole into the collection's folder and indexed. Parameters {"path",
/// "collection", "dry_run"}; result {"file","kind","records","captures","links","skipped","errors"}. The same file twice (by SHA-256) adds nothing.
class ImportRunner final : public jobs::Runner {
 public:
  ImportRunner(store::Store& store, std::filesystem::path warcs, const Settings& settings, std::function<void()> indexed);
  Result<std::string> run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) override;
  bool may_pass(const Error&) const override { return false; }  // a bad file stays bad

 private:
  struct Wanted {
    std::filesystem::path path;
    std::string collection;
    bool dry_run = false;
  };
  static Result<Wanted> wanted(const jobs::Job& job);
  /// The copy's path below warcs_; the path of the earlier one if the file was imported already.
  Result<std::string> take_in(const Wanted& wanted, std::stop_token stop, bool& known);

  store::Store& store_;
  const std::filesystem::path warcs_;
  const Settings& settings_;
  const std::function<void()> indexed_;
};

/// [a-z0-9_-], 1 to 64: what a collection may be called, since it is a folder and the first segment of memento addresses.
bool is_collection_name(std::string_view name) noexcept;

}  // namespace wm::app
