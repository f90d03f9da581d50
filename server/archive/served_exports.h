#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/source.h"
#include "core/base/time14.h"

namespace wm::archive {

/// Exports that lie finished in data/exports, to be read in parts by players of web archives on any site (ReplayWeb.page reads a WACZ by
/// ranges and has no log-in here). Each is in a folder of its own whose name nobody can guess: who has the address may read it, until it is
/// removed or too old. From many threads.
class ServedExports {
 public:
  ServedExports(std::filesystem::path folder, std::chrono::seconds keep) : folder_(std::move(folder)), keep_(keep) {}

  struct One {
    std::string id;    ///< 32 hex digits
    std::string name;  ///< "birds.wacz"
    std::uint64_t bytes = 0;
    SysSeconds made;
  };
  /// Writes the whole of `source`, then names it: what is there is whole. kBusy when told to stop. Removes what is too old first.
  Result<One> keep(Source& source, const std::string& name, const std::stop_token& stop, const std::function<void(std::uint64_t)>& written);
  /// Newest first.
  std::vector<One> list() const;
  /// kNotFound.
  Result<> remove(std::string_view id);

  const std::filesystem::path& folder() const { return folder_; }

 private:
  void remove_old();

  const std::filesystem::path folder_;
  const std::chrono::seconds keep_;
};

}  // namespace wm::archive
