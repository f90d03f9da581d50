#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/url/surt.h"
#include "indexer/cdx/capture.h"
#include "indexer/store/store.h"

namespace wm::cdx {

/// How many captures. Beyond a bound they are not read but judged by the room they take in the
/// index: then `exact` is false and the number is right to about a third.
struct Count {
  std::uint64_t captures = 0;
  bool exact = true;
  friend bool operator==(const Count&, const Count&) = default;
};

enum class SpanUnit { kYear = 4, kMonth = 6, kDay = 8 };  ///< how many digits name one

struct Span {
  std::string digits;  ///< "2019", "201902", "20190203"
  Count count;
};

/// A URL key with how much is held of it.
struct KeySummary {
  Capture first;
  Capture last;
  Count count;
};

struct KeyQuery {
  std::string collection = "web";
  url::SurtRange keys;
  std::string after;     ///< a key: only those behind it; "" = from the first
  std::string contains;  ///< in the URL, whatever its case; "" = all
  std::size_t limit = 100;
};

struct KeyPage {
  std::vector<KeySummary> keys;
  std::string next;  ///< for `after`; "" at the end. With a filter a page may be short and yet not
                     ///< the last.
};

/// What calendars and listings show of the cdx family. The cost grows with what is told, not with
/// how many captures there are: from span to span and from key to key by seeks. const methods from
/// any thread; `store` outlives it.
class Overview {
 public:
  explicit Overview(const store::Store& store) : store_(store) {}

  /// The spans of one key that hold captures, in order, of those from `from` to `to`. At most 4000.
  Result<std::vector<Span>> spans(std::string_view collection, std::string_view surt, SpanUnit unit,
                                  std::optional<Time14> from = {},
                                  std::optional<Time14> to = {}) const;
  /// Of one key, all or those before a time.
  Result<Count> count(std::string_view collection, std::string_view surt,
                      std::optional<Time14> before = {}) const;
  /// The keys of a range in order.
  Result<KeyPage> keys(const KeyQuery& query) const;

 private:
  const store::Store& store_;
};

}  // namespace wm::cdx
