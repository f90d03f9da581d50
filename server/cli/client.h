#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "server/app/settings.h"

namespace wm::cli {

struct Reply {
  int status = 0;
  std::string body;
};

/// The REST API as the commands use it: over loopback where a server runs on the data folder, else by opening the folder in this process.
/// So every command has one code path. One thread.
class Client {
 public:
  /// kBusy when a process holds the folder and does not answer.
  static Result<std::unique_ptr<Client>> connect(const std::filesystem::path& data, const app::Settings& settings);
  /// The same for a command that only reads: kNotFound where there is no folder, and none is made.
  static Result<std::unique_ptr<Client>> connect_existing(const std::filesystem::path& data, const app::Settings& settings);
  virtual ~Client() = default;
  /// kIo, kTimeout for the way there; an error status is a Reply.
  virtual Result<Reply> call(std::string_view method, const std::string& target, std::string body = {}) = 0;
  using Sink = std::function<Result<>(std::string_view)>;
  /// A call whose answer's body goes to `sink` piece by piece, however large. That of an error status is in the Reply instead. kCorrupt when the body
  /// breaks off; what the sink fails with ends it.
  virtual Result<Reply> download(std::string_view method, const std::string& target, std::string body, const Sink& sink) = 0;
  virtual bool is_remote() const = 0;
};

}  // namespace wm::cli
