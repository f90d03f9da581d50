#include <utility>

#include "indexer/cdx/cdx_internal.h"
#include "indexer/store/coding.h"

namespace wm::cdx {

struct ClosestCaptures::State {
  const store::Store& store;
  std::string prefix;
  Time14 time;
  std::optional<store::Cursor> after;   // at the next capture not before `time`
  std::optional<store::Cursor> before;  // at the next one before it
  std::string after_key;                // where they stood when they were let go
  std::string before_key;
  std::optional<Capture> later;
  std::optional<Capture> earlier;

  void open();
  Result<> read(const store::Cursor& cursor, std::optional<Capture>& into) const;
};

ClosestCaptures::ClosestCaptures(std::unique_ptr<State> state) : state_(std::move(state)) {}
ClosestCaptures::~ClosestCaptures() = default;
ClosestCaptures::ClosestCaptures(ClosestCaptures&&) noexcept = default;
ClosestCaptures& ClosestCaptures::operator=(ClosestCaptures&&) noexcept = default;

void ClosestCaptures::State::open() {
  if (after) return;
  after = store.cdx_prefix_cursor();
  before = store.cdx_prefix_cursor();
  if (!after_key.empty()) after->seek(after_key);
  if (!before_key.empty()) before->seek_for_prev(before_key);
}

void ClosestCaptures::pause() {
  State& s = *state_;
  if (!s.after) return;
  s.after_key = s.after->valid() ? s.after->key() : std::string_view();
  s.before_key = s.before->valid() ? s.before->key() : std::string_view();
  s.after.reset();
  s.before.reset();
}

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
  s.open();
  if (!s.later) WM_TRY(s.read(*s.after, s.later));
  if (!s.earlier) WM_TRY(s.read(*s.before, s.earlier));
  if (!s.later && !s.earlier) return std::nullopt;
  const bool take_later = s.later && (!s.earlier || s.later->time.time() - s.time.time() <
                                                        s.time.time() - s.earlier->time.time());
  std::optional<Capture>& taken = take_later ? s.later : s.earlier;
  std::optional<Capture> capture = std::exchange(taken, std::nullopt);
  if (take_later) {
    s.after->next();
  } else {
    s.before->prev();
  }
  return capture;
}

ClosestCaptures CdxIndex::closest(std::string_view collection, std::string_view surt,
                                  Time14 time) const {
  auto state = std::make_unique<ClosestCaptures::State>(ClosestCaptures::State{
      .store = store_,
      .prefix = key_prefix(collection, surt),
      .time = time,
      .after = std::nullopt,
      .before = std::nullopt,
      .after_key = {},
      .before_key = {},
      .later = std::nullopt,
      .earlier = std::nullopt,
  });
  state->after_key = state->prefix;
  put_time(state->after_key, time);
  state->before_key = state->after_key;
  return ClosestCaptures(std::move(state));
}

}  // namespace wm::cdx
