#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time14.h"
#include "server/archive/signer.h"

namespace wm::archive {

/// A file of a WACZ, as datapackage.json lists it.
struct PackagedFile {
  std::string path;
  std::string sha256;  ///< hex
  std::uint64_t bytes = 0;
};

struct ListedPage {
  std::string url;
  std::string ts;  ///< WARC-Date of its record
  std::string title;
  std::string text;
  std::vector<std::string> tags;
};

/// The first line of pages.jsonl, and one of a page; with their line ends.
std::string pages_head();
std::string page_line(const ListedPage& page);

struct PackageFacts {
  std::string title;
  SysSeconds created;
  std::vector<PackagedFile> files;
  std::optional<ListedPage> main_page;
};
/// datapackage.json of WACZ 1.1.1. Its profile is "data-package": readers in use take no other.
std::string package_json(const PackageFacts& facts);

/// datapackage-digest.json; with the signature of "sha256:<hex of package>" where there is one.
std::string digest_json(std::string_view package, SysSeconds created, const std::optional<Signature>& signature);
std::string package_hash(std::string_view package);

}  // namespace wm::archive
