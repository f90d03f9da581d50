#include "replay/cdxserver/rows.h"

#include <algorithm>
#include <utility>

#include "core/http/media_type.h"
#include "core/url/url.h"
#include "replay/memento/lookup.h"

namespace wm::cdxserver {
namespace {

/// Digests told apart of one key; with more the count starts anew.
constexpr std::size_t kDigests = 1 << 16;
/// Captures of one key read through before the rest of them is jumped over.
constexpr std::size_t kPatience = 16;

std::unexpected<Error> too_much(std::uint64_t limit) {
  return fail(Error::Code::kTooLarge,
              "more than " + std::to_string(limit) +
                  " captures would have to be looked at; ask for a narrower url, from and to, or "
                  "page by page");
}

std::string collapse_value(const Row& row, const Collapse& collapse, Dialect dialect) {
  std::string buffer;
  std::string value(text_of(row, collapse.field, dialect, buffer).substr(0, collapse.length));
  if (collapse.and_status) (value += ' ') += text_of(row, Field::kStatus, dialect, buffer);
  return value;
}

}  // namespace

Result<url::SurtRange> keys_of(const cdx::CdxIndex& index, const Query& query) {
  if (!query.urlkey.empty()) {
    if (query.match == url::MatchType::kPrefix)
      return url::SurtRange{query.urlkey, query.urlkey + '\xff'};
    return url::SurtRange{query.urlkey, query.urlkey + '!'};
  }
  if (query.match != url::MatchType::kExact) return url::surt_range(query.url, query.match);
  const auto variants = url::surt_variants(query.url);
  for (const std::string& key : variants) {
    if (WM_TRY(index.first(query.collection, key))) return url::SurtRange{key, key + '!'};
  }
  return url::SurtRange{variants.front(), variants.front() + '!'};
}

cdx::RangeQuery Rows::range(cdx::RangeQuery::Order order) const {
  return {.collection = query_.collection,
          .keys = {},
          .from = query_.from,
          .to = query_.to,
          .order = order};
}

Result<Rows> Rows::open(const cdx::CdxIndex& index, const access::Judge& judge, Query query,
                        std::uint64_t scan_limit) {
  Rows rows(index, judge, std::move(query), scan_limit);
  WM_TRY(rows.start());
  return rows;
}

Result<> Rows::start() {
  keys_ = WM_TRY(keys_of(*index_, query_));
  collapse_values_.resize(query_.collapse.size());
  offset_left_ = query_.offset;
  if (query_.sort == Query::Sort::kClosest) {
    closest_ = index_->closest(query_.collection, keys_.first, query_.closest);
    return {};
  }
  const bool reverse = query_.sort == Query::Sort::kReverse;
  auto wanted =
      range(reverse ? cdx::RangeQuery::Order::kReverse : cdx::RangeQuery::Order::kForward);
  wanted.keys = keys_;
  scan_ = index_->scan(std::move(wanted));
  if (query_.page) return start_at_page();
  if (!query_.resume_key.empty()) return start_behind_resume_key();
  if (query_.from_end) return start_before_last();
  return {};
}

Result<> Rows::start_at_page() {
  const std::uint64_t before = *query_.page * query_.page_rows;
  if (before > scan_limit_) return too_much(scan_limit_);
  const std::uint64_t passed = WM_TRY(scan_->skip(before));
  if (passed < before) {
    const std::uint64_t last = passed == 0 ? 0 : (passed - 1) / query_.page_rows;
    return fail(Error::Code::kInvalid, "Page " + std::to_string(*query_.page) +
                                           " invalid: First Page is 0, Last Page is " +
                                           std::to_string(last));
  }
  page_left_ = query_.page_rows;
  return {};
}

Result<> Rows::start_behind_resume_key() {
  auto behind = scan_->go_behind(query_.resume_key);
  // A client that escapes what was escaped already.
  if (!behind && query_.resume_key.find('%') != std::string::npos)
    behind = scan_->go_behind(http::parse_form(query_.resume_key).at(0).first);
  if (!behind) return fail(Error::Code::kInvalid, "resumeKey: " + behind.error().what);
  // What was told last collapses what follows it.
  if (query_.collapse.empty()) return {};
  if (auto last = WM_TRY(scan_->passed_by())) {
    Row row{.capture = std::move(*last)};
    static_cast<void>(collapsed(row));
  }
  return {};
}

/// Backwards past as many rows as are wanted; from there on they are told forwards, so that none
/// has to be kept.
Result<> Rows::start_before_last() {
  cdx::RangeScan forwards = std::move(*scan_);
  auto wanted = range(cdx::RangeQuery::Order::kReverse);
  wanted.keys = keys_;
  scan_ = index_->scan(std::move(wanted));
  std::string place;
  for (std::uint64_t count = 0; auto row = WM_TRY(unique());) {
    if (++count <= *query_.limit) continue;
    place = scan_->place();
    break;
  }
  scan_ = std::move(forwards);
  collapse_primed_ = false;
  dupes_.clear();
  dupe_key_.clear();
  if (place.empty()) return {};
  return scan_->go_behind(place);
}

Result<std::optional<cdx::Capture>> Rows::scanned() {
  if (page_left_ == 0) return std::nullopt;
  if (scanned_ == scan_limit_) return too_much(scan_limit_);
  ++scanned_;
  --page_left_;
  return closest_ ? closest_->next() : scan_->next();
}

Result<> Rows::resolve(Row& row) const {
  if (!row.capture.is_revisit()) return {};
  row.original = WM_TRY(index_->by_digest(row.capture.collection, row.capture.digest));
  return {};
}

void Rows::count_dupe(Row& row) {
  if (row.capture.surt != dupe_key_ || dupes_.size() >= kDigests) {
    dupes_.clear();
    dupe_key_ = row.capture.surt;
  }
  row.dupes = dupes_[row.capture.digest]++;
}

/// The next one that may be seen and that the filters let through.
Result<std::optional<Row>> Rows::candidate() {
  while (auto capture = WM_TRY(scanned())) {
    Row row{.capture = std::move(*capture)};
    row.access = judge_(row.capture);
    if (row.access == access::Access::kExclude) continue;
    const Time14 time = row.capture.time;
    if (closest_ && ((query_.from && time < *query_.from) || (query_.to && time > *query_.to)))
      continue;
    if (query_.omit_self_redirects && memento::is_self_redirect(row.capture)) continue;
    if (query_.resolve_revisits) WM_TRY(resolve(row));
    if (query_.count_dupes) count_dupe(row);
    if (!std::all_of(query_.filters.begin(), query_.filters.end(),
                     [&](const Filter& filter) { return filter.lets_through(row); }))
      continue;
    row.unique = 1;
    row.first = row.end = time;
    return row;
  }
  return std::nullopt;
}

/// Does one of the collapses find it like the row before? Each sees only what those before it let
/// through.
bool Rows::collapsed(const Row& row) {
  const bool first = !std::exchange(collapse_primed_, true);
  for (std::size_t i = 0; i < query_.collapse.size(); ++i) {
    std::string value = collapse_value(row, query_.collapse[i], query_.dialect);
    if (!first && value == collapse_values_[i]) return true;
    collapse_values_[i] = std::move(value);
  }
  return false;
}

/// The next one that does not collapse into the one before.
Result<std::optional<Row>> Rows::unique() {
  const bool by_key = query_.collapse.size() == 1 && query_.collapse[0].field == Field::kUrlkey &&
                      query_.collapse[0].length == SIZE_MAX && scan_;
  for (std::size_t in_a_row = 0; auto row = WM_TRY(candidate());) {
    if (!collapsed(*row)) return row;
    // A key with very many captures is jumped over rather than read through.
    if (by_key && ++in_a_row % kPatience == 0) scan_->skip_key();
  }
  return std::nullopt;
}

/// The next group of captures that collapse into one, with its counts.
Result<std::optional<Row>> Rows::group() {
  const auto place = [this] { return scan_ ? scan_->place() : std::string(); };
  const auto hash = std::hash<std::string>();
  if (!pending_) {
    auto row = WM_TRY(unique());
    if (!row) return std::nullopt;
    pending_.emplace(Pending{std::move(*row), place(), {}});
    pending_->digests.insert(hash(pending_->row.capture.digest));
  }
  while (auto row = WM_TRY(candidate())) {
    if (!collapsed(*row)) {
      Pending next{std::move(*row), place(), {}};
      next.digests.insert(hash(next.row.capture.digest));
      last_place_ = std::move(pending_->place);
      return std::exchange(pending_, std::move(next))->row;
    }
    Row& kept = pending_->row;
    ++kept.skipped;
    kept.end = row->capture.time;
    if (pending_->digests.size() < kDigests) pending_->digests.insert(hash(row->capture.digest));
    kept.unique = pending_->digests.size();
    if (query_.collapse_to_last) {
      kept.capture = std::move(row->capture);
      kept.original = std::move(row->original);
      kept.access = row->access;
      kept.dupes = row->dupes;
      pending_->place = place();
    }
  }
  last_place_ = std::move(pending_->place);
  return std::exchange(pending_, std::nullopt)->row;
}

Result<std::optional<Row>> Rows::next() {
  const bool groups = query_.count_groups || query_.collapse_to_last;
  while (!query_.limit || given_ < *query_.limit) {
    auto row = WM_TRY(groups ? group() : unique());
    if (!row) break;
    if (offset_left_ > 0) {
      --offset_left_;
      continue;
    }
    ++given_;
    if (!groups && query_.show_resume_key && scan_) last_place_ = scan_->place();
    return row;
  }
  return std::nullopt;
}

Result<std::optional<std::string>> Rows::resume_key() {
  if (!query_.show_resume_key || !query_.limit || given_ < *query_.limit) return std::nullopt;
  if (!pending_ && !WM_TRY(unique())) return std::nullopt;
  return url::percent_encode_component(last_place_);
}

void Rows::pause() {
  if (scan_) scan_->pause();
  if (closest_) closest_->pause();
}

Result<std::uint64_t> page_count(const cdx::CdxIndex& index, const Query& query,
                                 std::uint64_t scan_limit) {
  auto scan = index.scan({.collection = query.collection,
                          .keys = WM_TRY(keys_of(index, query)),
                          .from = query.from,
                          .to = query.to});
  const std::uint64_t rows = WM_TRY(scan.skip(scan_limit));
  if (rows == scan_limit) return too_much(scan_limit);
  return std::max<std::uint64_t>(1, (rows + query.page_rows - 1) / query.page_rows);
}

}  // namespace wm::cdxserver
