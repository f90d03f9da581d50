#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "indexer/cdx/cdx_index.h"
#include "indexer/pipeline/index_warc.h"
#include "server/app/settings.h"
#include "server/imports/conversion.h"
#include "server/imports/intake.h"
#include "server/imports/outcome.h"
#include "server/jobs/job_queue.h"
#include "server/links/link_store.h"

namespace wm::wacz {
class WaczReader;
}

namespace wm::app {

/// Jobs of the kind "import": a file from elsewhere comes into a collection and is indexed; docs/formats/jobs.md has parameters and result.
/// WARC and ARC are copied whole (or linked), the members of a WACZ are unpacked, HAR files and saved pages are made into a WARC, bookmarks become
/// links. The same content twice (by SHA-256) adds nothing.
class ImportRunner final : public jobs::Runner {
 public:
  ImportRunner(store::Store& store, const cdx::CdxIndex& cdx, links::LinkStore& links, std::filesystem::path warcs, const Settings& settings,
               std::function<void()> indexed, std::function<Result<>(const links::Link&)> capture = {});
  Result<std::string> run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) override;
  bool may_pass(const Error&) const override { return false; }  // a bad file stays bad

 private:
  struct Import;  // one run
  using Progress = std::function<void(std::string)>;
  Result<> import_bookmark_file(Import& import);
  Result<> import_archive(Import& import);
  Result<> import_wacz(Import& import);
  struct Unpacked;  // a WARC out of a WACZ
  Result<std::vector<Unpacked>> unpack(Import& import, wacz::WaczReader& reader, const std::string& folder);
  Result<std::string> take_pages(Import& import, wacz::WaczReader& reader, const std::string& folder, const std::string& sha256);
  Result<> import_conversion(Import& import);
  Result<std::string> convert(Import& import);
  Result<> index(Import& import, const std::string& relative, const std::string& member);
  pipeline::IndexOptions index_options(const Import& import) const;
  Result<> make_links(Import& import);
  Result<> attach_snapshots(Import& import);

  store::Store& store_;
  const cdx::CdxIndex& cdx_;
  links::LinkStore& links_;
  const Settings& settings_;
  const std::function<void()> indexed_;
  const std::function<Result<>(const links::Link&)> capture_;  // queues a snapshot
  imports::Intake intake_;
};

/// [a-z0-9_-], 1 to 64: what a collection may be called, since it is a folder and the first segment of memento addresses.
bool is_collection_name(std::string_view name) noexcept;

}  // namespace wm::app
