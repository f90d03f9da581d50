#include "core/base/ascii.h"
#include "core/base/log.h"
#include "indexer/cdx/cdx_internal.h"

namespace wm::cdx {
namespace {

/// Where a scan stands to its query.
enum class Stand { kBefore, kIn, kAfter };

Stand stand(const KeyParts& key, const RangeQuery& query) {
  if (key.collection != query.collection)
    return key.collection < query.collection ? Stand::kBefore : Stand::kAfter;
  if (key.surt < query.keys.first) return Stand::kBefore;
  return key.surt < query.keys.last ? Stand::kIn : Stand::kAfter;
}

std::string position(std::string_view collection, std::string_view surt, std::optional<Time14> time,
                     char fill) {
  std::string key = key_prefix(collection, surt);
  if (time) put_time(key, *time);
  key.append(time ? kPlaceBytes : kTimeBytes + kPlaceBytes, fill);
  return key;
}

}  // namespace

struct RangeScan::State {
  const store::Store& store;
  RangeQuery query;
  std::optional<store::Cursor> cursor = {};
  std::string passed = {};  // the last key that is done with: the scan goes on behind it
  std::string given = {};   // the key of the capture given last
  bool ended = false;

  bool forward() const { return query.order == RangeQuery::Order::kForward; }
  void seek(const std::string& key) { forward() ? cursor->seek(key) : cursor->seek_for_prev(key); }
  void step() { forward() ? cursor->next() : cursor->prev(); }
  void open();
  bool skip_by_time(const KeyParts& key);
  Result<bool> advance();
};

void RangeScan::State::open() {
  cursor = store.cursor(store::Family::kCdx);
  if (passed.empty()) {
    seek(key_prefix(query.collection, forward() ? query.keys.first : query.keys.last));
    return;
  }
  seek(passed);
  if (cursor->valid() && cursor->key() == passed) step();
}

/// One step of the scan: to the next row in the query's time bounds, or beyond the surt whose
/// captures are all out of them.
bool RangeScan::State::skip_by_time(const KeyParts& key) {
  const bool early = query.from && key.time < *query.from;
  const bool late = query.to && key.time > *query.to;
  if (!early && !late) return false;
  const std::string collection(key.collection);
  const std::string surt(key.surt);
  if (forward()) {
    seek(early ? position(collection, surt, query.from, '\0')
               : position(collection, surt, std::nullopt, '\xff'));
  } else {
    seek(late ? position(collection, surt, query.to, '\xff')
              : position(collection, surt, std::nullopt, '\0'));
  }
  return true;
}

/// To the next row of the query, whose key `passed` then is; false at the end.
Result<bool> RangeScan::State::advance() {
  if (ended) return false;
  if (cursor && cursor->valid()) {
    step();
  } else {
    open();
  }
  while (cursor->valid()) {
    const auto key = parse_key(cursor->key());
    if (!key) {
      log::warning("a row of the cdx family is left out: its key cannot be read");
      step();
      continue;
    }
    const Stand where = stand(*key, query);
    if (where == (forward() ? Stand::kAfter : Stand::kBefore)) break;
    if (where == Stand::kIn && skip_by_time(*key)) continue;
    if (where == Stand::kIn) {
      passed = cursor->key();
      return true;
    }
    step();
  }
  ended = true;
  WM_TRY(cursor->status());
  return false;
}

RangeScan::RangeScan(std::unique_ptr<State> state) : state_(std::move(state)) {}
RangeScan::~RangeScan() = default;
RangeScan::RangeScan(RangeScan&&) noexcept = default;
RangeScan& RangeScan::operator=(RangeScan&&) noexcept = default;

Result<std::optional<Capture>> RangeScan::next() {
  State& s = *state_;
  while (WM_TRY(s.advance())) {
    auto capture = capture_of(s.store, s.cursor->key(), s.cursor->value());
    if (capture) {
      s.given = s.passed;
      return std::move(*capture);
    }
    log::warning("a row of the cdx family is left out: {}", capture.error().what);
  }
  return std::nullopt;
}

Result<std::uint64_t> RangeScan::skip(std::uint64_t count) {
  std::uint64_t passed = 0;
  while (passed < count && WM_TRY(state_->advance())) ++passed;
  return passed;
}

void RangeScan::skip_key() {
  State& s = *state_;
  const auto key = parse_key(s.given);
  if (!key) return;
  s.passed = position(key->collection, key->surt, std::nullopt, s.forward() ? '\xff' : '\0');
  s.cursor.reset();
}

void RangeScan::pause() {
  state_->cursor.reset();
}

std::string RangeScan::place() const {
  const auto key = parse_key(state_->given);
  if (!key) return {};
  return std::string(key->surt) + ' ' + key->time.text() + ' ' +
         hex_encode(std::string_view(state_->given).substr(state_->given.size() - kPlaceBytes));
}

Result<> RangeScan::go_behind(std::string_view place) {
  const auto refuse = [&] {
    return fail(Error::Code::kInvalid,
                "not a place to go on from: " + std::string(place.substr(0, 200)));
  };
  std::string bytes(kPlaceBytes, state_->forward() ? '\xff' : '\0');
  auto blank = place.rfind(' ');
  if (blank == place.npos) return refuse();
  if (place.size() - blank - 1 == 2 * kPlaceBytes) {
    const auto raw = hex_decode(place.substr(blank + 1));
    if (!raw) return refuse();
    bytes = *raw;
    place = place.substr(0, blank);
    blank = place.rfind(' ');
    if (blank == place.npos) return refuse();
  }
  const auto time = Time14::parse(place.substr(blank + 1));
  if (!time || blank == 0) return refuse();
  State& s = *state_;
  s.passed = key_prefix(s.query.collection, place.substr(0, blank));
  put_time(s.passed, *time);
  s.passed += bytes;
  s.given = s.passed;
  s.cursor.reset();
  s.ended = false;
  return {};
}

Result<std::optional<Capture>> RangeScan::passed_by() const {
  const auto value = WM_TRY(state_->store.get(store::Family::kCdx, state_->given));
  if (!value) return std::nullopt;
  return WM_TRY(capture_of(state_->store, state_->given, *value));
}

RangeScan CdxIndex::scan(RangeQuery query) const {
  return RangeScan(std::make_unique<RangeScan::State>(
      RangeScan::State{.store = store_, .query = std::move(query)}));
}

Result<> CdxIndex::for_each(const RangeQuery& query,
                            const std::function<bool(const Capture&)>& each) const {
  RangeScan rows = scan(query);
  while (auto capture = WM_TRY(rows.next())) {
    if (!each(*capture)) break;
  }
  return {};
}

}  // namespace wm::cdx
