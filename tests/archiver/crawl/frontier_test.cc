#include "archiver/crawl/frontier.h"

#include <boost/test/unit_test.hpp>

#include "core/base/time14.h"

using namespace wm;
using html::UrlRole;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(frontier)

namespace {
crawl::Target target(const std::string& url, UrlRole role = UrlRole::kImage) {
  crawl::Target made;
  made.url = url;
  made.role = role;
  return made;
}
}  // namespace

BOOST_AUTO_TEST_CASE(documents_come_before_styles_before_scripts_before_pictures) {
  crawl::Frontier frontier(100);
  frontier.add(target("http://a/1.png"));
  frontier.add(target("http://a/2.js", UrlRole::kScript));
  frontier.add(target("http://a/3.css", UrlRole::kStyle));
  frontier.add(target("http://a/4.html", UrlRole::kDocument));
  frontier.add(target("http://a/5.css", UrlRole::kStyle));
  const crawl::Politeness politeness(10, 10);
  std::string order;
  while (auto next = frontier.next(politeness, Clock::now())) order += next->url[9];
  BOOST_TEST(order == "43521");
  BOOST_TEST(frontier.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(each_url_is_taken_once_and_the_limit_counts_urls) {
  crawl::Frontier frontier(2);
  BOOST_TEST((frontier.add(target("http://a/1")) == crawl::Frontier::Added::kNew));
  BOOST_TEST((frontier.add(target("http://a/1")) == crawl::Frontier::Added::kKnown));
  frontier.know("http://a/2");
  BOOST_TEST((frontier.add(target("http://a/2")) == crawl::Frontier::Added::kKnown));
  BOOST_TEST((frontier.add(target("http://a/3")) == crawl::Frontier::Added::kFull));
  const crawl::Politeness politeness(10, 10);
  auto first = frontier.next(politeness, Clock::now());
  BOOST_REQUIRE(first);
  frontier.put_back(*first);
  BOOST_TEST(frontier.waiting() == 1u);
  BOOST_TEST(frontier.drain().size() == 1u);
  BOOST_TEST(frontier.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(hosts_of_equal_claim_take_turns_within_their_limits) {
  crawl::Frontier frontier(100);
  for (const char* url : {"http://a/1", "http://a/2", "http://a/3", "http://b/4"})
    frontier.add(target(url));
  crawl::Politeness politeness(3, 2);
  std::string order;
  while (auto next = frontier.next(politeness, Clock::now())) {
    order += next->url[9];
    politeness.started(crawl::host_of(next->url));
  }
  BOOST_TEST(order == "142", "a, b, a; then three are under way");
  politeness.finished("http://b");
  BOOST_TEST(!frontier.next(politeness, Clock::now()), "a has two");
  politeness.allow_more("http://a");
  BOOST_TEST(frontier.next(politeness, Clock::now())->url == "http://a/3");
}

BOOST_AUTO_TEST_CASE(a_host_that_asked_for_a_pause_gets_it) {
  crawl::Frontier frontier(100);
  frontier.add(target("http://a/1"));
  crawl::Politeness politeness(3, 2);
  const auto now = Clock::now();
  politeness.pause("http://a", now + 5s);
  politeness.pause("http://a", now + 3s);
  BOOST_TEST(!frontier.next(politeness, now));
  BOOST_TEST(!frontier.next(politeness, now + 4999ms));
  BOOST_TEST((politeness.next_end(now) == now + 5s));
  BOOST_TEST(!politeness.next_end(now + 5s));
  BOOST_TEST(frontier.next(politeness, now + 5s).has_value());
}

BOOST_AUTO_TEST_CASE(retry_after_is_seconds_or_a_date) {
  const auto now = std::chrono::sys_seconds(1'000'000'000s);
  const auto asked = [&](const char* value) {
    return crawl::retry_after({{"Retry-After", value}}, now);
  };
  BOOST_TEST((asked("7") == 7s));
  BOOST_TEST((asked("0") == 0s));
  BOOST_TEST((asked(http_date(now + 90s).c_str()) == 90s));
  BOOST_TEST((asked(http_date(now - 90s).c_str()) == 0s));
  BOOST_TEST(!asked("soon"));
  BOOST_TEST(!asked("-1"));
  BOOST_TEST((*asked("18446744073709551615") > 24h), "without overflow");
  BOOST_TEST(!crawl::retry_after({}, now));
}

BOOST_AUTO_TEST_CASE(the_referrer_follows_the_webs_default_policy) {
  BOOST_TEST(crawl::referrer_for("https://a/x?y#z", "https://a/w") == "https://a/x?y");
  BOOST_TEST(crawl::referrer_for("https://a/x?y", "https://b/w") == "https://a/");
  BOOST_TEST(crawl::referrer_for("https://a/x", "http://a/w") == "");
  BOOST_TEST(crawl::referrer_for("http://a/x", "https://a/w") == "http://a/");
  BOOST_TEST(crawl::host_of("http://u:p@a:8080/x@y") == "http://a:8080");
}

BOOST_AUTO_TEST_SUITE_END()
