#include <utility>

#include "core/base/log.h"
#include "indexer/cdx/cdx_internal.h"
#include "indexer/store/coding.h"

namespace wm::cdx {

struct ClosestCaptures::State {
  const store::Store& store;
  std::string prefix;
  Time14 time;
  store::Cursor after;   // at the next capture not before `time`
  store::Cursor before;  // at the next one before it
  std::optional<Capture> later;
  std::optional<Capture> earlier;

  Result<> read(const store::Cursor& cursor, std::optional<Capture>& into) const;
};

ClosestCaptures::ClosestCaptures(std::unique_ptr<State> state) : state_(std::move(state)) {}
ClosestCaptures::~ClosestCaptures() = default;
ClosestCaptures::ClosestCaptures(ClosestCaptures&&) noexcept = default;

Result<> ClosestCaptures::State::read(const store::Cursor& cursor,
                                      std::optional<Capture>& into) const {
  into.reset();
  if (!cursor.valid()) return cursor.status();
  if (!cursor.key().starts_with(prefix)) return {};
  into = WM_TRY(capture_of(store, cursor.key(), cursor.value()));
  return {};
}

Result<std::optional<Capture>> ClosestCaptures::next() {
  State& s = *state_;
  if (!s.later) WM_TRY(s.read(s.after, s.later));
  if (!s.earlier) WM_TRY(s.read(s.before, s.earlier));
  if (!s.later && !s.earlier) return std::nullopt;
  const bool take_later = s.later && (!s.earlier || s.later->time.time() - s.time.time() <
                                                        s.time.time() - s.earlier->time.time());
  std::optional<Capture>& taken = take_later ? s.later : s.earlier;
  std::optional<Capture> capture = std::exchange(taken, std::nullopt);
  if (take_later) {
    s.after.next();
  } else {
    s.before.prev();
  }
  return capture;
}

ClosestCaptures CdxIndex::closest(std::string_view collection, std::string_view surt,
                                  Time14 time) const {
  auto state = std::make_unique<ClosestCaptures::State>(ClosestCaptures::State{
      .store = store_,
      .prefix = key_prefix(collection, surt),
      .time = time,
      .after = store_.cdx_prefix_cursor(),
      .before = store_.cdx_prefix_cursor(),
      .later = std::nullopt,
      .earlier = std::nullopt,
  });
  std::string key = state->prefix;
  put_time(key, time);
  state->after.seek(key);
  state->before.seek_for_prev(key);
  return ClosestCaptures(std::move(state));
}

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

/// One step of the scan: to the next row in the query's time bounds, or beyond the surt whose
/// captures are all out of them.
bool skip_by_time(const KeyParts& key, const RangeQuery& query, store::Cursor& cursor) {
  const bool early = query.from && key.time < *query.from;
  const bool late = query.to && key.time > *query.to;
  if (!early && !late) return false;
  const std::string collection(key.collection);
  const std::string surt(key.surt);
  if (query.order == RangeQuery::Order::kForward) {
    cursor.seek(early ? position(collection, surt, query.from, '\0')
                      : position(collection, surt, std::nullopt, '\xff'));
  } else {
    cursor.seek_for_prev(late ? position(collection, surt, query.to, '\xff')
                              : position(collection, surt, std::nullopt, '\0'));
  }
  return true;
}

}  // namespace

Result<> CdxIndex::for_each(const RangeQuery& query,
                            const std::function<bool(const Capture&)>& each) const {
  auto cursor = store_.cursor(store::Family::kCdx);
  const bool forward = query.order == RangeQuery::Order::kForward;
  if (forward) {
    cursor.seek(key_prefix(query.collection, query.keys.first));
  } else {
    cursor.seek_for_prev(key_prefix(query.collection, query.keys.last));
  }
  while (cursor.valid()) {
    const auto key = parse_key(cursor.key());
    const Stand where = key ? stand(*key, query) : Stand::kIn;
    if (where == (forward ? Stand::kAfter : Stand::kBefore)) break;
    if (where == Stand::kIn) {
      if (key && skip_by_time(*key, query, cursor)) continue;
      const auto capture = capture_of(store_, cursor.key(), cursor.value());
      if (!capture) {
        log::warning("a row of the cdx family is left out: {}", capture.error().what);
      } else if (!each(*capture)) {
        return {};
      }
    }
    if (forward) {
      cursor.next();
    } else {
      cursor.prev();
    }
  }
  return cursor.status();
}

}  // namespace wm::cdx
