#include "tests/core/wacz/zip_builder.h"

#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm::test {

namespace {

void put(std::string& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>(value >> (8 * i));
}

std::string deflated(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zip64_extra(std::uint64_t size, std::uint64_t stored) {
  std::string extra;
  put(extra, 1, 2);
  put(extra, 16, 2);
  put(extra, size, 8);
  put(extra, stored, 8);
  return extra;
}

}  // namespace

ZipBuilder& ZipBuilder::add(std::string name, std::string_view content, Method method, Form form) {
  const std::string data = method == Method::kDeflated ? deflated(content) : std::string(content);
  const bool later = form == Form::kDescriptor, wide = form == Form::kZip64;
  Entry entry{.name = name, .method = method == Method::kDeflated ? 8u : 0u, .flags = later ? 8u : 0u,
              .crc32 = crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()),
              .stored = data.size(), .size = content.size(), .header = body_.size(), .zip64 = wide};
  const std::string extra = wide ? zip64_extra(entry.size, entry.stored) : "";
  put(body_, 0x04034b50, 4);
  put(body_, 20, 2);
  put(body_, entry.flags, 2);
  put(body_, entry.method, 2);
  put(body_, 0, 4);
  put(body_, later ? 0 : entry.crc32, 4);
  put(body_, wide ? 0xffffffff : later ? 0 : entry.stored, 4);
  put(body_, wide ? 0xffffffff : later ? 0 : entry.size, 4);
  put(body_, name.size(), 2);
  put(body_, extra.size(), 2);
  body_ += name + extra + data;
  if (later) {
    put(body_, 0x08074b50, 4);
    for (const std::uint64_t value : {entry.crc32, entry.stored, entry.size}) put(body_, value, 4);
  }
  entries_.push_back(std::move(entry));
  return *this;
}

ZipBuilder& ZipBuilder::lie(const Lie& about) {
  entries_.back().size = about.size;
  entries_.back().crc32 = about.crc32;
  return *this;
}

std::string ZipBuilder::finish(std::uint64_t announced) const {
  std::string directory;
  for (const Entry& entry : entries_) {
    const std::string extra = entry.zip64 ? zip64_extra(entry.size, entry.stored) : "";
    put(directory, 0x02014b50, 4);
    put(directory, 20, 2);
    put(directory, 20, 2);
    put(directory, entry.flags, 2);
    put(directory, entry.method, 2);
    put(directory, 0, 4);
    put(directory, entry.crc32, 4);
    put(directory, entry.zip64 ? 0xffffffff : entry.stored, 4);
    put(directory, entry.zip64 ? 0xffffffff : entry.size, 4);
    put(directory, entry.name.size(), 2);
    put(directory, extra.size(), 2);
    put(directory, 0, 2);
    put(directory, 0, 4);
    put(directory, 0, 4);
    put(directory, entry.header, 4);
    directory += entry.name + extra;
  }
  const std::uint64_t count = announced == UINT64_MAX ? entries_.size() : announced;
  std::string zip = body_ + directory;
  put(zip, 0x06054b50, 4);
  put(zip, 0, 4);
  put(zip, count, 2);
  put(zip, count, 2);
  put(zip, directory.size(), 4);
  put(zip, body_.size(), 4);
  put(zip, 0, 2);
  return zip;
}

std::shared_ptr<const ReadFile> as_file(std::string_view bytes) {
  const TempDir folder = temp_dir();
  auto file = create_file(folder.path() / "zip").value();
  BOOST_REQUIRE(file->append(bytes).has_value());
  BOOST_REQUIRE(file->close().has_value());
  return ReadFile::open(folder.path() / "zip").value();
}

}  // namespace wm::test
