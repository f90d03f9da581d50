// What fails, what is cut, and what is asked again.
#include "archiver/capture/capture.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

#include "tests/archiver/capture/captured.h"
#include "tests/support/test_site.h"

using namespace wm;
using namespace std::chrono_literals;
using Then = test::SiteReply::Then;

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(a_failed_page_leaves_nothing_and_says_why) {
  test::TestSite site;
  site.on("/empty", {.bytes = "", .then = Then::kClose});
  site.on("/cut.pdf",
          {.bytes =
               "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 100\r\n\r\nabc",
           .then = Then::kClose});
  site.on("/mute", {.bytes = "", .then = Then::kHang});
  site.on("/large", test::html(std::string(2000, 'x')));
  test::Archive archive;
  const auto code = [&](const std::string& url, auto change) {
    auto request = archive.request(url);
    change(request);
    const auto result = archive.try_capture(request);
    BOOST_REQUIRE(!result);
    BOOST_TEST(archive.files() == 0u, url);
    return result.error().code;
  };
  const auto as_is = [](archiver::CaptureRequest&) {};
  BOOST_TEST((code("no url", as_is) == Error::Code::kInvalid));
  BOOST_TEST((code("file:///etc/passwd", as_is) == Error::Code::kDenied));
  BOOST_TEST((code(site.url("/empty"), as_is) == Error::Code::kIo));
  BOOST_TEST((code(site.url("/cut.pdf"), as_is) == Error::Code::kIo));
  BOOST_TEST((code("http://no-such-host.invalid/", as_is) == Error::Code::kNotFound));
  BOOST_TEST((code(site.url("/mute"), [](auto& request) {
                request.settings.request_timeout = 1s;
              }) == Error::Code::kTimeout));
  BOOST_TEST((code(site.url("/mute"), [](auto& request) {
                request.settings.capture_timeout = 1s;
              }) == Error::Code::kTimeout));
  BOOST_TEST((code(site.url("/large"), [](auto& request) {
                request.settings.resource_bytes = 1999;
              }) == Error::Code::kTooLarge));
  BOOST_TEST((code(site.url("/large"), [](auto& request) {
                request.settings.allow_private = false;
              }) == Error::Code::kDenied));
  BOOST_TEST((code(site.url("/large"), [](auto& request) {
                request.settings.ca_file = "/no/such/file";
              }) == Error::Code::kInvalid));
  BOOST_TEST((code(site.url("/large"), [](auto& request) { request.collection = "../x"; }) ==
              Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(a_redirect_inwards_is_refused) {
  test::TestSite site;
  site.on("/", test::redirect(302, "http://169.254.169.254/latest/meta-data/"));
  test::Archive archive;
  auto request = archive.request("http://public.example/");
  request.settings.allow_private = false;
  request.settings.proxy = "http://127.0.0.1:" + std::to_string(site.port());
  site.on("http://public.example/",
          test::redirect(302, "http://169.254.169.254/latest/meta-data/"));
  const auto result = archive.try_capture(request);
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().code == Error::Code::kDenied), result.error().what);
}

BOOST_AUTO_TEST_CASE(requisites_that_lead_inwards_are_missed_not_fetched) {
  test::TestSite proxy;
  proxy.on("http://public.example/",
           test::html("<img src='http://10.0.0.1/x'><img src='http://localhost/y'><img "
                      "src='http://a.example:22/z'>"));
  test::Archive archive;
  auto request = archive.request("http://public.example/");
  request.settings.allow_private = false;
  request.settings.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  const auto result = archive.capture(request);
  BOOST_TEST(result.missed.size() == 3u);
  BOOST_TEST(proxy.requests().size() == 2u, "the page and its favicon");
}

BOOST_AUTO_TEST_CASE(cut_resources_are_recorded_as_cut) {
  test::TestSite site;
  site.on("/", test::html("<img src=short><img src=slow><img src=large><img src=mute>"));
  site.on("/short",
          {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", .then = Then::kClose});
  site.on("/slow",
          {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", .then = Then::kHang});
  site.on("/mute", {.bytes = "", .then = Then::kHang});
  site.on("/large", test::reply(200, "", std::string(5000, 'x')));
  test::Archive archive;
  auto request = archive.request(site.url("/"));
  request.settings.idle_timeout = 1s;
  request.settings.resource_bytes = 4000;
  const auto result = archive.capture(request);
  BOOST_TEST(archive.response(site.url("/short")).field("WARC-Truncated") == "disconnect");
  BOOST_TEST(archive.response(site.url("/slow")).field("WARC-Truncated") == "time");
  BOOST_TEST(archive.response(site.url("/large")).field("WARC-Truncated") == "length");
  BOOST_TEST(archive.response(site.url("/large")).payload.size() == 4000u);
  BOOST_TEST(!archive.has(site.url("/mute")));
  for (const char* path : {"/short", "/slow", "/large", "/mute"})
    BOOST_TEST(test::reason_for(result, site.url(path)) != "", path);
  const std::string& info = archive.records.back().payload;
  BOOST_TEST((info.find("\"limits\":[\"bytes\"]") != std::string::npos), info);
}

BOOST_AUTO_TEST_CASE(half_a_page_is_better_than_none) {
  test::TestSite site;
  site.on("/", {.bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
                         "1000\r\n\r\n<img src=i.png>",
                .then = Then::kClose});
  test::Archive archive;
  const auto result = archive.capture(archive.request(site.url("/")));
  BOOST_TEST(archive.response(site.url("/")).field("WARC-Truncated") == "disconnect");
  BOOST_TEST(test::reason_for(result, site.url("/")) != "");
  BOOST_TEST(archive.has(site.url("/i.png")));
}

BOOST_AUTO_TEST_CASE(the_time_of_a_capture_ends_it_with_what_there_is) {
  test::TestSite site;
  site.on("/", test::html("<img src=good><img src=mute>"));
  site.on("/good", test::reply(200, "", "good"));
  site.on("/mute", {.bytes = "", .then = Then::kHang});
  test::Archive archive;
  auto request = archive.request(site.url("/"));
  request.settings.capture_timeout = 1s;
  const auto result = archive.capture(request);
  BOOST_TEST(archive.has(site.url("/good")));
  BOOST_TEST(test::reason_for(result, site.url("/mute")) != "");
  BOOST_TEST((archive.records.back().payload.find("\"limits\":[\"time\"]") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(the_number_and_the_depth_of_resources_are_limited) {
  test::TestSite site;
  std::string page;
  for (int i = 0; i < 10; ++i) page += "<img src=" + std::to_string(i) + ".png>";
  site.on("/", test::html(page));
  test::Archive archive;
  auto request = archive.request(site.url("/"));
  request.settings.resources = 5;
  auto result = archive.capture(request);
  BOOST_TEST(result.resources == 5u);
  BOOST_TEST(result.missed.size() == 6u);

  for (int i = 0; i < 10; ++i)
    site.on("/f" + std::to_string(i),
            test::html("<iframe src=f" + std::to_string(i + 1) + "></iframe>"));
  request = archive.request(site.url("/f0"));
  request.settings.depth = 2;
  result = archive.capture(request);
  BOOST_TEST(archive.has(site.url("/f2")));
  BOOST_TEST(!archive.has(site.url("/f3")));
  BOOST_TEST(test::reason_for(result, site.url("/f3")) != "");
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_capture_within_a_second_and_leaves_nothing) {
  test::TestSite site;
  site.on("/", test::html("<img src=mute>"));
  site.on("/mute", {.bytes = "", .then = Then::kHang});
  test::Archive archive;
  std::stop_source stop;
  std::jthread stopper([&] {
    while (site.requests_for("/mute") == 0) std::this_thread::sleep_for(1ms);
    stop.request_stop();
  });
  const auto result = archive.try_capture(archive.request(site.url("/")), stop.get_token());
  const auto ended = std::chrono::steady_clock::now();
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().code == Error::Code::kBusy));
  BOOST_TEST(archive.files() == 0u);
  stopper.join();
  BOOST_TEST((std::chrono::steady_clock::now() - ended < 1s));
}

BOOST_AUTO_TEST_CASE(a_busy_server_is_asked_again_after_the_pause_it_wants) {
  test::TestSite site;
  const auto busy_once = [](int status, std::string then) {
    auto count = std::make_shared<std::atomic<int>>(0);
    return [=](const test::SiteRequest&) {
      return (*count)++ == 0 ? test::reply(status, "Retry-After: 1\r\n", "busy") : test::html(then);
    };
  };
  site.on("/", busy_once(503, "<img src=i.png><img src=j.png>"));
  site.on("/i.png", busy_once(429, "picture"));
  site.on("/j.png", test::reply(503, "Retry-After: 86400\r\n", "not today"));
  test::Archive archive;
  const auto result = archive.capture(archive.request(site.url("/")));
  BOOST_TEST(result.status == 200);
  BOOST_TEST(archive.response(site.url("/i.png")).payload == "picture");
  BOOST_TEST(site.requests_for("/j.png") == 1u);
  BOOST_TEST(test::reason_for(result, site.url("/j.png")) == "the server answered 503");
}

BOOST_AUTO_TEST_CASE(a_broken_connection_is_tried_once_more) {
  test::TestSite site;
  auto count = std::make_shared<std::atomic<int>>(0);
  site.on("/", test::html("<img src=flaky><img src=never>"));
  site.on("/flaky", [=](const test::SiteRequest&) {
    return (*count)++ == 0 ? test::SiteReply{.bytes = "HTTP/1.1 200", .then = Then::kClose}
                           : test::reply(200, "", "here");
  });
  site.on("/never", {.bytes = "HTTP/1.1 200", .then = Then::kClose});
  test::Archive archive;
  const auto result = archive.capture(archive.request(site.url("/")));
  BOOST_TEST(archive.response(site.url("/flaky")).payload == "here");
  BOOST_TEST(test::reason_for(result, site.url("/never")) != "");
  BOOST_TEST(site.requests_for("/never") >= 2u);
}

BOOST_AUTO_TEST_CASE(a_host_is_asked_no_more_than_its_share_at_a_time) {
  test::TestSite site;
  std::string page;
  for (int i = 0; i < 12; ++i) {
    page += "<img src=" + std::to_string(i) + ">";
    auto slow = test::reply(200, "", std::to_string(i));
    slow.delay = 30ms;
    site.on("/" + std::to_string(i), slow);
  }
  site.on("/", test::html(page));
  test::Archive archive;
  auto request = archive.request(site.url("/"));
  request.settings.parallel_per_host = 3;
  archive.capture(request);
  BOOST_TEST(site.most_at_once() <= 3u);
  BOOST_TEST(site.most_at_once() >= 2u);
  BOOST_TEST(site.connections() <= 3u);
}

BOOST_AUTO_TEST_CASE(credentials_go_to_the_seeds_host_only_and_not_into_the_archive) {
  test::TestSite site, other;
  site.on("/", test::html("<img src=own><img src='" + other.url("/foreign") + "'>"));
  test::Archive archive;
  auto request =
      archive.request("http://user:secret@127.0.0.1:" + std::to_string(site.port()) + "/");
  request.settings.extra_headers = {{"Authorization", "Bearer token"}, {"X-Note", "for all"}};
  const auto result = archive.capture(request);
  BOOST_TEST(result.final_url == site.url("/"));
  for (const auto& asked : site.requests())
    BOOST_TEST((asked.head.find("Bearer token") != std::string::npos));
  for (const auto& asked : other.requests()) {
    BOOST_TEST((asked.head.find("Bearer token") == std::string::npos));
    BOOST_TEST((asked.head.find("X-Note: for all") != std::string::npos));
  }
  for (const auto& record : archive.records) {
    BOOST_TEST((record.head + record.payload).find("token") == std::string::npos);
    BOOST_TEST(record.uri.find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(progress_is_told) {
  test::TestSite site;
  site.on("/", test::html("<img src=i>"));
  const auto dir = test::temp_dir();
  test::MapLookup lookup;
  archiver::HttpEngine engine(dir.path(), lookup);
  archiver::CaptureRequest request{
      .url = site.url("/"), .collection = "web", .capture_id = "p", .settings = {}};
  request.settings.allow_private = true;
  std::vector<archiver::CaptureProgress> told;
  BOOST_REQUIRE(
      engine.capture(request, {}, [&](const auto& progress) { told.push_back(progress); }));
  BOOST_REQUIRE(told.size() >= 2u);
  BOOST_TEST(told.front().current_url == site.url("/"));
  BOOST_TEST(told.back().fetched == 3u);
  BOOST_TEST(told.back().known == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
