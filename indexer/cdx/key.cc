#include "indexer/cdx/key_internal.h"

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "indexer/store/coding.h"

namespace wm::cdx {
namespace {

constexpr std::uint8_t kFiledVersion = 1;

/// NUL separates, so it may not be in a part. It can come only from hand-made input: surt() escapes
/// it.
void put_part(std::string& key, std::string_view part) {
  for (const char c : part) {
    if (c == '\0') {
      key.append("%00");
    } else {
      key.push_back(c);
    }
  }
  key.push_back('\0');
}

}  // namespace

std::string key_prefix(std::string_view collection, std::string_view surt) {
  std::string key;
  key.reserve(collection.size() + surt.size() + 2 + kTimeBytes + kPlaceBytes);
  put_part(key, collection);
  put_part(key, surt);
  return key;
}

void put_time(std::string& key, Time14 time) {
  store::put_big_endian(key, time.number(), kTimeBytes);
}

std::optional<Time14> time_of(std::string_view six_bytes) {
  std::string digits = std::to_string(store::big_endian(six_bytes));
  if (digits.size() > 14) return std::nullopt;
  digits.insert(0, 14 - digits.size(), '0');
  return Time14::parse(digits);
}

std::string place_key(std::uint32_t file, std::uint64_t offset) {
  std::string key;
  store::put_big_endian(key, file, 4);
  store::put_big_endian(key, offset, 6);
  return key;
}

std::optional<KeyParts> parse_key(std::string_view key) {
  if (key.size() < 2 + kTimeBytes + kPlaceBytes) return std::nullopt;
  const auto first = key.find('\0');
  const auto second = first == key.npos ? key.npos : key.find('\0', first + 1);
  if (second == key.npos || key.size() != second + 1 + kTimeBytes + kPlaceBytes)
    return std::nullopt;
  const auto time = time_of(key.substr(second + 1, kTimeBytes));
  if (!time) return std::nullopt;
  const auto place = key.substr(second + 1 + kTimeBytes);
  return KeyParts{.collection = key.substr(0, first),
                  .surt = key.substr(first + 1, second - first - 1),
                  .time = *time,
                  .file = static_cast<std::uint32_t>(store::big_endian(place.substr(0, 4))),
                  .offset = store::big_endian(place.substr(4))};
}

std::optional<std::string> raw_sha1(std::string_view digest) {
  if (!digest.starts_with("sha1:") || digest.size() != 37) return std::nullopt;
  auto raw = base32_decode(digest.substr(5));
  if (!raw || raw->size() != 20 || sha1_label(*raw) != digest) return std::nullopt;
  return raw;
}

std::string digest_prefix(std::string_view digest) {
  if (const auto raw = raw_sha1(digest)) return '\1' + *raw;
  std::string key = "\2";
  put_part(key, digest);
  return key;
}

std::string encode_filed(std::string_view collection, std::string_view surt, Time14 time) {
  std::string value(1, static_cast<char>(kFiledVersion));
  put_time(value, time);
  store::put_string(value, collection);
  value.append(surt);
  return value;
}

Result<Filed> decode_filed(std::string_view value) {
  store::Reader in(value);
  if (in.byte() != kFiledVersion)
    return fail(Error::Code::kUnsupported, "a captures row of another version");
  const auto time = time_of(in.bytes(kTimeBytes));
  Filed filed;
  filed.collection = in.string();
  filed.surt = in.rest();
  if (!in.ok() || !time) return fail(Error::Code::kCorrupt, "a captures row that cannot be read");
  filed.time = *time;
  return filed;
}

}  // namespace wm::cdx
