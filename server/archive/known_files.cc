#include "server/archive/known_files.h"

namespace wm::archive {

Result<pipeline::IndexOptions> KnownFiles::options_of(const std::string& file) {
  if (!read_) WM_TRY(read_links());
  pipeline::IndexOptions options{.collection = file.substr(0, file.find('/')), .seed_url = ""};
  WM_TRY(index_.for_each_in_file(file, [&options](const cdx::Capture& capture) {
    options.collection = capture.collection;
    return false;
  }));
  if (const auto found = links_by_file_.find(file); found != links_by_file_.end()) {
    options.link_id = found->second.first;
    options.seed_url = found->second.second;
  }
  return options;
}

Result<> KnownFiles::read_links() {
  constexpr std::size_t kAtOnce = 1000;
  for (std::size_t offset = 0;; offset += kAtOnce) {
    const auto links = WM_TRY(links_.list(kAtOnce, offset));
    for (const links::Link& link : links) {
      for (const links::Snapshot& snapshot : WM_TRY(links_.snapshots(link.id))) {
        // An imported file holds pages of many links; which are whose is known when they are searched.
        if (snapshot.engine != "import") links_by_file_[snapshot.warc] = {link.id, link.url};
      }
    }
    if (links.size() < kAtOnce) break;
  }
  read_ = true;
  return {};
}

}  // namespace wm::archive
