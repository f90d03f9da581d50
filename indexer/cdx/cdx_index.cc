#include "indexer/cdx/cdx_index.h"

#include "core/base/log.h"
#include "indexer/cdx/cdx_internal.h"
#include "core/url/surt.h"
#include "indexer/store/coding.h"

namespace wm::cdx {

using store::Family;

Result<Capture> capture_of(const store::Store& store, std::string_view key,
                           std::string_view value) {
  const auto parts = parse_key(key);
  if (!parts) return fail(Error::Code::kCorrupt, "a key of the cdx family that is none");
  Capture capture;
  capture.collection = parts->collection;
  capture.surt = parts->surt;
  capture.time = parts->time;
  capture.offset = parts->offset;
  auto file = WM_TRY(store.name_of(kFileSpace, parts->file));
  if (!file)
    return fail(Error::Code::kCorrupt,
                "a capture of " + capture.surt + " in a file without a name");
  capture.file = std::move(*file);
  WM_TRY(decode_value(value, capture));
  return capture;
}

Result<std::optional<Capture>> capture_at(const store::Store& store, const store::Cursor& cursor) {
  if (!cursor.valid()) {
    WM_TRY(cursor.status());
    return std::nullopt;
  }
  return WM_TRY(capture_of(store, cursor.key(), cursor.value()));
}

namespace {

std::string cdx_key(const Capture& capture, std::uint32_t file) {
  std::string key = key_prefix(capture.collection, capture.surt);
  put_time(key, capture.time);
  return key.append(place_key(file, capture.offset));
}

std::string digest_key(std::string_view collection, std::string_view digest) {
  std::string key = digest_prefix(digest);
  key.append(collection).push_back('\0');
  return key;
}

// Revisits are filed in the digest family too, under what they need: \3 and the payload's digest, \4 and what
// they name.
std::string needed_digest(std::string_view digest) {
  return '\3' + digest_prefix(digest);
}

std::string needed_capture(std::string_view surt, Time14 time) {
  std::string key(1, '\4');
  key.append(surt).push_back('\0');
  put_time(key, time);
  return key;
}

std::vector<std::string> revisit_keys(const Capture& revisit) {
  std::vector<std::string> keys;
  if (!revisit.digest.empty()) keys.push_back(needed_digest(revisit.digest));
  if (revisit.refers_to_uri && revisit.refers_to_time)
    keys.push_back(needed_capture(url::surt(*revisit.refers_to_uri), *revisit.refers_to_time));
  return keys;
}

/// The capture that the captures row at `place` speaks of.
Result<std::optional<Capture>> filed_capture(const store::Store& store, std::string_view place,
                                             std::string_view row) {
  const auto filed = WM_TRY(decode_filed(row));
  std::string key = key_prefix(filed.collection, filed.surt);
  put_time(key, filed.time);
  key.append(place);
  const auto value = WM_TRY(store.get(Family::kCdx, key));
  if (!value) return std::nullopt;
  return WM_TRY(capture_of(store, key, *value));
}

}  // namespace

Result<> CdxIndex::add(store::Batch& batch, const Capture& capture) const {
  const auto file = WM_TRY(store_.intern(kFileSpace, capture.file));
  const std::string place = place_key(file, capture.offset);
  batch.put(Family::kCdx, cdx_key(capture, file), encode_value(capture));
  batch.put(Family::kCaptures, place, encode_filed(capture.collection, capture.surt, capture.time));
  // Revisits hold no payload, so no one can be a revisit of them.
  if (!capture.digest.empty() && !capture.is_revisit()) {
    batch.put(Family::kDigest, digest_key(capture.collection, capture.digest) + place, {});
  }
  if (capture.is_revisit()) {
    for (const std::string& key : revisit_keys(capture)) batch.put(Family::kDigest, key + place, {});
  }
  return {};
}

Result<> CdxIndex::remove(store::Batch& batch, const Capture& capture) const {
  const auto file = WM_TRY(store_.interned(kFileSpace, capture.file));
  if (!file) return {};
  const std::string place = place_key(*file, capture.offset);
  batch.erase(Family::kCdx, cdx_key(capture, *file));
  batch.erase(Family::kCaptures, place);
  if (!capture.digest.empty())
    batch.erase(Family::kDigest, digest_key(capture.collection, capture.digest) + place);
  if (capture.is_revisit()) {
    for (const std::string& key : revisit_keys(capture)) batch.erase(Family::kDigest, key + place);
  }
  return {};
}

Result<std::optional<Capture>> CdxIndex::previous(std::string_view collection,
                                                  std::string_view surt, Time14 time) const {
  auto cursor = store_.cdx_prefix_cursor();
  std::string key = key_prefix(collection, surt);
  const auto prefix = key.size();
  put_time(key, time);  // keys of that time are longer, so they come after
  cursor.seek_for_prev(key);
  if (cursor.valid() && !cursor.key().starts_with(std::string_view(key).substr(0, prefix)))
    return std::nullopt;
  return capture_at(store_, cursor);
}

Result<std::optional<Capture>> CdxIndex::following(std::string_view collection,
                                                   std::string_view surt, Time14 time) const {
  auto cursor = store_.cdx_prefix_cursor();
  std::string key = key_prefix(collection, surt);
  const std::string prefix = key;
  store::put_big_endian(key, time.number() + 1, kTimeBytes);
  cursor.seek(key);
  if (cursor.valid() && !cursor.key().starts_with(prefix)) return std::nullopt;
  return capture_at(store_, cursor);
}

Result<std::optional<Capture>> CdxIndex::first(std::string_view collection,
                                               std::string_view surt) const {
  auto cursor = store_.cdx_prefix_cursor();
  const std::string prefix = key_prefix(collection, surt);
  cursor.seek(prefix);
  if (cursor.valid() && !cursor.key().starts_with(prefix)) return std::nullopt;
  return capture_at(store_, cursor);
}

Result<std::optional<Capture>> CdxIndex::last(std::string_view collection,
                                              std::string_view surt) const {
  auto cursor = store_.cdx_prefix_cursor();
  const std::string prefix = key_prefix(collection, surt);
  cursor.seek_for_prev(prefix + std::string(kTimeBytes + kPlaceBytes, '\xff'));
  if (cursor.valid() && !cursor.key().starts_with(prefix)) return std::nullopt;
  return capture_at(store_, cursor);
}

Result<std::optional<Capture>> CdxIndex::by_digest(std::string_view collection,
                                                   std::string_view digest) const {
  if (digest.empty()) return std::nullopt;
  const std::string any = digest_prefix(digest);
  const std::string own = digest_key(collection, digest);
  auto cursor = store_.cursor(Family::kDigest);
  for (const std::string& prefix : {own, any}) {
    for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
      const std::string_view key = cursor.key();
      if (key.size() < prefix.size() + kPlaceBytes) continue;
      const std::string_view place = key.substr(key.size() - kPlaceBytes);
      const auto row = WM_TRY(store_.get(Family::kCaptures, place));
      if (!row) continue;  // filed anew under another digest; the look-up goes on
      auto capture = WM_TRY(filed_capture(store_, place, *row));
      if (capture && capture->digest == digest) return capture;
    }
    WM_TRY(cursor.status());
  }
  return std::nullopt;
}

Result<std::optional<Capture>> CdxIndex::at(std::string_view file, std::uint64_t offset) const {
  const auto number = WM_TRY(store_.interned(kFileSpace, file));
  if (!number) return std::nullopt;
  const std::string place = place_key(*number, offset);
  const auto row = WM_TRY(store_.get(Family::kCaptures, place));
  if (!row) return std::nullopt;
  return filed_capture(store_, place, *row);
}

Result<> CdxIndex::for_each_in_file(std::string_view file,
                                    const std::function<bool(const Capture&)>& each) const {
  const auto number = WM_TRY(store_.interned(kFileSpace, file));
  if (!number) return {};
  const std::string prefix = place_key(*number, 0).substr(0, 4);
  auto cursor = store_.cursor(Family::kCaptures);
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    const auto capture = filed_capture(store_, cursor.key(), cursor.value());
    if (!capture) {
      log::warning("a capture of {} is left out: {}", file, capture.error().what);
      continue;
    }
    if (*capture && !each(**capture)) return {};
  }
  return cursor.status();
}

namespace {

/// The captures whose places end the keys of the digest family that begin with `prefix`.
Result<bool> each_filed(const store::Store& store, std::string_view prefix,
                        const std::function<bool(const Capture&)>& each) {
  auto cursor = store.cursor(Family::kDigest);
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    const std::string_view key = cursor.key();
    if (key.size() < prefix.size() + kPlaceBytes) continue;
    const std::string_view place = key.substr(key.size() - kPlaceBytes);
    const auto row = WM_TRY(store.get(Family::kCaptures, place));
    if (!row) continue;
    const auto capture = WM_TRY(filed_capture(store, place, *row));
    if (capture && !each(*capture)) return false;
  }
  WM_TRY(cursor.status());
  return true;
}

constexpr std::string_view kRevisitsFiled = "revisits-filed";

}  // namespace

Result<> CdxIndex::for_each_holder(std::string_view digest,
                                   const std::function<bool(const Capture&)>& each) const {
  if (digest.empty()) return {};
  const auto same = [&](const Capture& capture) { return capture.digest != digest || each(capture); };
  static_cast<void>(WM_TRY(each_filed(store_, digest_prefix(digest), same)));
  return {};
}

Result<> CdxIndex::for_each_revisit_of(const Capture& original,
                                       const std::function<bool(const Capture&)>& each) const {
  const auto revisits = [&](const Capture& capture) { return !capture.is_revisit() || each(capture); };
  if (!original.digest.empty() &&
      !WM_TRY(each_filed(store_, needed_digest(original.digest), revisits)))
    return {};
  static_cast<void>(WM_TRY(each_filed(store_, needed_capture(original.surt, original.time), revisits)));
  return {};
}

Result<> CdxIndex::file_revisits() const {
  constexpr std::size_t kAtOnce = 10000;
  if (WM_TRY(store_.get(Family::kMeta, kRevisitsFiled))) return {};
  store::Batch batch;
  auto cursor = store_.cursor(Family::kCdx);
  for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
    const auto capture = WM_TRY(capture_of(store_, cursor.key(), cursor.value()));
    if (!capture.is_revisit()) continue;
    const std::string place(cursor.key().substr(cursor.key().size() - kPlaceBytes));
    for (const std::string& key : revisit_keys(capture)) batch.put(Family::kDigest, key + place, {});
    if (batch.size() >= kAtOnce) WM_TRY(store_.write(std::exchange(batch, store::Batch())));
  }
  WM_TRY(cursor.status());
  batch.put(Family::kMeta, kRevisitsFiled, "1");
  return store_.write(std::move(batch));
}

}  // namespace wm::cdx
