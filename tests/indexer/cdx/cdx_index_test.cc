#include "indexer/cdx/cdx_index.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>
#include <tuple>

#include "tests/indexer/cdx/cdx_test_support.h"

using namespace wm;
using cdx::Capture;
using test::at_time;
using test::capture_of;
using test::IndexInTemp;

namespace {

std::vector<Capture> all_closest(const cdx::CdxIndex& index, std::string_view surt, Time14 time,
                                 std::size_t most = 1000000) {
  std::vector<Capture> got;
  auto closest = index.closest("web", surt, time);
  while (got.size() < most) {
    auto next = closest.next();
    BOOST_REQUIRE(next.has_value());
    if (!*next) break;
    got.push_back(**next);
  }
  return got;
}

std::string times(const std::vector<Capture>& captures) {
  std::string text;
  for (const auto& capture : captures) text += capture.time.text().substr(0, 4) + " ";
  return text;
}

std::vector<Capture> range(const cdx::CdxIndex& index, const cdx::RangeQuery& query) {
  std::vector<Capture> got;
  BOOST_REQUIRE(index
                    .for_each(query,
                              [&](const Capture& capture) {
                                got.push_back(capture);
                                return true;
                              })
                    .has_value());
  return got;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_capture_comes_back_as_it_went_in) {
  IndexInTemp t;
  Capture capture =
      capture_of("com,example)/x", "20200102030405", "web/2020/ü.warc.gz", 123456789012);
  capture.redirect = "http://example.com/y";
  capture.method = "POST";
  t.add({capture});
  BOOST_TEST(t.index.first("web", "com,example)/x").value().value() == capture);
  BOOST_TEST(t.index.at(capture.file, capture.offset).value().value() == capture);
  t.add({capture});
  BOOST_TEST(all_closest(t.index, "com,example)/x", at_time("2020")).size() == 1u);
}

BOOST_AUTO_TEST_CASE(
    closest_gives_captures_by_distance_and_the_earlier_of_two_that_are_equally_far) {
  IndexInTemp t;
  t.add({capture_of("com,example)/", "20100101000000"),
         capture_of("com,example)/", "20120101000000", "web/b.warc.gz"),
         capture_of("com,example)/", "20150101000000"),
         capture_of("com,example)/a", "20110101000000"),
         capture_of("com,exampl)/", "20110101000000")});
  BOOST_TEST(times(all_closest(t.index, "com,example)/", at_time("20130101000000"))) ==
             "2012 2015 2010 ");
  BOOST_TEST(times(all_closest(t.index, "com,example)/", at_time("20120101000000"))) ==
             "2012 2010 2015 ");
  BOOST_TEST(times(all_closest(t.index, "com,example)/", at_time("1990"))) == "2010 2012 2015 ");
  BOOST_TEST(times(all_closest(t.index, "com,example)/", at_time("9999"))) == "2015 2012 2010 ");
  BOOST_TEST(all_closest(t.index, "com,example)", at_time("2012")).empty());
  BOOST_TEST(all_closest(t.index, "", at_time("2012")).empty());
  const auto tie = all_closest(
      t.index, "com,example)/",
      Time14(at_time("2010").time() + (at_time("2012").time() - at_time("2010").time()) / 2));
  BOOST_TEST(times(tie).substr(0, 10) == "2010 2012 ");
}

BOOST_AUTO_TEST_CASE(neighbours_in_time_are_strictly_before_and_after) {
  IndexInTemp t;
  t.add({capture_of("a)/", "2010"), capture_of("a)/", "2012"), capture_of("a)/", "2015"),
         capture_of("b)/", "2011"), capture_of("Z)/", "2011")});
  const auto year = [](const Result<std::optional<Capture>>& got) {
    return got.value() ? got.value()->time.text().substr(0, 4) : std::string("none");
  };
  BOOST_TEST(year(t.index.previous("web", "a)/", at_time("2012"))) == "2010");
  BOOST_TEST(year(t.index.following("web", "a)/", at_time("2012"))) == "2015");
  BOOST_TEST(year(t.index.previous("web", "a)/", at_time("2010"))) == "none");
  BOOST_TEST(year(t.index.following("web", "a)/", at_time("2015"))) == "none");
  BOOST_TEST(year(t.index.first("web", "a)/")) == "2010");
  BOOST_TEST(year(t.index.last("web", "a)/")) == "2015");
  BOOST_TEST(year(t.index.first("web", "a)/x")) == "none");
  BOOST_TEST(year(t.index.last("web", "a)/x")) == "none");
  BOOST_TEST(year(t.index.last("other", "a)/")) == "none");
}

BOOST_AUTO_TEST_CASE(collections_do_not_see_each_other) {
  IndexInTemp t;
  Capture other = capture_of("a)/", "2011", "other/a.warc.gz");
  other.collection = "other";
  t.add({capture_of("a)/", "2010"), other});
  BOOST_TEST(times(all_closest(t.index, "a)/", at_time("2011"))) == "2010 ");
  BOOST_TEST(
      range(t.index, {.collection = "other", .keys = {"a", "b"}, .from = {}, .to = {}}).size() ==
      1u);
}

BOOST_AUTO_TEST_CASE(a_nul_in_a_key_can_not_reach_into_another_one) {
  IndexInTemp t;
  const std::string odd("a)/\0x", 5);
  t.add({capture_of(odd, "2010"), capture_of("a)/", "2011")});
  BOOST_TEST(times(all_closest(t.index, "a)/", at_time("2010"))) == "2011 ");
  BOOST_TEST(times(all_closest(t.index, odd, at_time("2010"))) == "2010 ");
}

BOOST_AUTO_TEST_CASE(
    a_payload_is_found_in_the_same_collection_first_and_survives_the_removal_of_one_holder) {
  IndexInTemp t;
  const Capture one = capture_of("a)/", "2010", "web/1.warc.gz");
  const Capture two = capture_of("b)/", "2011", "web/2.warc.gz");
  Capture other = capture_of("c)/", "2012", "news/3.warc.gz");
  other.collection = "news";
  Capture revisit = capture_of("a)/", "2013", "web/4.warc.gz");
  revisit.mime = "warc/revisit";
  t.add({one, two, other, revisit});
  BOOST_TEST(t.index.by_digest("news", one.digest).value().value() == other);
  BOOST_TEST(t.index.by_digest("web", one.digest).value().value().collection == "web");
  BOOST_TEST(t.index.by_digest("none", one.digest).value().has_value());
  t.remove(one);
  BOOST_TEST(t.index.by_digest("web", one.digest).value().value() == two);
  t.remove(two);
  BOOST_TEST(t.index.by_digest("web", one.digest).value().value() == other);
  t.remove(other);
  BOOST_TEST(!t.index.by_digest("web", one.digest).value().has_value());
  BOOST_TEST(!t.index.by_digest("web", "").value().has_value());
  BOOST_TEST(t.index.first("web", "a)/").value().value() == revisit);
}

BOOST_AUTO_TEST_CASE(digests_of_other_kinds_are_found_too) {
  IndexInTemp t;
  Capture sha256 = capture_of("a)/", "2010");
  sha256.digest = "sha256:" + sha256_hex("x");
  Capture prefix = capture_of("b)/", "2010", "web/b.warc.gz");
  prefix.digest = sha256.digest + "0";
  t.add({sha256, prefix});
  BOOST_TEST(t.index.by_digest("web", sha256.digest).value().value() == sha256);
  BOOST_TEST(t.index.by_digest("web", prefix.digest).value().value() == prefix);
}

BOOST_AUTO_TEST_CASE(the_captures_of_one_file_come_by_offset) {
  IndexInTemp t;
  t.add({capture_of("b)/", "2010", "web/1.warc.gz", 700),
         capture_of("a)/", "2010", "web/1.warc.gz", 70000),
         capture_of("c)/", "2010", "web/1.warc.gz", 0),
         capture_of("d)/", "2010", "web/2.warc.gz", 1)});
  std::vector<std::uint64_t> offsets;
  BOOST_REQUIRE(t.index
                    .for_each_in_file("web/1.warc.gz",
                                      [&](const Capture& capture) {
                                        offsets.push_back(capture.offset);
                                        return true;
                                      })
                    .has_value());
  const std::vector<std::uint64_t> expected = {0, 700, 70000};
  BOOST_TEST(offsets == expected, boost::test_tools::per_element());
  int calls = 0;
  BOOST_REQUIRE(
      t.index.for_each_in_file("web/1.warc.gz", [&](const Capture&) { return ++calls < 2; })
          .has_value());
  BOOST_TEST(calls == 2);
  BOOST_REQUIRE(t.index.for_each_in_file("web/none", [&](const Capture&) { return ++calls < 9; })
                    .has_value());
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(the_index_agrees_with_a_list_on_random_captures_queries_and_removals) {
  IndexInTemp t;
  std::mt19937 random(7);
  const std::vector<std::string> surts = {"a)/", "a)/a", "a)/a?b=c", "a,b)/", "aa)/", "b)/"};
  std::vector<Capture> model;
  const auto some_time = [&] {
    return at_time(std::to_string(2000 + random() % 4) +
                   (random() % 2 ? "0101000000" : "0601000000"));
  };
  for (int i = 0; i < 400; ++i) {
    Capture capture = capture_of(surts[random() % surts.size()], "2000",
                                 "web/" + std::to_string(random() % 5), random() % 1000);
    capture.time = some_time();
    const auto same_place = [&](const Capture& c) {
      return c.file == capture.file && c.offset == capture.offset;
    };
    if (std::find_if(model.begin(), model.end(), same_place) != model.end()) continue;
    model.push_back(capture);
  }
  t.add(model);
  for (int i = 0; i < 60; ++i) {
    const auto place = random() % model.size();
    t.remove(model[place]);
    model.erase(model.begin() + static_cast<std::ptrdiff_t>(place));
  }
  for (int i = 0; i < 200; ++i) {
    const std::string& surt = surts[random() % surts.size()];
    const Time14 time = some_time();
    const auto distance = [&](const Capture& c) {
      return std::abs((c.time.time() - time.time()).count());
    };
    const auto got = all_closest(t.index, surt, time);
    BOOST_TEST(got.size() ==
               static_cast<std::size_t>(std::count_if(
                   model.begin(), model.end(), [&](const Capture& c) { return c.surt == surt; })));
    BOOST_TEST(std::is_sorted(got.begin(), got.end(), [&](const Capture& a, const Capture& b) {
      return distance(a) != distance(b) ? distance(a) < distance(b) : a.time < b.time;
    }));
  }
  for (int i = 0; i < 300; ++i) {
    cdx::RangeQuery query;
    query.keys = {surts[random() % surts.size()],
                  surts[random() % surts.size()] + (random() % 2 ? "\x7f" : "")};
    if (random() % 2) query.from = some_time();
    if (random() % 2) query.to = some_time();
    std::vector<Capture> expected;
    for (const auto& c : model) {
      if (c.surt >= query.keys.first && c.surt < query.keys.last &&
          (!query.from || c.time >= *query.from) && (!query.to || c.time <= *query.to)) {
        expected.push_back(c);
      }
    }
    std::sort(expected.begin(), expected.end(), [](const Capture& a, const Capture& b) {
      return std::tie(a.surt, a.time) < std::tie(b.surt, b.time);
    });
    auto got = range(t.index, query);
    const auto key = [](const std::vector<Capture>& list) {
      std::string text;
      for (const auto& c : list) text += c.surt + c.time.text() + "\n";
      return text;
    };
    BOOST_TEST(key(got) == key(expected));
    query.order = cdx::RangeQuery::Order::kReverse;
    auto backwards = range(t.index, query);
    std::reverse(backwards.begin(), backwards.end());
    BOOST_TEST(backwards == got);
  }
}

BOOST_AUTO_TEST_CASE(a_range_scan_ends_when_told_to) {
  IndexInTemp t;
  t.add({capture_of("a)/1", "2010"), capture_of("a)/2", "2010"), capture_of("a)/3", "2010")});
  int seen = 0;
  BOOST_REQUIRE(t.index
                    .for_each({.collection = "web", .keys = {"a", "b"}, .from = {}, .to = {}},
                              [&](const Capture&) { return ++seen < 2; })
                    .has_value());
  BOOST_TEST(seen == 2);
}

BOOST_AUTO_TEST_CASE(a_url_with_a_hundred_thousand_captures_costs_what_any_other_does) {
  IndexInTemp t;
  std::vector<Capture> captures;
  const auto flush = [&] {
    t.add(captures);
    captures.clear();
  };
  const SysSeconds start = at_time("2000").time();
  for (int i = 0; i < 100000; ++i) {
    captures.push_back(
        capture_of("com,busy)/", "2000", "web/busy.warc.gz", static_cast<std::uint64_t>(i)));
    captures.back().time = Time14(start + std::chrono::hours(i));
    if (captures.size() == 1000) flush();
  }
  captures.push_back(capture_of("com,calm)/", "2005", "web/calm.warc.gz"));
  flush();
  // Compared in the same run; the bound is wide since a sanitizer build on a busy machine is
  // measured.
  const auto time_of = [&](std::string_view surt) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 300; ++i) {
      const auto got = all_closest(t.index, surt, Time14(start + std::chrono::hours(i * 331)), 1);
      BOOST_REQUIRE(got.size() == 1u);
    }
    return std::chrono::steady_clock::now() - begin;
  };
  time_of("com,busy)/");
  const auto busy = time_of("com,busy)/");
  const auto calm = time_of("com,calm)/");
  BOOST_TEST(std::chrono::duration<double>(busy).count() <
             8 * std::chrono::duration<double>(calm).count() + 0.05);
  const auto near =
      all_closest(t.index, "com,busy)/",
                  Time14(start + std::chrono::hours(50000) + std::chrono::minutes(10)), 3);
  BOOST_TEST((near[0].time.time() - start) == std::chrono::hours(50000));
  BOOST_TEST((near[1].time.time() - start) == std::chrono::hours(50001));
  BOOST_TEST((near[2].time.time() - start) == std::chrono::hours(49999));
  BOOST_TEST(t.index.last("web", "com,busy)/").value()->offset == 99999u);
}
