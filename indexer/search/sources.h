#pragma once

#include <xapian.h>

#include <cstdint>
#include <string>
#include <unordered_map>

#include "core/base/time14.h"

namespace wm::search {

/// Weight for new documents: half of it is gone after a year.
class FreshnessSource final : public Xapian::ValuePostingSource {
 public:
  explicit FreshnessSource(Time14 now);
  double get_weight() const override;
  FreshnessSource* clone() const override { return new FreshnessSource(now_); }
  void init(const Xapian::Database& database) override;

 private:
  Time14 now_;
};

/// Documents of links (or pages) with so many versions.
class VersionsSource final : public Xapian::ValuePostingSource {
 public:
  VersionsSource(std::uint64_t least, std::uint64_t most);
  void next(double least_weight) override;
  void skip_to(Xapian::docid to, double least_weight) override;
  bool check(Xapian::docid to, double least_weight) override;
  VersionsSource* clone() const override { return new VersionsSource(least_, most_); }
  void init(const Xapian::Database& database) override;

 private:
  void settle(double least_weight);
  std::uint64_t versions(const std::string& group);

  std::uint64_t least_;
  std::uint64_t most_;
  Xapian::Database database_;
  std::unordered_map<std::string, std::uint64_t> known_;
};

}  // namespace wm::search
