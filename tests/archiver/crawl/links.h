#pragma once

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "archiver/crawl/link_extractor.h"
#include "tests/support/test_support.h"

namespace wm::test {

/// The URLs of those links that are requisites, in order.
inline std::vector<std::string> requisites_of(const crawl::Extracted& extracted) {
  std::vector<std::string> urls;
  for (const auto& link : extracted.links) {
    if (crawl::is_requisite(link.role)) urls.push_back(link.url);
  }
  return urls;
}

}  // namespace wm::test
