#pragma once

#include <memory>
#include <string>

#include "core/base/digest.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/store/store.h"
#include "tests/support/test_support.h"

namespace wm::cdx {

inline std::ostream& operator<<(std::ostream& out, const Capture& capture) {
  return out << to_cdxj(capture) << " in " << capture.collection;
}

}  // namespace wm::cdx

namespace wm::test {

inline Time14 at_time(std::string_view digits) {
  return Time14::parse_padded(digits, Time14::Pad::kEarliest).value();
}

inline cdx::Capture capture_of(std::string surt, std::string_view time,
                               std::string file = "web/a.warc.gz", std::uint64_t offset = 0) {
  return {.collection = "web",
          .surt = std::move(surt),
          .time = at_time(time),
          .url = "http://example.com/",
          .mime = "text/html",
          .status = 200,
          .digest = sha1_digest("payload"),
          .redirect = {},
          .file = std::move(file),
          .offset = offset,
          .length = 100,
          .method = {},
          .refers_to_uri = {},
          .refers_to_time = {}};
}

/// A store in a temporary folder with an index over it.
struct IndexInTemp {
  TempDir dir = temp_dir();
  std::unique_ptr<store::Store> store = store::Store::open(dir.path()).value();
  cdx::CdxIndex index{*store};

  void add(const std::vector<cdx::Capture>& captures) {
    store::Batch batch;
    for (const auto& capture : captures) {
      if (!index.add(batch, capture)) std::abort();
    }
    if (!store->write(std::move(batch), store::Store::Sync::kNo)) std::abort();
  }
  void remove(const cdx::Capture& capture) {
    store::Batch batch;
    if (!index.remove(batch, capture)) std::abort();
    if (!store->write(std::move(batch))) std::abort();
  }
};

}  // namespace wm::test
