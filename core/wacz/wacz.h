#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/base/time14.h"
#include "core/wacz/signature.h"
#include "core/wacz/zip.h"

namespace wm::wacz {

struct WaczLimits {
  ZipLimits zip;
  std::size_t package_bytes = 64 << 20;       ///< datapackage.json
  std::uint64_t pages_bytes = 4ull << 30;     ///< of one page list
  std::size_t page_line_bytes = 16 << 20;     ///< longer lines are left out
  std::uint64_t pages = 1'000'000;
  std::uint64_t decoded_bytes = 1ull << 40;   ///< of all members together
  unsigned nested = 1000;                     ///< WACZ files inside
  unsigned depth = 2;                         ///< of WACZ inside WACZ
};

/// Something in a WACZ that is not as it should be, and was got over.
struct Complaint {
  std::string member;  ///< its path in the WACZ; "" for the whole
  std::string reason;
};

/// A WARC (or ARC) file in a WACZ.
struct Member {
  std::string path;  ///< "archive/data.warc.gz"; of a WACZ inside, "one.wacz/archive/data.warc.gz"
  std::string name;  ///< "data.warc.gz": no folder, no control characters, unique among members, can be a file's name as it is
  std::uint64_t size = 0;                ///< bytes, as announced
  std::optional<std::uint64_t> offset;   ///< where it lies in the file as it is, if it is stored without compression
  std::size_t part = 0, entry = 0;       ///< for WaczReader
};

/// A line of a page list.
struct Page {
  std::string url;
  std::optional<SysMicros> time;
  std::string title;
  std::string text;
};

/// What datapackage.json says of the whole.
struct Package {
  std::string title;
  std::string description;
  std::string software;
  std::string version;  ///< wacz_version, "" in drafts of 1.2
};

/// Reads a WACZ (1.0 to the draft of 1.2), also one that holds further WACZ files. Trusts neither names nor sizes nor hashes nor indexes:
/// unsafe paths are left out, a wrong hash is a complaint and no reason to lose an archive, indexes are looked at only to complain.
/// Memory is bounded by the limits. One thread. Source: WACZ 1.1.1; multi-wacz 0.1.0.
class WaczReader {
 public:
  /// kInvalid for a zip that is no WACZ (no datapackage.json, or no WARC); kCorrupt, kTooLarge as ZipReader.
  static Result<WaczReader> open(std::shared_ptr<const ReadFile> file, WaczLimits limits = {});
  ~WaczReader();
  WaczReader(WaczReader&&) noexcept;
  WaczReader& operator=(WaczReader&&) noexcept;

  const std::vector<Member>& members() const;
  const Package& package() const;
  /// Of the whole; that of a WACZ inside is a complaint if it is invalid.
  const Signature& signature() const;

  /// What was got out of a member.
  struct Extracted {
    std::uint64_t bytes = 0;
    std::string sha256;  ///< hex
  };
  /// Gives the member to `sink` piece by piece; what the sink fails with ends it. A member that is damaged in the zip is given as far as it
  /// can be had, with a complaint. kTooLarge at a limit.
  Result<Extracted> extract(const Member& member, const std::function<Result<>(std::string_view)>& sink);

  /// Every page of pages.jsonl, extraPages.jsonl and other lists, each URL and time once. `take` returns false to end it.
  Result<> for_each_page(const std::function<bool(const Page&)>& take);

  /// Complains of index lines out of order or naming places where no record begins, and of wrong hashes of page lists. Nothing depends on it.
  Result<> check_lists();

  /// Since the last call.
  std::vector<Complaint> take_complaints();

 private:
  struct State;
  explicit WaczReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Can a path of a zip be used below a folder? Not absolute, no "..", no backslash, drive letter or control character.
bool is_safe_path(std::string_view path) noexcept;

}  // namespace wm::wacz
