#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "indexer/pipeline/index_warc.h"
#include "indexer/pipeline/record_capture.h"

namespace wm::pipeline {

/// Which captures of a file are pages to be searched. With a seed, the one that the file's page
/// info record names, or else the one the seed's redirects lead to; frames and requisites are not.
/// Without, every page of a kind that is read: HTML, plain text, PDF with status 200.
class PageFinder {
 public:
  explicit PageFinder(const std::string& seed_url);
  /// True if this capture is a page by itself.
  bool add(const RecordCapture& found);
  /// At the end of the file: the seed's page.
  std::optional<cdx::Capture> seed_page() const;

 private:
  std::string seed_;
  std::string named_;  // by the page info record; scripts lead on where no redirect does
  std::unordered_map<std::string, cdx::Capture>
      by_url_;  // of a file with a seed: the first GET of each URL
};

}  // namespace wm::pipeline
