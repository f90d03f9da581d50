#include <zstd.h>

#include "indexer/search/schema.h"
#include "indexer/store/coding.h"

namespace wm::search {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kListMost = 10000;

void put_list(std::string& out, const std::vector<std::string>& list) {
  store::put_varint(out, list.size());
  for (const auto& text : list) store::put_string(out, text);
}

std::vector<std::string> list(store::Reader& in) {
  std::vector<std::string> result;
  const auto count = in.varint();
  for (std::uint64_t i = 0; i < count && i < kListMost && in.ok(); ++i)
    result.emplace_back(in.string());
  return result;
}

void put_time(std::string& out, Time14 time) {
  out.append(time_value(time));
}

Time14 time(store::Reader& in) {
  std::string digits = std::to_string(store::big_endian(in.bytes(6)));
  if (digits.size() < 14) digits.insert(0, 14 - digits.size(), '0');
  return Time14::parse(digits).value_or(Time14());
}

std::string compressed(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const auto size = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
  WM_CHECK(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

Result<std::string> decompressed(std::string_view bytes, std::uint64_t size) {
  if (size > kExcerptBytes)
    return fail(Error::Code::kCorrupt, "a stored text that says it is too long");
  std::string text(size, '\0');
  const auto got = ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) != 0 || got != size)
    return fail(Error::Code::kCorrupt, "a stored text that cannot be inflated");
  return text;
}

}  // namespace

std::string encode(const Stored& stored) {
  std::string out(1, static_cast<char>(kVersion));
  store::put_string(out, stored.id);
  store::put_varint(out, stored.link_id);
  for (const auto* text : {&stored.collection, &stored.url, &stored.title, &stored.page_title,
                           &stored.description, &stored.notes, &stored.language, &stored.mime}) {
    store::put_string(out, *text);
  }
  put_list(out, stored.tags);
  put_list(out, stored.states);
  put_time(out, stored.added);
  store::put_varint(out, stored.times.size());
  for (const Time14 one : stored.times) put_time(out, one);
  store::put_varint(out, stored.excerpt.size());
  if (!stored.excerpt.empty()) out.append(compressed(stored.excerpt));
  return out;
}

Result<Stored> decode_stored(std::string_view data, Excerpt excerpt) {
  store::Reader in(data);
  if (in.byte() != kVersion)
    return fail(Error::Code::kUnsupported, "a search document of another version");
  Stored stored;
  stored.id = in.string();
  stored.link_id = in.varint();
  for (auto* text : {&stored.collection, &stored.url, &stored.title, &stored.page_title,
                     &stored.description, &stored.notes, &stored.language, &stored.mime}) {
    *text = in.string();
  }
  stored.tags = list(in);
  stored.states = list(in);
  stored.added = time(in);
  const auto times = in.varint();
  for (std::uint64_t i = 0; i < times && i < kTimesKept && in.ok(); ++i)
    stored.times.push_back(time(in));
  const auto size = in.varint();
  if (!in.ok()) return fail(Error::Code::kCorrupt, "a search document that ends too early");
  if (excerpt == Excerpt::kRead && size > 0) stored.excerpt = WM_TRY(decompressed(in.rest(), size));
  return stored;
}

}  // namespace wm::search
