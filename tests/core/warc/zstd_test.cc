#include <boost/test/unit_test.hpp>

#include <zdict.h>
#include <zstd.h>

#include "tests/core/warc/samples.h"

namespace {

using namespace wm;
using namespace wm::test;
using namespace wm::warc;

std::string little_endian(std::uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string frame(std::string_view bytes, std::string_view dictionary = {}) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  const std::size_t size =
      ZSTD_compress_usingDict(context, out.data(), out.size(), bytes.data(), bytes.size(),
                              dictionary.data(), dictionary.size(), 3);
  ZSTD_freeCCtx(context);
  BOOST_REQUIRE(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

std::string skippable(std::uint32_t magic, std::string_view content) {
  return little_endian(magic) + little_endian(static_cast<std::uint32_t>(content.size())) +
         std::string(content);
}

std::string trained_dictionary() {
  std::string samples;
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 200; ++i) {
    const std::string one = warc_record("http://a.example/page/" + std::to_string(i * 7919),
                                        std::to_string(i) + " lines of text");
    samples += one;
    sizes.push_back(one.size());
  }
  std::string dictionary(4096, '\0');
  const std::size_t size =
      ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), samples.data(), sizes.data(),
                            static_cast<unsigned>(sizes.size()));
  BOOST_REQUIRE(ZDICT_isError(size) == 0);
  dictionary.resize(size);
  return dictionary;
}

const std::string kOne = warc_record("http://a.example/1", "one");
const std::string kTwo = warc_record("http://a.example/2", "two");
const std::vector<std::string> kBlocks = {"one", "two"};

BOOST_AUTO_TEST_CASE(frames_are_read_like_members) {
  const SeenFile file = see_bytes(frame(kOne) + frame(kTwo));
  BOOST_TEST(file.blocks() == kBlocks, boost::test_tools::per_element());
  BOOST_TEST(file.all_damage().empty());
  BOOST_TEST(file.records[1].offset == frame(kOne).size());
  BOOST_TEST(file.records[1].length == frame(kTwo).size());
}

BOOST_AUTO_TEST_CASE(a_dictionary_is_used_raw_or_compressed_and_for_a_record_alone_too) {
  const TempDir dir = temp_dir();
  const std::string dictionary = trained_dictionary();
  for (const std::string& stored : {dictionary, frame(dictionary)}) {
    const auto path =
        put(dir, "x.warc.zst",
            skippable(0x184d2a5d, stored) + frame(kOne, dictionary) + frame(kTwo, dictionary));
    const SeenFile file = see(path);
    BOOST_TEST(file.blocks() == kBlocks, boost::test_tools::per_element());
    BOOST_TEST(file.all_damage().empty());
    const auto handle = ReadFile::open(path).value();
    auto record = read_record_at(handle, file.records[1].offset, file.records[1].length);
    BOOST_REQUIRE(record.has_value());
    BOOST_TEST(read_all(record->block(), 100).value() == "two");
  }
}

BOOST_AUTO_TEST_CASE(a_dictionary_beyond_the_limit_or_broken_is_told) {
  const std::string dictionary = trained_dictionary();
  const std::string frames = frame(kOne, dictionary) + frame(kTwo);
  const SeenFile large =
      see_bytes(skippable(0x184d2a5d, dictionary) + frames, {.dictionary_bytes = 100});
  BOOST_TEST(tells(large.damage, "no dictionary within the limit"));
  BOOST_TEST(large.blocks() == std::vector<std::string>{"two"}, boost::test_tools::per_element());
  const SeenFile broken = see_bytes(skippable(0x184d2a5d, "not a dictionary") + frames);
  BOOST_TEST(tells(broken.damage, "no dictionary"));
  // One that says it is 4 GB long.
  BOOST_TEST(
      see_bytes(little_endian(0x184d2a5d) + little_endian(UINT32_MAX) + frames).records.empty());
}

BOOST_AUTO_TEST_CASE(skippable_and_empty_frames_are_passed_and_records_go_over_frames) {
  for (std::size_t cut = 1; cut + 4 < kOne.size(); cut += 7) {
    const SeenFile file =
        see_bytes(frame(kTwo) + skippable(0x184d2a50, "x") + frame("") +
                  frame(kOne.substr(0, cut)) + skippable(0x184d2a51, "") + frame(kOne.substr(cut)));
    BOOST_TEST(file.blocks() == (std::vector<std::string>{"two", "one"}),
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_broken_frame_is_told_and_the_next_found) {
  const std::string good = frame(kOne);
  for (std::size_t at = 4; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(~bad[at]);
    const SeenFile file = see_bytes(frame(kTwo) + bad + frame(kTwo));
    BOOST_TEST_CONTEXT("byte " << at) {
      BOOST_REQUIRE(file.records.size() >= 2);
      BOOST_TEST(file.records.front().block == "two");
      // A frame may claim to be longer than it is and take the next with it; nothing else may.
      BOOST_TEST((file.records.back().block == "two" || !file.all_damage().empty()));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_window_beyond_eight_mebibytes_is_refused) {
  std::string header = little_endian(0xfd2fb528);
  header += '\0';                               // no content size, a window descriptor
  header += static_cast<char>((24 - 10) << 3);  // 16 MiB
  header += std::string("\x01\0\0", 3);         // one empty raw block, the last
  const SeenFile file = see_bytes(header + frame(kTwo));
  BOOST_TEST(!file.damage.empty());
  BOOST_TEST(file.blocks() == std::vector<std::string>{"two"}, boost::test_tools::per_element());
}

}  // namespace
