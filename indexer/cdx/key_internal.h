#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time14.h"
#include "indexer/cdx/capture.h"

namespace wm::cdx {

// The byte layouts of docs/formats/cdx.md.

inline constexpr std::size_t kTimeBytes = 6;
inline constexpr std::size_t kPlaceBytes = 10;  // file number and offset

/// collection NUL surt NUL
std::string key_prefix(std::string_view collection, std::string_view surt);
void put_time(std::string& key, Time14 time);
std::optional<Time14> time_of(std::string_view six_bytes);
/// file number(4) offset(6): a key of the captures family, and the end of the keys of the other
/// two.
std::string place_key(std::uint32_t file, std::uint64_t offset);

/// A key of the cdx family taken apart; the views are into it.
struct KeyParts {
  std::string_view collection;
  std::string_view surt;
  Time14 time;
  std::uint32_t file = 0;
  std::uint64_t offset = 0;
};
std::optional<KeyParts> parse_key(std::string_view key);

/// The 20 bytes of a digest spelled as we spell SHA-1; nullopt for any other.
std::optional<std::string> raw_sha1(std::string_view digest);
/// The digest with its kind, self-delimiting: what keys of the digest family begin with.
std::string digest_prefix(std::string_view digest);

/// What the key does not say. The file name is told by its number in the key.
std::string encode_value(const Capture& capture);
/// `capture` has surt set already: the URL is often made from it.
Result<> decode_value(std::string_view value, Capture& capture);

/// A value of the captures family: where the capture is filed.
struct Filed {
  std::string collection;
  std::string surt;
  Time14 time;
};
std::string encode_filed(std::string_view collection, std::string_view surt, Time14 time);
Result<Filed> decode_filed(std::string_view value);

}  // namespace wm::cdx
