#include "tests/core/warc/samples.h"

#include <boost/test/unit_test.hpp>

#include <fstream>

#include "core/http/body.h"

namespace wm::test {

std::string warc_record(std::string_view uri, std::string_view block, std::string_view fields,
                        std::string_view content_length) {
  std::string text = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: ";
  text.append(uri)
      .append("\r\nWARC-Date: 2024-02-03T04:05:06Z\r\n")
      .append(fields)
      .append("Content-Length: ");
  text.append(content_length.empty() ? std::to_string(block.size()) : std::string(content_length))
      .append("\r\n\r\n");
  return text.append(block).append("\r\n\r\n");
}

std::string member(std::string_view bytes) {
  return http::gzip(bytes);
}

std::filesystem::path put(const TempDir& dir, std::string_view name, std::string_view bytes) {
  const std::filesystem::path path = dir.path() / name;
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path;
}

std::vector<std::string> SeenFile::uris() const {
  std::vector<std::string> all;
  for (const Seen& seen : records) all.push_back(seen.uri);
  return all;
}

std::vector<std::string> SeenFile::blocks() const {
  std::vector<std::string> all;
  for (const Seen& seen : records) all.push_back(seen.block);
  return all;
}

std::vector<std::string> SeenFile::all_damage() const {
  std::vector<std::string> all = damage;
  for (const Seen& seen : records) all.insert(all.end(), seen.damage.begin(), seen.damage.end());
  return all;
}

SeenFile see(const std::filesystem::path& path, warc::ReadLimits limits) {
  SeenFile file;
  auto reader = warc::WarcReader::open(path, limits);
  BOOST_REQUIRE(reader.has_value());
  for (;;) {
    auto next = reader->next();
    BOOST_REQUIRE_MESSAGE(next.has_value(), next.error().what);
    for (warc::Damage& damage : reader->take_damage())
      file.damage.push_back(std::move(damage.reason));
    if (!*next) return file;
    warc::WarcRecord& record = **next;
    auto block = read_all(record.block(), 256 << 20);
    BOOST_REQUIRE(block.has_value());
    if (record.block_bytes) BOOST_TEST(*record.block_bytes == *block);
    Seen seen{record.version,
              record.target_uri(),
              std::move(*block),
              record.offset,
              0,
              record.own_member,
              {}};
    for (const warc::Damage& damage : record.damage) seen.damage.push_back(damage.reason);
    const auto finished = reader->finish_record();
    BOOST_REQUIRE(finished.has_value());
    seen.length = finished->length;
    if (record.length) BOOST_TEST(*record.length == finished->length);
    for (const warc::Damage& damage : finished->damage) seen.damage.push_back(damage.reason);
    file.records.push_back(std::move(seen));
  }
}

SeenFile see_bytes(std::string_view bytes, warc::ReadLimits limits) {
  const TempDir dir = temp_dir();
  return see(put(dir, "x.warc", bytes), limits);
}

bool tells(const std::vector<std::string>& damage, std::string_view part) {
  for (const std::string& reason : damage) {
    if (reason.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace wm::test
