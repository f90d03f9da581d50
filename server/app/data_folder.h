#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace wm::app {

/// Where a running server can be reached by the commands of the same user: data/server.json, readable by its owner only.
struct ServerAddress {
  std::string host;
  std::uint16_t port = 0;
  std::string token;  ///< admin, new at each start
};

/// One data folder, held by one process at a time; docs/formats/data-folder.md.
class DataFolder {
 public:
  /// Makes what is missing. kBusy when another process holds it: then running_server() may tell where to ask.
  static Result<DataFolder> open(const std::filesystem::path& path);
  ~DataFolder();
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path warcs() const { return path_ / "warcs"; }
  std::filesystem::path database() const { return path_ / "db"; }
  std::filesystem::path search() const { return path_ / "search"; }
  std::filesystem::path log_file() const { return path_ / "log" / "waymark.log"; }

  std::filesystem::path key_file(const std::string& name) const { return path_ / "keys" / name; }
  /// 32 random bytes of that name, made at first use and kept.
  Result<std::string> key(const std::string& name) const;

  /// Did the process before this one end without saying so?
  bool was_left_unclean() const { return unclean_; }
  /// To be called last in an orderly end.
  void mark_clean() const;

  Result<> announce(const ServerAddress& address) const;
  void withdraw() const;
  static std::optional<ServerAddress> running_server(const std::filesystem::path& path);

 private:
  DataFolder(std::filesystem::path path, int lock_fd, bool unclean) : path_(std::move(path)), lock_fd_(lock_fd), unclean_(unclean) {}
  std::filesystem::path path_;
  int lock_fd_;
  bool unclean_;
};

}  // namespace wm::app
