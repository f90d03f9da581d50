#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "indexer/store/store.h"

namespace wm::imports {

/// A file name that cannot leave its folder, hide in it or be taken for an unfinished one.
std::string safe_name(const std::filesystem::path& path);

/// "<collection>/<folder>/<first 12 digits>-<name>": where a file with this SHA-256 is kept, below data/warcs.
std::string place_of(std::string_view collection, std::string_view folder, std::string_view sha256, std::string_view name);

/// Lets one at a time work on what has the same name.
class Claims {
 public:
  class Claim {
   public:
    Claim(Claims& claims, std::string name) : claims_(claims), name_(std::move(name)) {}
    ~Claim() { claims_.release(name_); }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;

   private:
    Claims& claims_;
    const std::string name_;
  };
  /// Waits for its turn; kBusy when told to stop meanwhile. Who holds a claim asks for no other.
  Result<std::unique_ptr<Claim>> claim(const std::string& name, const std::stop_token& stop);

 private:
  void release(const std::string& name);
  Mutex mutex_;
  CondVar freed_;
  std::set<std::string, std::less<>> taken_ WM_GUARDED_BY(mutex_);
};

/// Takes files into data/warcs, each content once a collection: what has been imported is remembered by SHA-256 in the meta family
/// (docs/formats/store.md). From any thread.
class Intake {
 public:
  Intake(store::Store& store, std::filesystem::path warcs) : store_(store), warcs_(std::move(warcs)) {}

  struct Held {
    std::string relative;  ///< below data/warcs
    bool known = false;    ///< it was there
  };
  using Told = std::function<void(std::uint64_t done, std::uint64_t of)>;

  /// Copies a file, durably, unless its content is held; kBusy when told to stop.
  Result<Held> copy(const std::filesystem::path& file, const std::string& collection, const std::stop_token& stop, const Told& told);
  /// Leaves the file where it is: a symbolic link stands for it.
  Result<Held> link(const std::filesystem::path& file, const std::string& collection, const std::stop_token& stop, const Told& told);
  /// Gives a finished temporary file below data/warcs its name, unless its content is held: then it is removed.
  Result<Held> keep(const std::filesystem::path& open, const std::string& relative, const std::string& collection, const std::string& sha256, const std::stop_token& stop);

  /// Reads it all; kBusy when told to stop.
  static Result<std::string> sha256_of(const std::filesystem::path& file, const std::stop_token& stop, const Told& told);
  /// Where the content of this SHA-256 is, if it is still there.
  Result<std::optional<std::string>> find(const std::string& collection, const std::string& sha256) const;
  Result<> remember(const std::string& collection, const std::string& sha256, const std::string& relative);

  const std::filesystem::path& warcs() const { return warcs_; }
  Claims& claims() { return claims_; }

 private:
  store::Store& store_;
  const std::filesystem::path warcs_;
  Claims claims_;
};

}  // namespace wm::imports
