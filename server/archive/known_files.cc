#include "server/archive/known_files.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace wm::archive {

namespace fs = std::filesystem;

namespace {

/// "web/2026/11/…", and what `pack` and `rm` made of such files.
bool is_our_capture(std::string_view file) {
  const auto parts = split(file, '/');
  const auto is_number = [](std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); };
  if (parts.size() == 4) return is_number(parts[1]) && is_number(parts[2]);
  return parts.size() == 3 && (parts[1] == "packed" || parts[1] == "kept");
}

}  // namespace

Result<std::vector<std::string>> capture_files(const fs::path& warcs) {
  std::vector<std::string> files;
  std::error_code error;
  if (!fs::exists(warcs, error)) return files;
  for (fs::recursive_directory_iterator at(warcs, error), end; !error && at != end; at.increment(error)) {
    const std::string relative = at->path().lexically_relative(warcs).generic_string();  // a linked file stays below data/warcs
    const auto suffix = at->path().extension();
    if (!relative.starts_with('_') && suffix != ".open" && suffix != ".part" && at->is_regular_file(error)) files.push_back(relative);
    if (error == std::errc::no_such_file_or_directory) error.clear();  // removed meanwhile, or a link to what is not there now
  }
  if (error) return fail(Error::Code::kIo, "cannot look through " + warcs.string() + ": " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

bool is_imported(std::string_view file) {
  const auto parts = split(file, '/');
  return parts.size() > 2 && (parts[1] == "imported" || parts[1] == "linked");
}

Result<pipeline::IndexOptions> KnownFiles::options_of(const std::string& file) {
  pipeline::IndexOptions options{.collection = file.substr(0, file.find('/')), .seed_url = ""};
  WM_TRY(index_.for_each_in_file(file, [&options](const cdx::Capture& capture) {
    options.collection = capture.collection;
    return false;
  }));
  if (is_imported(file)) return options;
  for (const links::Snapshot& snapshot : WM_TRY(snapshots_of(file))) {
    const std::uint64_t end = snapshot.length == 0 ? UINT64_MAX : snapshot.offset + snapshot.length;
    options.parts.push_back({.begin = snapshot.offset, .end = end, .link_id = snapshot.link_id, .seed_url = snapshot.url});
  }
  if (options.parts.empty() && is_our_capture(file)) options.searched = pipeline::IndexOptions::Searched::kNothing;
  return options;
}

Result<std::vector<links::Snapshot>> KnownFiles::snapshots_of(const std::string& file) {
  if (!read_) WM_TRY(read_links());
  const auto found = by_file_.find(file);
  return found == by_file_.end() ? std::vector<links::Snapshot>() : found->second;
}

Result<> KnownFiles::read_links() {
  constexpr std::size_t kAtOnce = 1000;
  for (std::size_t offset = 0;; offset += kAtOnce) {
    const auto links = WM_TRY(links_.list(kAtOnce, offset));
    for (const links::Link& link : links) {
      for (links::Snapshot& snapshot : WM_TRY(links_.snapshots(link.id))) {
        // An imported file holds pages of many links; which are whose is known when they are searched.
        if (!is_imported(snapshot.warc)) by_file_[snapshot.warc].push_back(std::move(snapshot));
      }
    }
    if (links.size() < kAtOnce) break;
  }
  for (auto& [file, snapshots] : by_file_) {
    std::sort(snapshots.begin(), snapshots.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
  }
  read_ = true;
  return {};
}

}  // namespace wm::archive
