#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/warc/reader.h"
#include "tests/support/test_support.h"

namespace wm::test {

/// A response record as text: head, block, CRLF CRLF. `fields` are whole lines with CRLF, put
/// before Content-Length.
std::string warc_record(std::string_view uri, std::string_view block, std::string_view fields = {},
                        std::string_view content_length = {});
/// The same bytes as a gzip member.
std::string member(std::string_view bytes);

std::filesystem::path put(const TempDir& dir, std::string_view name, std::string_view bytes);

/// What a reader made of a file.
struct Seen {
  std::string version;
  std::string uri;
  std::string block;
  std::uint64_t offset;
  std::uint64_t length;
  bool own_member;
  std::vector<std::string> damage;  ///< of the record, early and late
};
struct SeenFile {
  std::vector<Seen> records;
  std::vector<std::string> damage;  ///< between records

  std::vector<std::string> uris() const;
  std::vector<std::string> blocks() const;
  /// All that was told, anywhere.
  std::vector<std::string> all_damage() const;
};
SeenFile see(const std::filesystem::path& path, warc::ReadLimits limits = {});
/// Writes the bytes to a file and reads that.
SeenFile see_bytes(std::string_view bytes, warc::ReadLimits limits = {});

bool tells(const std::vector<std::string>& damage, std::string_view part);

}  // namespace wm::test
