#include "server/http/static_files.h"

#include <sys/stat.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/http/body.h"
#include "server/http/compress.h"
#include "server/http/etag.h"
#include "server/http/range.h"
#include "server/http/status.h"

namespace wm::server {

namespace fs = std::filesystem;

namespace {

struct Ending {
  std::string_view ending;
  std::string_view type;
};

constexpr Ending kEndings[] = {
    {"avif", "image/avif"},
    {"css", "text/css; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/x-icon"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"md", "text/markdown; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"ogg", "audio/ogg"},
    {"otf", "font/otf"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain; charset=utf-8"},
    {"wacz", "application/wacz"},
    {"warc", "application/warc"},
    {"wasm", "application/wasm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xml", "application/xml"},
    {"zip", "application/zip"},
};

constexpr int kGzipLevel = 9;  // once a file

std::unexpected<Error> not_found(std::string_view path) {
  return fail(Error::Code::kNotFound, "no file " + std::string(path));
}

/// The decoded path, if each of its segments may be looked up at all.
std::optional<std::string> safe_relative(std::string_view raw_path) {
  std::string path = percent_decode(raw_path.substr(0, raw_path.find('?')));
  if (path.find('\0') != std::string::npos || path.find('\\') != std::string::npos)
    return std::nullopt;
  if (path.empty()) return path;
  const auto segments = split(path, '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool last_and_empty = segments[i].empty() && i + 1 == segments.size();
    if (!last_and_empty && (segments[i].empty() || segments[i].starts_with('.')))
      return std::nullopt;
  }
  return path;
}

}  // namespace

std::string_view mime_type(std::string_view filename) {
  const std::size_t dot = filename.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string ending = to_lower(filename.substr(dot + 1));
    for (const Ending& known : kEndings) {
      if (known.ending == ending) return known.type;
    }
  }
  return "application/octet-stream";
}

/// A file in memory. Immutable: a changed file gets a new one.
struct StaticFiles::Kept {
  std::uint64_t size;
  std::int64_t modified_ns;
  std::string content;
  std::string gzip;  ///< empty if it gains nothing
  std::string digest;
};

Result<std::unique_ptr<StaticFiles>> StaticFiles::open(const fs::path& folder) {
  return open(folder, Options{});
}

Result<std::unique_ptr<StaticFiles>> StaticFiles::open(const fs::path& folder, Options options) {
  std::error_code error;
  fs::path root = fs::canonical(folder, error);
  if (error || !fs::is_directory(root, error))
    return fail(Error::Code::kNotFound, "no folder " + folder.string());
  return std::unique_ptr<StaticFiles>(new StaticFiles(std::move(root), std::move(options)));
}

Result<StaticFiles::Found> StaticFiles::find(std::string_view raw_path) const {
  auto relative = safe_relative(raw_path);
  if (!relative) return not_found(raw_path);
  if (relative->empty() || relative->ends_with('/')) {
    if (options_.index.empty()) return not_found(raw_path);
    *relative += options_.index;
  }
  std::error_code error;
  const fs::path path = fs::canonical(root_ / *relative, error);
  if (error) return not_found(raw_path);
  // Links have been followed: what they lead to must be within.
  if (std::mismatch(root_.begin(), root_.end(), path.begin(), path.end()).first != root_.end())
    return not_found(raw_path);
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return not_found(raw_path);
  return Found{.path = path,
               .size = static_cast<std::uint64_t>(status.st_size),
               .modified_ns = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 +
                              status.st_mtim.tv_nsec};
}

/// nullptr if the file is not to be kept.
Result<std::shared_ptr<const StaticFiles::Kept>> StaticFiles::kept(const Found& found) const {
  if (found.size > options_.kept_file_bytes) return nullptr;
  {
    MutexLock lock(mutex_);
    const auto at = files_.find(found.path);
    if (at != files_.end() && at->second->size == found.size &&
        at->second->modified_ns == found.modified_ns)
      return at->second;
  }
  auto file = std::make_shared<Kept>();
  file->content = WM_TRY(read_file(found.path, options_.kept_file_bytes));
  file->size = found.size;
  file->modified_ns = found.modified_ns;
  file->digest = sha256_hex(file->content).substr(0, 32);
  if (file->content.size() >= kCompressAtLeast && is_compressible(mime_type(found.path.native()))) {
    file->gzip = http::gzip(file->content, kGzipLevel);
    if (file->gzip.size() >= file->content.size()) file->gzip.clear();
  }
  MutexLock lock(mutex_);
  auto& slot = files_[found.path];
  if (slot) kept_bytes_ -= slot->content.size() + slot->gzip.size();
  kept_bytes_ += file->content.size() + file->gzip.size();
  slot = file;
  if (kept_bytes_ > options_.kept_bytes) {
    files_.clear();
    kept_bytes_ = 0;
  }
  return file;
}

Response StaticFiles::serve_kept(const Request& request, const Kept& file, Response base) const {
  // Ranges are of the plain bytes, as everybody means them.
  const bool packed =
      !file.gzip.empty() && !request.head.headers.has("Range") && accepts_gzip(request);
  if (!file.gzip.empty()) add_vary(base, "Accept-Encoding");
  const Validators validators{.etag = ETag{.opaque = file.digest + (packed ? "-gz" : "")},
                              .modified = {}};
  if (auto answer = precondition_answer(request, validators)) {
    for (const http::Header& field : base.headers) {
      if (!iequals(field.name, "Content-Type")) answer->headers.set(field.name, field.value);
    }
    return std::move(*answer);
  }
  if (request.head.headers.has("Range")) {
    return ranged_response(
        request, std::move(base), file.content.size(), validators,
        [&file](std::uint64_t first, std::uint64_t length) -> Result<std::unique_ptr<Source>> {
          return std::make_unique<StringSource>(file.content.substr(first, length));
        });
  }
  add_validators(base, validators);
  base.headers.set("Accept-Ranges", "bytes");
  if (packed) base.headers.set("Content-Encoding", "gzip");
  base.body = packed ? file.gzip : file.content;
  return base;
}

Response StaticFiles::serve_from_disk(const Request& request, const Found& found,
                                      Response base) const {
  const auto seconds = SysSeconds(std::chrono::seconds(found.modified_ns / 1'000'000'000));
  const Validators validators{
      .etag = ETag{.opaque = std::to_string(found.modified_ns) + "-" + std::to_string(found.size)},
      .modified = seconds};
  return ranged_response(
      request, std::move(base), found.size, validators,
      [&found](std::uint64_t first, std::uint64_t length) -> Result<std::unique_ptr<Source>> {
        auto file = WM_TRY(ReadFile::open(found.path));
        return file_source(std::move(file), first, length);
      });
}

Response StaticFiles::serve(const Request& request, std::string_view raw_path) const {
  const auto found = find(raw_path);
  if (!found) return error_response(found.error());
  Response base{.headers = {{"Content-Type", std::string(mime_type(found->path.native()))},
                            {"Cache-Control", options_.cache_control},
                            {"X-Content-Type-Options", "nosniff"}}};
  const auto file = kept(*found);
  if (!file) {
    log::error("static file: {}", file.error().what);
    return error_response(file.error());
  }
  return *file ? serve_kept(request, **file, std::move(base))
               : serve_from_disk(request, *found, std::move(base));
}

}  // namespace wm::server
