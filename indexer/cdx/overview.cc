#include "indexer/cdx/overview.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "indexer/cdx/cdx_internal.h"
#include "indexer/store/coding.h"

namespace wm::cdx {

namespace {

constexpr std::size_t kMostSpans = 4000;
constexpr std::uint64_t kRowsInAll =
    400'000;  // read for one answer; past them each stretch is judged by its beginning
constexpr std::uint64_t kLeastRows = 50;
constexpr std::uint64_t kRowsOfAll = 20'000;  // of a whole key
constexpr std::uint64_t kRowsOfKey = 200;     // of one among many
constexpr std::size_t kScannedKeys = 5'000;   // for one page, when a filter leaves most out

std::uint64_t rows_for(SpanUnit unit) {
  switch (unit) {
    case SpanUnit::kYear:
      return 10'000;
    case SpanUnit::kMonth:
      return 3'000;
    case SpanUnit::kDay:
      return 500;
  }
  return kLeastRows;
}

/// 10 to the power of how many digits of a time14 the unit leaves open.
std::uint64_t width_of(SpanUnit unit) {
  std::uint64_t width = 1;
  for (int digits = static_cast<int>(unit); digits < 14; ++digits) width *= 10;
  return width;
}

std::string key_at(const std::string& prefix, std::uint64_t time) {
  std::string key = prefix;
  store::put_big_endian(key, time, kTimeBytes);
  return key;
}

std::uint64_t time_in(std::string_view key, std::size_t prefix) {
  return store::big_endian(key.substr(prefix, kTimeBytes));
}

std::string padded(std::uint64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

/// The first byte string that is greater than all that begin with a key's prefix (which ends in
/// NUL).
std::string behind(std::string prefix) {
  prefix.back() = '\x01';
  return prefix;
}

/// Counts stretches of rows of one key.
class Counter {
 public:
  /// `sampled`: rows that are counted to learn how much room one takes, once and only if a stretch
  /// is not read to its end.
  Counter(const store::Store& store, const std::string& prefix, std::uint64_t sampled)
      : store_(store), prefix_(prefix), sampled_(sampled) {}

  /// Rows [first, last), at most `read` of them one by one. Leaves the cursor at the end, or where
  /// counting ended.
  Result<Count> count(store::Cursor& cursor, const std::string& first, const std::string& last,
                      std::uint64_t read) {
    Count count;
    for (cursor.seek(first); cursor.valid() && cursor.key() < last; cursor.next()) {
      if (count.captures == read) {
        const double rows = bytes(first, last) * WM_TRY(rows_a_byte());
        return Count{.captures = std::max(read, static_cast<std::uint64_t>(rows)), .exact = false};
      }
      ++count.captures;
    }
    if (!cursor.valid()) WM_TRY(cursor.status());
    return count;
  }

 private:
  double bytes(std::string_view first, std::string_view last) const {
    return static_cast<double>(store_.approximate_bytes(store::Family::kCdx, first, last));
  }

  /// 0 if none is in a file yet: what was written last waits in memory.
  Result<double> rows_a_byte() {
    if (rows_a_byte_) return *rows_a_byte_;
    std::uint64_t rows = 0;
    auto cursor = store_.cdx_prefix_cursor();
    for (cursor.seek(prefix_);
         cursor.valid() && cursor.key().starts_with(prefix_) && rows < sampled_; cursor.next())
      ++rows;
    if (!cursor.valid()) WM_TRY(cursor.status());
    const double room =
        bytes(prefix_, cursor.valid() ? std::string(cursor.key()) : behind(prefix_));
    rows_a_byte_ = room == 0 ? 0.0 : static_cast<double>(rows) / room;
    return *rows_a_byte_;
  }

  const store::Store& store_;
  const std::string& prefix_;
  const std::uint64_t sampled_;
  std::optional<double> rows_a_byte_;
};

}  // namespace

Result<std::vector<Span>> Overview::spans(std::string_view collection, std::string_view surt,
                                          SpanUnit unit, std::optional<Time14> from,
                                          std::optional<Time14> to) const {
  std::vector<Span> found;
  const std::string prefix = key_prefix(collection, surt);
  const std::uint64_t width = width_of(unit);
  const std::string end = to ? key_at(prefix, to->number() + 1) : behind(prefix);
  std::uint64_t budget = kRowsInAll;
  Counter counter(store_, prefix, kRowsOfAll);
  auto cursor = store_.cdx_prefix_cursor();
  std::string at = key_at(prefix, from ? from->number() : 0);
  for (cursor.seek(at); found.size() < kMostSpans && cursor.valid() && cursor.key() < end &&
                        cursor.key().starts_with(prefix);
       cursor.seek(at)) {
    const std::uint64_t number = time_in(cursor.key(), prefix.size()) / width;
    std::string last = std::min(end, key_at(prefix, (number + 1) * width));
    const std::uint64_t read = std::max(kLeastRows, std::min(budget, rows_for(unit)));
    const Count count =
        WM_TRY(counter.count(cursor, std::max(at, key_at(prefix, number * width)), last, read));
    budget -= std::min(budget, std::min(count.captures, read));
    found.push_back({.digits = padded(number, static_cast<std::size_t>(unit)), .count = count});
    at = std::move(last);
  }
  if (!cursor.valid()) WM_TRY(cursor.status());
  return found;
}

Result<Count> Overview::count(std::string_view collection, std::string_view surt,
                              std::optional<Time14> before) const {
  const std::string prefix = key_prefix(collection, surt);
  auto cursor = store_.cdx_prefix_cursor();
  return Counter(store_, prefix, kRowsOfAll)
      .count(cursor, prefix, before ? key_at(prefix, before->number()) : behind(prefix),
             kRowsOfAll);
}

Result<KeyPage> Overview::keys(const KeyQuery& query) const {
  KeyPage page;
  const std::string end = key_prefix(query.collection, query.keys.last);
  std::string at = query.after.empty() || query.after < query.keys.first
                       ? key_prefix(query.collection, query.keys.first)
                       : behind(key_prefix(query.collection, query.after));
  auto cursor = store_.cursor(store::Family::kCdx);
  std::size_t scanned = 0;
  for (cursor.seek(at); cursor.valid() && cursor.key() < end; cursor.seek(at)) {
    const auto parts = parse_key(cursor.key());
    if (!parts) return fail(Error::Code::kCorrupt, "a key of the cdx family that is none");
    if (page.keys.size() == query.limit || scanned == kScannedKeys) return page;
    ++scanned;
    page.next = parts->surt;
    const std::string prefix = key_prefix(parts->collection, parts->surt);
    at = behind(prefix);
    KeySummary summary{
        .first = WM_TRY(capture_of(store_, cursor.key(), cursor.value())), .last = {}, .count = {}};
    if (!query.contains.empty() &&
        ifind(summary.first.url, query.contains) == std::string_view::npos)
      continue;
    summary.count =
        WM_TRY(Counter(store_, prefix, kRowsOfKey).count(cursor, prefix, at, kRowsOfKey));
    cursor.seek_for_prev(at);
    auto last = WM_TRY(capture_at(store_, cursor));
    summary.last = last ? std::move(*last) : summary.first;
    page.keys.push_back(std::move(summary));
  }
  if (!cursor.valid()) WM_TRY(cursor.status());
  page.next.clear();
  return page;
}

}  // namespace wm::cdx
