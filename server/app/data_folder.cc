#include "server/app/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "core/base/file.h"
#include "core/base/random.h"

namespace wm::app {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::size_t kKeyBytes = 32;

std::unexpected<Error> os_error(const std::string& doing, const fs::path& path) {
  return fail(Error::Code::kIo, "cannot " + doing + " " + path.string() + ": " + std::system_category().message(errno));
}

}  // namespace

Result<DataFolder> DataFolder::open(const fs::path& given) {
  std::error_code error;
  const fs::path path = fs::absolute(given, error);
  if (!error && fs::create_directories(path, error)) fs::permissions(path, fs::perms::owner_all, error);  // private by default
  for (const char* part : {"warcs", "log", "keys"}) {
    if (!error) fs::create_directories(path / part, error);
  }
  if (error) return fail(Error::Code::kIo, "cannot make the data folder " + path.string() + ": " + error.message());
  fs::permissions(path / "keys", fs::perms::owner_all, error);

  const fs::path lock = path / "waymark.lock";
  const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return os_error("open", lock);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return fail(Error::Code::kBusy, "the data folder " + path.string() + " is in use by another waymark");
  }
  const fs::path running = path / "running";
  const bool unclean = fs::exists(running, error);
  DataFolder folder(path, fd, unclean);
  WM_TRY(replace_file(running, "left behind by a waymark that did not end in order\n"));
  return folder;
}

DataFolder::~DataFolder() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_fd_(std::exchange(other.lock_fd_, -1)), unclean_(other.unclean_) {}

Result<std::string> DataFolder::key(const std::string& name) const {
  const fs::path file = path_ / "keys" / name;
  auto key = read_file(file, kKeyBytes);
  if (key && key->size() == kKeyBytes) return key;
  if (!key && key.error().code != Error::Code::kNotFound) return key;
  const std::string fresh = random_bytes(kKeyBytes);
  WM_TRY(replace_private_file(file, fresh));
  return fresh;
}

void DataFolder::mark_clean() const {
  std::error_code ignored;
  fs::remove(path_ / "running", ignored);
}

Result<> DataFolder::announce(const ServerAddress& address) const {
  return replace_private_file(path_ / "server.json", json{{"host", address.host}, {"port", address.port}, {"token", address.token}}.dump());
}

void DataFolder::withdraw() const {
  std::error_code ignored;
  fs::remove(path_ / "server.json", ignored);
}

std::optional<ServerAddress> DataFolder::running_server(const fs::path& path) {
  const auto content = read_file(path / "server.json", 1 << 16);
  if (!content) return std::nullopt;
  const json j = json::parse(*content, nullptr, false);
  if (!j.is_object() || !j.contains("port") || !j["port"].is_number_unsigned()) return std::nullopt;
  return ServerAddress{.host = j.value("host", ""), .port = j["port"].get<std::uint16_t>(), .token = j.value("token", "")};
}

}  // namespace wm::app
