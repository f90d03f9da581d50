#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/wacz/wacz.h"

namespace wm::wacz {

struct PackageFile {
  Package package;
  std::map<std::string, std::string, std::less<>> hashes;  ///< path → "sha256:<hex>" as written
  std::vector<std::string> remote;                         ///< resources that are elsewhere on the web
  std::string created;
};

/// kCorrupt if it is no JSON object.
Result<PackageFile> parse_package(std::string_view json);

/// What datapackage-digest.json says that does not fit the package; "" if all does.
std::string digest_complaint(std::string_view digest_json, std::string_view package_json, const std::string& created);

/// nullopt for a line that is no page: the list's own head, one without a URL, no JSON.
std::optional<Page> parse_page(std::string_view line);

struct IndexLine {
  std::string file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
/// The place a line of CDXJ names; nullopt if it is none.
std::optional<IndexLine> parse_index_line(std::string_view line);

}  // namespace wm::wacz
