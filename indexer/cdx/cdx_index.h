#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/url/surt.h"
#include "indexer/cdx/capture.h"
#include "indexer/cdx/overview.h"
#include "indexer/cdx/segments.h"
#include "indexer/store/store.h"

namespace wm::cdx {

/// The Store::intern space of WARC file names.
inline constexpr std::string_view kFileSpace = "warc";

/// The captures of one key in order of distance from a time, both directions streamed: a URL with a
/// million captures costs what any other does. Equal distance: the earlier first. One thread.
class ClosestCaptures {
 public:
  ~ClosestCaptures();
  ClosestCaptures(ClosestCaptures&&) noexcept;
  ClosestCaptures& operator=(ClosestCaptures&&) noexcept;
  Result<std::optional<Capture>> next();
  /// Lets go of the store's snapshot until the next call, which goes on where this one was: for
  /// readers that may take their time.
  void pause();

 private:
  friend class CdxIndex;
  struct State;
  explicit ClosestCaptures(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct RangeQuery {
  std::string collection = "web";
  url::SurtRange keys;
  std::optional<Time14> from;
  std::optional<Time14> to;
  enum class Order { kForward, kReverse } order = Order::kForward;
};

/// The captures of a key range in order, pulled one by one. A row that cannot be read is logged and
/// left out. One thread.
class RangeScan {
 public:
  ~RangeScan();
  RangeScan(RangeScan&&) noexcept;
  RangeScan& operator=(RangeScan&&) noexcept;
  Result<std::optional<Capture>> next();
  /// Passes over up to `count` captures without reading more than their keys; gives how many there
  /// were.
  Result<std::uint64_t> skip(std::uint64_t count);
  /// Passes over what is left of the key of the capture that next() gave last.
  void skip_key();
  /// As of ClosestCaptures. What was filed meanwhile before this place is not seen any more.
  void pause();
  /// The place of the capture given last as text, "" before the first.
  std::string place() const;
  /// Goes on behind a place that place() told, also of another scan of the range; "<surt> <time14>"
  /// alone stands for all captures of that second. kInvalid for any other text.
  Result<> go_behind(std::string_view place);
  /// The capture at the place it was told to go behind, if there is (still) one.
  Result<std::optional<Capture>> passed_by() const;

 private:
  friend class CdxIndex;
  struct State;
  explicit RangeScan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Look-ups over the cdx and digest families; adding is a batch so that it becomes true together
/// with what else belongs to it. Key: collection NUL surt NUL time file-id offset, numbers
/// big-endian; docs/formats/cdx.md. const methods from any thread.
class CdxIndex {
 public:
  explicit CdxIndex(store::Store& store) : store_(store) {}

  /// How much there is of what; calendars and listings.
  Overview overview() const { return Overview(store_); }

  /// Adds to `batch`. Adding the same capture twice changes nothing. Fails only if the store cannot
  /// give the file name a number.
  Result<> add(store::Batch& batch, const Capture& capture) const;
  /// Takes away this one capture, by surt, time, file and offset; a payload that another capture
  /// holds too is still found.
  Result<> remove(store::Batch& batch, const Capture& capture) const;

  ClosestCaptures closest(std::string_view collection, std::string_view surt, Time14 time) const;
  /// The neighbours in time of one key: strictly before, strictly after.
  Result<std::optional<Capture>> previous(std::string_view collection, std::string_view surt,
                                          Time14 time) const;
  Result<std::optional<Capture>> following(std::string_view collection, std::string_view surt,
                                           Time14 time) const;
  Result<std::optional<Capture>> first(std::string_view collection, std::string_view surt) const;
  Result<std::optional<Capture>> last(std::string_view collection, std::string_view surt) const;

  RangeScan scan(RangeQuery query) const;
  /// Calls `each` for the captures of a key range in order until it gives false.
  Result<> for_each(const RangeQuery& query, const std::function<bool(const Capture&)>& each) const;

  /// A response or resource that holds this payload, for revisits: within the same collection
  /// first, then any.
  Result<std::optional<Capture>> by_digest(std::string_view collection,
                                           std::string_view digest) const;

  /// Where the parts of records are that were cut into segments; outlives what is opened with it.
  Segments segments() const { return Segments(store_); }

  /// All captures that hold this payload, until `each` gives false.
  Result<> for_each_holder(std::string_view digest,
                           const std::function<bool(const Capture&)>& each) const;
  /// Revisits that name this capture as their original, or its payload, until `each` gives false.
  /// Complete once file_revisits() has been called for the store.
  Result<> for_each_revisit_of(const Capture& original,
                               const std::function<bool(const Capture&)>& each) const;
  /// Files what an older Waymark did not: the revisits under their originals. Once; then cheap.
  Result<> file_revisits() const;

  /// The capture of the record at `offset` of `file`.
  Result<std::optional<Capture>> at(std::string_view file, std::uint64_t offset) const;
  /// All captures of one WARC file, by offset; for removal and verify.
  Result<> for_each_in_file(std::string_view file,
                            const std::function<bool(const Capture&)>& each) const;

 private:
  store::Store& store_;
};

/// `<surt> <time14> {json}` without line end, numbers as strings, as all writers of CDXJ do.
std::string to_cdxj(const Capture& capture);
/// kInvalid with the reason. Takes what other writers leave too: 17-digit times, numbers as
/// integers, digests without "sha1:", no status. The collection is left at its default: a line does
/// not tell it.
Result<Capture> from_cdxj(std::string_view line);

}  // namespace wm::cdx
