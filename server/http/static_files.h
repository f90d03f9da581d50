#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "server/http/message.h"

namespace wm::server {

/// The Content-Type of a file by its name's ending; "application/octet-stream" if it is none we
/// know.
std::string_view mime_type(std::string_view filename);

/// Serves the regular files of one folder: nothing outside it (no "..", no links that lead out),
/// nothing that begins with a dot, no listings. Small files are kept in memory, with their gzip
/// form; a file that changed is read again. const methods from many threads, on the request pool:
/// they look at the disk.
class StaticFiles {
 public:
  struct Options {
    std::string cache_control = "no-cache";  ///< may be kept, and is asked for again with its ETag
    std::size_t kept_file_bytes = 1 << 20;   ///< larger ones are read from disk at each request
    std::size_t kept_bytes = 64 << 20;       ///< of all kept files
    std::string index = "index.html";        ///< what "" and "a/" mean; empty: nothing
  };

  /// kNotFound if there is no such folder.
  static Result<std::unique_ptr<StaticFiles>> open(const std::filesystem::path& folder);
  static Result<std::unique_ptr<StaticFiles>> open(const std::filesystem::path& folder,
                                                   Options options);

  /// `raw_path` as a "{path:rest}" placeholder has it: percent-encoded, a query behind it is
  /// ignored.
  Response serve(const Request& request, std::string_view raw_path) const;

 private:
  struct Kept;
  struct Found {
    std::filesystem::path path;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
  };
  StaticFiles(std::filesystem::path root, Options options)
      : root_(std::move(root)), options_(std::move(options)) {}
  Result<Found> find(std::string_view raw_path) const;
  Result<std::shared_ptr<const Kept>> kept(const Found& found) const;
  Response serve_kept(const Request& request, const Kept& file, Response base) const;
  Response serve_from_disk(const Request& request, const Found& found, Response base) const;

  const std::filesystem::path root_;  ///< canonical
  const Options options_;
  mutable Mutex mutex_;
  mutable std::map<std::filesystem::path, std::shared_ptr<const Kept>> files_ WM_GUARDED_BY(mutex_);
  mutable std::size_t kept_bytes_ WM_GUARDED_BY(mutex_) = 0;
};

}  // namespace wm::server
