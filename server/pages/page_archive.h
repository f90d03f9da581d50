#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/cdx/overview.h"
#include "replay/access/control.h"
#include "replay/memento/lookup.h"
#include "replay/resolve/resolver.h"

namespace wm::pages {

/// What of a page is missing in the archive, as its page info record tells.
struct Missing {
  struct Resource {
    std::string url;
    std::string reason;  ///< "404", or the words of the archiver
  };
  std::uint64_t count = 0;
  std::vector<Resource> resources;  ///< the first thousand
};

/// Records made of a page beside its own, by the addresses they are replayed at
/// ("/web/20200102030405id_/urn:view:http://a/").
struct Held {
  std::optional<std::string> screenshot;  ///< of the first screen, else of the whole page
  std::optional<std::string> thumbnail;
};

struct Text {
  std::string title;
  std::string text;
  std::string language;
  bool as_shown = false;  ///< what a browser showed (urn:text:), not what we read from the HTML
};

/// A capture among those of its URL.
struct Place {
  memento::Neighbours neighbours;
  cdx::Count before;
  cdx::Count all;
};

/// What the archive holds about one page at one time. const methods from any thread; everything it
/// refers to outlives it.
class PageArchive {
 public:
  struct Limits {
    std::uint64_t decoded_bytes = 64ull << 20;
    std::uint64_t text_bytes = 8ull << 20;
    std::uint64_t info_bytes = 8ull << 20;
  };
  PageArchive(const cdx::CdxIndex& index, const access::Control& access,
              std::filesystem::path warcs_root, Limits limits)
      : index_(index),
        access_(access),
        overview_(index.overview()),
        warcs_root_(std::move(warcs_root)),
        resolver_(index, warcs_root_),
        limits_(limits) {}

  /// The capture that replay would begin with; nullopt where there is none.
  Result<std::optional<cdx::Capture>> shown(std::string_view collection, std::string_view url,
                                            Time14 time) const;
  Result<Place> place_of(const cdx::Capture& capture) const;
  Result<Held> held_of(const cdx::Capture& capture) const;
  /// nullopt where no page info record was kept, or none that can be read.
  Result<std::optional<Missing>> missing_of(const cdx::Capture& capture) const;
  /// Empty for what has no text; kNotFound, kCorrupt … when the record cannot be read.
  Result<Text> text_of(const cdx::Capture& capture) const;
  /// The same, never what a browser showed.
  Result<Text> derived_text_of(const cdx::Capture& capture) const;

  const cdx::CdxIndex& index() const { return index_; }
  const cdx::Overview& overview() const { return overview_; }

 private:
  Result<std::optional<cdx::Capture>> beside(const cdx::Capture& page, std::string_view urn) const;

  const cdx::CdxIndex& index_;
  const access::Control& access_;  ///< what it hides is not there
  const cdx::Overview overview_;
  const std::filesystem::path warcs_root_;
  const resolve::Resolver resolver_;
  const Limits limits_;
};

/// Reads a page info record (docs/formats/pageinfo.md, and browsertrix-crawler's); nullopt for what
/// is none.
std::optional<Missing> read_page_info(std::string_view json);

}  // namespace wm::pages
