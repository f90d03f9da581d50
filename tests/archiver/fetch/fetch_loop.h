#pragma once

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>

#include "archiver/fetch/fetcher.h"
#include "tests/support/nginx.h"
#include "tests/support/test_site.h"
#include "tests/support/test_support.h"

namespace wm::test {

/// A Fetcher and the loop around it, for one exchange at a time.
class FetchLoop {
 public:
  explicit FetchLoop(const fetch::Settings& settings)
      : fetcher_(fetch::Fetcher::create(settings, fetch::TrustStore::load(settings.ca_file).value())
                     .value()) {}

  fetch::Fetcher& fetcher() { return *fetcher_; }

  Result<fetch::Exchange> get(const std::string& url) {
    const std::uint64_t id = WM_TRY(fetcher_->start({.url = url}));
    return wait(id);
  }

  Result<fetch::Exchange> wait(std::uint64_t id) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!finished_.contains(id) && std::chrono::steady_clock::now() < until) {
      for (auto& one : fetcher_->run(std::chrono::milliseconds(100)))
        finished_.emplace(one.id, std::move(one.outcome));
    }
    auto node = finished_.extract(id);
    BOOST_REQUIRE_MESSAGE(!node.empty(), "the exchange did not end");
    return std::move(node.mapped());
  }

 private:
  std::unique_ptr<fetch::Fetcher> fetcher_;
  std::map<std::uint64_t, Result<fetch::Exchange>> finished_;
};

}  // namespace wm::test
