#include "indexer/search/sources.h"

#include <cmath>

#include "indexer/search/schema.h"
#include "indexer/store/coding.h"

namespace wm::search {
namespace {

// BM25 gives a word that few pages have 5 to 10: enough to order equals, too little to beat a
// better match.
constexpr double kFreshWeight = 0.6;
constexpr double kHalfLifeDays = 365;

}  // namespace

FreshnessSource::FreshnessSource(Time14 now) : ValuePostingSource(slot::kNewest), now_(now) {}

void FreshnessSource::init(const Xapian::Database& database) {
  ValuePostingSource::init(database);
  set_maxweight(kFreshWeight);
}

double FreshnessSource::get_weight() const {
  std::string digits = std::to_string(store::big_endian(get_value()));
  if (digits.size() < 14) digits.insert(0, 14 - digits.size(), '0');
  const auto time = Time14::parse(digits);
  if (!time) return 0;
  const double days = static_cast<double>((now_.time() - time->time()).count()) / 86400;
  return days <= 0 ? kFreshWeight : kFreshWeight * std::exp2(-days / kHalfLifeDays);
}

VersionsSource::VersionsSource(std::uint64_t least, std::uint64_t most)
    : ValuePostingSource(slot::kGroup), least_(least), most_(most) {}

void VersionsSource::init(const Xapian::Database& database) {
  ValuePostingSource::init(database);
  database_ = database;
  known_.clear();
  set_maxweight(0);
}

std::uint64_t VersionsSource::versions(const std::string& group) {
  if (const auto it = known_.find(group); it != known_.end()) return it->second;
  std::uint64_t count = 0;
  const std::string term = std::string(prefix::kGroup) + group;
  for (auto it = database_.postlist_begin(term); it != database_.postlist_end(term); ++it) {
    count += store::big_endian(
        database_.get_document(*it, Xapian::DOC_ASSUME_VALID).get_value(slot::kVersions));
  }
  known_.emplace(group, count);
  return count;
}

void VersionsSource::settle(double least_weight) {
  while (!at_end()) {
    const std::uint64_t count = versions(get_value());
    if (count >= least_ && count <= most_) return;
    ValuePostingSource::next(least_weight);
  }
}

void VersionsSource::next(double least_weight) {
  ValuePostingSource::next(least_weight);
  settle(least_weight);
}

void VersionsSource::skip_to(Xapian::docid to, double least_weight) {
  ValuePostingSource::skip_to(to, least_weight);
  settle(least_weight);
}

bool VersionsSource::check(Xapian::docid to, double least_weight) {
  skip_to(to, least_weight);
  return true;
}

}  // namespace wm::search
