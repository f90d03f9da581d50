#include "archiver/fetch/spool.h"

#include <boost/test/unit_test.hpp>

using namespace wm;

BOOST_AUTO_TEST_SUITE(spool)

BOOST_AUTO_TEST_CASE(bytes_stay_in_memory_up_to_the_limit_and_move_to_disk_beyond_it) {
  for (const std::size_t size : {0u, 1u, 99u, 100u, 101u, 5000u}) {
    for (const std::size_t piece : {1u, 7u, 100u, 10000u}) {
      fetch::Spool spool(100);
      std::string bytes;
      for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 31);
      for (std::size_t at = 0; at < size; at += piece)
        BOOST_REQUIRE(spool.append(std::string_view(bytes).substr(at, piece)));
      BOOST_TEST(spool.size() == size);
      BOOST_TEST(spool.in_memory() == (size <= 100));
      BOOST_TEST((read_all(*spool.source(), 1 << 20).value() == bytes));
      BOOST_TEST((read_all(*spool.source(), 1 << 20).value() == bytes),
                 "a second reader starts anew");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_reader_of_the_file_outlives_the_spool) {
  std::unique_ptr<Source> source;
  {
    fetch::Spool spool(1);
    BOOST_REQUIRE(spool.append("abc"));
    source = spool.source();
  }
  BOOST_TEST(read_all(*source, 10).value() == "abc");
}

BOOST_AUTO_TEST_SUITE_END()
