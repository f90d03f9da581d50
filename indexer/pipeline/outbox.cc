#include "indexer/pipeline/outbox.h"

#include "core/base/random.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/pipeline/outbox_internal.h"
#include "indexer/store/coding.h"

namespace wm::pipeline {
namespace {

constexpr std::uint8_t kPageVersion = 1;
constexpr std::size_t kPageKeyBytes = 1 + 4 + 6;
constexpr std::size_t kLinkKeyBytes = 1 + 8 + 8;

Result<std::variant<PageEntry, LinkEntry>> decode_page(const store::Store& store,
                                                       std::string_view key,
                                                       std::string_view value) {
  store::Reader in(value);
  if (in.byte() != kPageVersion)
    return fail(Error::Code::kUnsupported, "an outbox entry of another version");
  PageEntry entry;
  entry.offset = store::big_endian(key.substr(5));
  entry.link_id = in.varint();
  entry.text_bytes = in.varint();
  entry.decoded_bytes = in.varint();
  entry.collection = in.string();
  entry.url = in.string();
  entry.seed_url = in.string();
  if (!in.ok()) return fail(Error::Code::kCorrupt, "an outbox entry that ends too early");
  const auto file = static_cast<std::uint32_t>(store::big_endian(key.substr(1, 4)));
  auto name = WM_TRY(store.name_of(cdx::kFileSpace, file));
  if (!name)
    return fail(Error::Code::kCorrupt,
                "an outbox entry of a file without a name: " + std::to_string(file));
  entry.file = std::move(*name);
  return entry;
}

}  // namespace

std::string page_key(std::uint32_t file, std::uint64_t offset) {
  std::string key = "p";
  store::put_big_endian(key, file, 4);
  store::put_big_endian(key, offset, 6);
  return key;
}

std::string link_key(std::uint64_t link_id) {
  std::string key = "l";
  store::put_big_endian(key, link_id, 8);
  return key;
}

std::string encode(const PageEntry& entry) {
  std::string out(1, static_cast<char>(kPageVersion));
  store::put_varint(out, entry.link_id);
  store::put_varint(out, entry.text_bytes);
  store::put_varint(out, entry.decoded_bytes);
  store::put_string(out, entry.collection);
  store::put_string(out, entry.url);
  store::put_string(out, entry.seed_url);
  return out;
}

Result<std::variant<PageEntry, LinkEntry>> decode_entry(const store::Store& store,
                                                        std::string_view key,
                                                        std::string_view value) {
  if (key.size() == kPageKeyBytes && key[0] == 'p') return decode_page(store, key, value);
  if (key.size() == kLinkKeyBytes && key[0] == 'l')
    return LinkEntry{store::big_endian(key.substr(1, 8))};
  return fail(Error::Code::kCorrupt, "an outbox key that is none");
}

// A key of its own for each change: clearing what was done can not take away a change that came in
// between.
void put_link_change(store::Batch& batch, std::uint64_t link_id) {
  batch.put(store::Family::kOutbox, link_key(link_id) + random_bytes(8), {});
}

Result<> put_linked_page(store::Store& store, store::Batch& batch, const cdx::Capture& capture,
                         const LinkedPage& page) {
  const std::uint32_t file = WM_TRY(store.intern(cdx::kFileSpace, capture.file));
  batch.put(store::Family::kOutbox, page_key(file, capture.offset),
            encode(PageEntry{.file = capture.file,
                             .offset = capture.offset,
                             .link_id = page.link_id,
                             .collection = capture.collection,
                             .url = capture.url,
                             .seed_url = page.seed_url,
                             .text_bytes = page.text_bytes,
                             .decoded_bytes = page.decoded_bytes}));
  return {};
}

}  // namespace wm::pipeline
