#include "core/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "core/base/random.h"
#include "core/base/ascii.h"

namespace wm {

namespace fs = std::filesystem;

namespace {

/// What the system said about `doing` something with `path`, as our Error.
std::unexpected<Error> os_error(std::string_view doing, const fs::path& path, int number) {
  Error::Code code = Error::Code::kIo;
  if (number == ENOENT || number == ENOTDIR) code = Error::Code::kNotFound;
  if (number == EACCES || number == EPERM) code = Error::Code::kDenied;
  if (number == EEXIST) code = Error::Code::kConflict;
  return fail(code, "cannot " + std::string(doing) + " " + path.string() + ": " + std::system_category().message(number));
}

class DiskFile final : public WritableFile {
 public:
  DiskFile(int fd, fs::path path) : fd_(fd), path_(std::move(path)) {}
  ~DiskFile() override {
    if (fd_ >= 0) ::close(fd_);
  }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  Result<> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t wrote = ::write(fd_, bytes.data(), bytes.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return os_error("write", path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return {};
  }

  Result<> sync() override {
    if (::fdatasync(fd_) != 0) return os_error("sync", path_, errno);
    return {};
  }

  Result<> close() override {
    const int fd = std::exchange(fd_, -1);
    if (fd >= 0 && ::close(fd) != 0) return os_error("close", path_, errno);
    return {};
  }

 private:
  int fd_;
  fs::path path_;
};

class FileSource final : public Source {
 public:
  FileSource(std::shared_ptr<const ReadFile> file, std::uint64_t offset, std::uint64_t length)
      : file_(std::move(file)), at_(offset), left_(length) {}

  Result<std::size_t> read(std::span<char> into) override {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
    if (most == 0) return std::size_t{0};
    const std::size_t got = WM_TRY(file_->read_at(at_, into.first(most)));
    at_ += got;
    left_ -= got;
    return got;
  }

 private:
  std::shared_ptr<const ReadFile> file_;
  std::uint64_t at_;
  std::uint64_t left_;
};

}  // namespace

Result<std::shared_ptr<const ReadFile>> ReadFile::open(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return os_error("open", path, errno);
  std::shared_ptr<const ReadFile> file(new ReadFile(fd, path));
  struct stat status {};
  if (::fstat(fd, &status) != 0) return os_error("stat", path, errno);
  if (!S_ISREG(status.st_mode)) return fail(Error::Code::kInvalid, path.string() + " is not a regular file");
  return file;
}

ReadFile::~ReadFile() { ::close(fd_); }

Result<std::size_t> ReadFile::read_at(std::uint64_t offset, std::span<char> into) const {
  for (;;) {
    const ssize_t got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return os_error("read", path_, errno);
  }
}

Result<std::uint64_t> ReadFile::size() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return os_error("stat", path_, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

std::unique_ptr<Source> file_source(std::shared_ptr<const ReadFile> file, std::uint64_t offset, std::uint64_t length) {
  return std::make_unique<FileSource>(std::move(file), offset, length);
}

namespace {

Result<std::unique_ptr<WritableFile>> create_with_mode(const fs::path& path, mode_t mode) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) return os_error("make folder", path.parent_path(), error.value());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return os_error("create", path, errno);
  return std::make_unique<DiskFile>(fd, path);
}

Result<> replace_with_mode(const fs::path& path, std::string_view content, mode_t mode) {
  fs::path beside = path;
  beside += "." + hex_encode(random_bytes(6)) + ".tmp";
  auto file = WM_TRY(create_with_mode(beside, mode));
  const auto wrote = [&]() -> Result<> {
    WM_TRY(file->append(content));
    WM_TRY(file->sync());
    WM_TRY(file->close());
    return rename_durably(beside, path);
  }();
  if (!wrote) ::unlink(beside.c_str());
  return wrote;
}

}  // namespace

Result<std::unique_ptr<WritableFile>> create_file(const fs::path& path) { return create_with_mode(path, 0644); }

Result<std::unique_ptr<WritableFile>> append_to_file(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) return os_error("open", path, errno);
  return std::make_unique<DiskFile>(fd, path);
}

Result<> sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return os_error("open folder", folder, errno);
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (failed != 0) return os_error("sync folder", folder, failed);
  return {};
}

Result<> rename_durably(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return os_error("rename to " + to.string() + " the file", from, errno);
  return sync_folder(to.parent_path());
}

Result<> replace_file(const fs::path& path, std::string_view content) { return replace_with_mode(path, content, 0644); }

Result<> replace_private_file(const fs::path& path, std::string_view content) { return replace_with_mode(path, content, 0600); }

Result<std::string> read_file(const fs::path& path, std::size_t limit_bytes) {
  auto source = file_source(WM_TRY(ReadFile::open(path)));
  auto content = read_all(*source, limit_bytes);
  if (!content) return fail(content.error().code, path.string() + ": " + content.error().what);
  return content;
}

Result<TempDir> TempDir::create(std::string_view prefix) {
  std::error_code error;
  const fs::path root = fs::temp_directory_path(error);
  if (error) return os_error("find the temporary folder", root, error.value());
  std::string pattern = (root / (std::string(prefix) + "XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) return os_error("make a folder in", root, errno);
  return TempDir(fs::path(pattern));
}

TempDir::~TempDir() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}

}  // namespace wm
