#include "server/app/recovery.h"

#include <vector>

#include "core/base/log.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/pipeline/index_warc.h"
#include "server/archive/known_files.h"
#include "server/links/link_store.h"

namespace wm::app {

namespace fs = std::filesystem;

namespace {

Result<bool> is_indexed(store::Store& store, const std::string& relative) {
  bool found = false;
  WM_TRY(cdx::CdxIndex(store).for_each_in_file(relative, [&found](const cdx::Capture&) {
    found = true;
    return false;
  }));
  return found;
}

Result<> take_up(store::Store& store, const fs::path& warcs, archive::KnownFiles& known, const std::string& relative) {
  if (WM_TRY(is_indexed(store, relative))) return {};
  const auto options = WM_TRY(known.options_of(relative));
  const auto report = WM_TRY(pipeline::index_warc(store, warcs, relative, options));
  if (report.captures > 0) log::warning("{}: finished before the crash but not indexed; {} captures added", relative, report.captures);
  return {};
}

}  // namespace

Result<> recover_warcs(store::Store& store, const fs::path& warcs) {
  std::error_code error;
  std::vector<fs::path> unfinished;
  for (fs::recursive_directory_iterator at(warcs, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".open") unfinished.push_back(at->path());
  }
  if (error) return fail(Error::Code::kIo, "cannot look through " + warcs.string() + ": " + error.message());
  for (const fs::path& path : unfinished) {
    log::warning("{}: left unfinished by a crash, removed", path.string());
    fs::remove(path, error);
  }
  const cdx::CdxIndex index(store);
  const links::LinkStore links(store, nullptr);
  archive::KnownFiles known(index, links);
  for (const std::string& relative : WM_TRY(archive::capture_files(warcs))) {
    if (auto taken = take_up(store, warcs, known, relative); !taken) log::error("{}: {}", relative, taken.error().what);
  }
  return {};
}

}  // namespace wm::app
