#include "archiver/fetch/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace wm::fetch {

struct Spool::File {
  explicit File(int descriptor) : fd(descriptor) {}
  ~File() { ::close(fd); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const int fd;
};

namespace {

Error io_error(const char* action) {
  return Error{Error::Code::kIo,
               std::string(action) + " a temporary file: " + std::strerror(errno)};
}

int open_nameless() {
  std::error_code error;
  auto folder = std::filesystem::temp_directory_path(error);
  if (error) folder = "/tmp";
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  // Some file systems know no O_TMPFILE.
  std::string name = (folder / "waymark-spool-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

Result<> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(io_error("cannot write"));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::size_t> read_file_at(int fd, std::uint64_t offset, std::span<char> into) {
  ssize_t count = -1;
  do {
    count = ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset));
  } while (count < 0 && errno == EINTR);
  if (count < 0) return std::unexpected(io_error("cannot read"));
  return static_cast<std::size_t>(count);
}

template <class File>
class FileReader final : public Source {
 public:
  explicit FileReader(std::shared_ptr<File> file) : file_(std::move(file)) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = WM_TRY(read_file_at(file_->fd, at_, into));
    at_ += count;
    return count;
  }

 private:
  std::shared_ptr<File> file_;
  std::uint64_t at_ = 0;
};

}  // namespace

Result<> Spool::append(std::string_view bytes) {
  if (!file_ && memory_.size() + bytes.size() > memory_bytes_) {
    const int fd = open_nameless();
    if (fd < 0) return std::unexpected(io_error("cannot make"));
    auto file = std::make_shared<File>(fd);
    WM_TRY(write_all(fd, memory_));
    file_ = std::move(file);
    memory_ = {};
  }
  if (file_) {
    WM_TRY(write_all(file_->fd, bytes));
  } else {
    memory_ += bytes;
  }
  size_ += bytes.size();
  return {};
}

std::shared_ptr<const Spool> Spool::holding(std::string bytes) {
  auto spool = std::make_shared<Spool>(bytes.size());
  spool->size_ = bytes.size();
  spool->memory_ = std::move(bytes);
  return spool;
}

Result<std::size_t> Spool::read_at(std::uint64_t offset, std::span<char> into) const {
  if (offset >= size_) return 0;
  if (file_) return read_file_at(file_->fd, offset, into);
  return memory_.copy(into.data(), into.size(), static_cast<std::size_t>(offset));
}

std::unique_ptr<Source> Spool::source() const {
  if (file_) return std::make_unique<FileReader<File>>(file_);
  return std::make_unique<ViewSource>(memory_);
}

}  // namespace wm::fetch
