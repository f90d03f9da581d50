#include "archiver/capture/capture.h"

#include <boost/test/unit_test.hpp>

#include "core/base/digest.h"
#include "core/http/body.h"
#include "tests/archiver/capture/captured.h"
#include "tests/support/nginx.h"
#include "tests/support/test_site.h"

using namespace wm;
using namespace std::chrono_literals;
using Then = test::SiteReply::Then;

BOOST_AUTO_TEST_SUITE(capture)

BOOST_AUTO_TEST_CASE(a_page_is_captured_with_its_requisites_and_theirs) {
  test::TestSite site;
  site.on("/", test::html("<link rel=stylesheet href=/s.css><img src=i.png><script type=module "
                          "src=m.js></script><iframe src=f.html></iframe>"
                          "<a href=/elsewhere.html>no</a>"));
  site.on("/s.css", test::reply(200, "Content-Type: text/css\r\n",
                                "@import 't.css'; a{background:url(b.png)}"));
  site.on("/t.css", test::reply(200, "Content-Type: text/css\r\n", "@font-face{src:url(f.woff2)}"));
  site.on("/m.js", test::reply(200, "Content-Type: text/javascript\r\n", "import './n.js'"));
  site.on("/f.html", test::html("<img src=in-frame.png>"));
  for (const char* path :
       {"/i.png", "/b.png", "/f.woff2", "/n.js", "/in-frame.png", "/favicon.ico"}) {
    site.on(path, test::reply(200, "Content-Type: application/octet-stream\r\n",
                              std::string("bytes of ") + path));
  }
  test::Archive archive;
  const auto result = archive.capture(archive.request(site.url("/#top")));
  for (const char* path : {"/", "/s.css", "/i.png", "/t.css", "/b.png", "/f.woff2", "/m.js",
                           "/n.js", "/f.html", "/in-frame.png", "/favicon.ico"}) {
    BOOST_TEST(archive.has(site.url(path)), path);
    BOOST_TEST(site.requests_for(path) == 1u, path);
  }
  BOOST_TEST(site.requests_for("/elsewhere.html") == 0u);
  BOOST_TEST(archive.response(site.url("/b.png")).payload == "bytes of /b.png");
  BOOST_TEST(result.resources == 11u);
  BOOST_TEST(result.final_url == site.url("/"));
  BOOST_TEST(result.status == 200);
  BOOST_TEST(result.mime == "text/html");
  BOOST_TEST(result.missed.empty());
  BOOST_TEST(result.revisits == 0u);
  const auto& page = archive.response(site.url("/"));
  const auto date = parse_w3c_date(page.field("WARC-Date")).value();
  BOOST_TEST((result.time == Time14(std::chrono::floor<std::chrono::seconds>(date))));
  BOOST_TEST(page.field("WARC-IP-Address") == "127.0.0.1");
  BOOST_TEST(page.field("WARC-Protocol") == "http/1.1");
  BOOST_TEST(page.field("WARC-Resource-Type") == "document");
  BOOST_TEST(archive.files() == 1u);
}

BOOST_AUTO_TEST_CASE(requests_carry_the_referrer_and_what_their_kind_accepts) {
  test::TestSite site, other;
  site.on("/dir/?q",
          test::html("<link rel=stylesheet href=s.css><img src='" + other.url("/i.png") + "'>"));
  test::Archive archive;
  archive.capture(archive.request(site.url("/dir/?q")));
  const auto head_of = [](const test::TestSite& from, std::string_view target) {
    for (const auto& request : from.requests()) {
      if (request.target == target) return request.head;
    }
    return std::string();
  };
  BOOST_TEST((head_of(site, "/dir/?q").find("Referer") == std::string::npos));
  BOOST_TEST((head_of(site, "/dir/s.css").find("\r\nReferer: " + site.url("/dir/?q") + "\r\n") !=
              std::string::npos));
  BOOST_TEST((head_of(site, "/dir/s.css").find("\r\nAccept: text/css,") != std::string::npos));
  BOOST_TEST((head_of(other, "/i.png").find("\r\nReferer: " + site.url("/") + "\r\n") !=
              std::string::npos));
}

BOOST_AUTO_TEST_CASE(each_hop_of_a_redirect_is_a_pair_of_its_own) {
  test::TestSite site;
  site.on("/a", test::reply(301, "Location: /b?x=1\r\n", "moved"));
  site.on("/b?x=1", test::redirect(302, site.url("/c#part")));
  site.on("/c", test::html("<img src=i>"));
  site.on("/i", test::redirect(307, "j"));
  site.on("/j", test::reply(200, "Content-Type: image/png\r\n", "png"));
  test::Archive archive;
  const auto result = archive.capture(archive.request(site.url("/a")));
  BOOST_TEST(result.final_url == site.url("/c"));
  BOOST_TEST(archive.response(site.url("/a")).payload == "moved");
  BOOST_TEST(archive.response(site.url("/b?x=1")).head.starts_with("HTTP/1.1 302"));
  BOOST_TEST(archive.response(site.url("/i")).head.starts_with("HTTP/1.1 307"));
  BOOST_TEST(archive.response(site.url("/j")).payload == "png");
  const auto page = parse_w3c_date(archive.response(site.url("/c")).field("WARC-Date")).value();
  BOOST_TEST((result.time == Time14(std::chrono::floor<std::chrono::seconds>(page))));
  BOOST_TEST(result.missed.empty());
}

BOOST_AUTO_TEST_CASE(a_redirect_without_end_is_an_error_for_the_page_and_told_for_a_requisite) {
  test::TestSite site;
  site.on("/loop", test::redirect(302, "/loop"));
  site.on("/", test::html("<img src=/n0>"));
  for (int i = 0; i < 20; ++i)
    site.on("/n" + std::to_string(i), test::redirect(302, "/n" + std::to_string(i + 1)));
  test::Archive archive;
  const auto looped = archive.try_capture(archive.request(site.url("/loop")));
  BOOST_REQUIRE(!looped);
  BOOST_TEST((looped.error().code == Error::Code::kInvalid));
  BOOST_TEST(site.requests_for("/loop") == 11u);
  BOOST_TEST(archive.files() == 0u);
  const auto result = archive.capture(archive.request(site.url("/")));
  BOOST_TEST(archive.has(site.url("/n10")));
  BOOST_TEST(!archive.has(site.url("/n11")));
  BOOST_TEST(test::reason_for(result, site.url("/n11")) == "too many redirects");
}

BOOST_AUTO_TEST_CASE(a_page_that_sets_a_cookie_and_sends_back_to_itself_is_reached) {
  test::TestSite site;
  site.on("/", [](const test::SiteRequest& request) {
    return request.head.find("Cookie: seen=1") != std::string::npos
               ? test::html("in")
               : test::reply(302, "Set-Cookie: seen=1\r\nLocation: /\r\n", "");
  });
  test::Archive archive;
  BOOST_TEST(archive.capture(archive.request(site.url("/"))).status == 200);
  BOOST_TEST(archive.find("response", site.url("/")).size() == 2u);
}

BOOST_AUTO_TEST_CASE(bodies_are_stored_de_chunked_and_still_coded) {
  test::TestSite site;
  const std::string page = "<img src=inside.png>" + std::string(3000, ' ');
  const std::string coded = http::gzip(page);
  site.on("/", test::chunked("Content-Type: text/html\r\nContent-Encoding: gzip\r\n", coded, 100));
  test::Archive archive;
  archive.capture(archive.request(site.url("/")));
  const auto& stored = archive.response(site.url("/"));
  BOOST_TEST(stored.payload == coded);
  BOOST_TEST((stored.head.find("x-orig-transfer-encoding: chunked\r\n") != std::string::npos));
  BOOST_TEST((stored.head.find("\r\nContent-Length: " + std::to_string(coded.size()) + "\r\n") !=
              std::string::npos));
  BOOST_TEST(site.requests_for("/inside.png") == 1u);
}

BOOST_AUTO_TEST_CASE(large_bodies_go_through_the_disk_byte_for_byte) {
  test::TestSite site;
  std::string large;
  for (unsigned i = 0; large.size() < (9u << 20); ++i) large += std::to_string(i * 2654435761u);
  site.on("/", test::html("<img src=/large>"));
  site.on("/large", test::reply(200, "", large));
  test::Archive archive;
  archive.capture(archive.request(site.url("/")));
  BOOST_TEST((archive.response(site.url("/large")).payload == large));
}

// Revisits
// -------------------------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_payload_held_already_becomes_a_revisit) {
  test::TestSite site;
  site.on("/", test::html("<img src=old.png><img src=empty><img src=new.png>"));
  site.on("/old.png", test::chunked("Content-Type: image/png\r\n", "held", 2));
  site.on("/new.png", test::reply(200, "Content-Type: image/png\r\n", "not held"));
  site.on("/empty", test::reply(200, "", ""));
  test::Archive archive;
  const SysMicros date = parse_w3c_date("2020-01-02T03:04:05Z").value();
  archive.lookup.held[sha1_digest("held")] = {"http://b.example/x", date};
  archive.lookup.held[sha1_digest("")] = {"http://b.example/empty", date};
  const auto result = archive.capture(archive.request(site.url("/")));
  BOOST_TEST(result.revisits == 1u);
  const auto revisits = archive.find("revisit", site.url("/old.png"));
  BOOST_REQUIRE(revisits.size() == 1u);
  const auto& revisit = *revisits.front();
  BOOST_TEST(revisit.field("WARC-Refers-To-Target-URI") == "http://b.example/x");
  BOOST_TEST(revisit.field("WARC-Refers-To-Date") == "2020-01-02T03:04:05Z");
  BOOST_TEST(revisit.field("WARC-Payload-Digest") == sha1_digest("held"));
  BOOST_TEST(revisit.head.starts_with(
      "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nx-orig-transfer-encoding: chunked\r\n"));
  BOOST_TEST(archive.response(site.url("/empty")).payload == "");
  BOOST_TEST(archive.response(site.url("/new.png")).payload == "not held");
}

BOOST_AUTO_TEST_CASE(equal_payloads_within_a_capture_are_stored_once) {
  test::TestSite site;
  site.on("/", test::html("<img src=1.png><img src=2.png><img src=3.png>"));
  for (const char* path : {"/1.png", "/2.png", "/3.png"})
    site.on(path, test::reply(200, "Content-Type: image/png\r\n", "the same"));
  test::Archive archive;
  const auto result = archive.capture(archive.request(site.url("/")));
  BOOST_TEST(result.revisits == 2u);
  std::vector<const test::StoredRecord*> originals, revisits;
  for (const char* path : {"/1.png", "/2.png", "/3.png"}) {
    for (const auto* record : archive.find("response", site.url(path))) originals.push_back(record);
    for (const auto* record : archive.find("revisit", site.url(path))) revisits.push_back(record);
  }
  BOOST_REQUIRE(originals.size() == 1u);
  BOOST_REQUIRE(revisits.size() == 2u);
  for (const auto* revisit : revisits) {
    BOOST_TEST(revisit->field("WARC-Refers-To-Target-URI") == originals.front()->uri);
    BOOST_TEST(revisit->field("WARC-Refers-To-Date") == originals.front()->field("WARC-Date"));
    BOOST_TEST(revisit->field("WARC-Refers-To") == originals.front()->field("WARC-Record-ID"));
  }
}

// Pages of every kind
// --------------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(what_is_not_html_is_captured_as_it_is) {
  test::TestSite site;
  site.on("/a.pdf",
          test::reply(200, "Content-Type: application/pdf\r\n", "%PDF-1.4 <img src=no.png>"));
  site.on("/a.txt", test::reply(200, "Content-Type: text/plain\r\n", "<img src=no.png>"));
  site.on("/bare", test::reply(200, "", "no type, no markup"));
  for (const char* path : {"/a.pdf", "/a.txt", "/bare"}) {
    test::Archive archive;
    const auto result = archive.capture(archive.request(site.url(path)));
    BOOST_TEST(result.resources == 1u);
  }
  BOOST_TEST(site.requests().size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_error_page_is_a_capture_too) {
  test::TestSite site;
  site.on("/gone", test::reply(410, "Content-Type: text/html\r\n", "<img src=sad.png>"));
  test::Archive archive;
  const auto result = archive.capture(archive.request(site.url("/gone")));
  BOOST_TEST(result.status == 410);
  BOOST_TEST(archive.has(site.url("/sad.png")),
             "and what it shows is part of it, with its own 404");
  BOOST_TEST(result.missed.empty());
}

BOOST_AUTO_TEST_CASE(odd_answers_are_stored_so_that_every_reader_reads_them) {
  test::TestSite site;
  const std::string tags = "<img src=lf><img src=line><img src=nolength><img src=head>";
  site.on("/", test::html(tags));
  site.on("/lf", {.bytes = "HTTP/1.1 200 OK\nContent-Type: image/png\nContent-Length: 3\n\nabc"});
  site.on("/line", {.bytes = "HTTP/1.1 200 OK\r\nbad name: x\r\nA : "
                             "b\r\nContent-Length: 3\r\n\r\nxyz"});
  site.on("/nolength",
          {.bytes = "HTTP/1.0 200\r\nX: \xff\xfe\r\n\r\nall of it", .then = Then::kClose});
  site.on("/head", {.bytes = "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"});
  test::Archive archive;
  const auto result = archive.capture(archive.request(site.url("/")));
  BOOST_TEST(result.missed.empty());
  BOOST_TEST(archive.response(site.url("/lf")).payload == "abc");
  BOOST_TEST(archive.response(site.url("/line")).payload == "xyz");
  BOOST_TEST(archive.response(site.url("/nolength")).payload == "all of it");
  BOOST_TEST(archive.response(site.url("/head")).head == "HTTP/1.1 204 No Content\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(urls_of_odd_characters_are_recorded_as_uris) {
  test::TestSite site;
  site.on("/", test::html("<img src='a|b^c.png?x={y}&amp;z=\xe4\xb8\xad'><img src='sp ace.png'>"));
  test::Archive archive;
  archive.capture(archive.request(site.url("/")));
  BOOST_TEST(archive.has(site.url("/sp%20ace.png")));
  BOOST_TEST(archive.has(site.url("/a%7Cb%5Ec.png?x=%7By%7D&z=%E4%B8%AD")),
             "as WARC-Target-URI must be an RFC 3986 URI");
}

// HTTP/2
// ---------------------------------------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_site_over_http2_and_tls_is_captured) {
  const auto root = test::temp_dir();
  std::string page = "<link rel=stylesheet href=s.css>";
  for (int i = 0; i < 40; ++i) {
    page += "<img src=" + std::to_string(i) + ".png>";
    BOOST_REQUIRE(
        replace_file(root.path() / (std::to_string(i) + ".png"), "picture " + std::to_string(i)));
  }
  BOOST_REQUIRE(replace_file(root.path() / "index.html", page));
  BOOST_REQUIRE(
      replace_file(root.path() / "s.css", "a{background:url(0.png)}" + std::string(2000, ' ')));
  const auto nginx = test::Nginx::start(root.path(), "secure.example");
  if (!nginx) return;
  const std::string base = "https://secure.example:" + std::to_string(nginx->tls_port()) + "/";
  test::Archive archive;
  auto request = archive.request(base);
  request.settings.ca_file = nginx->ca_file();
  request.settings.resolve = {"secure.example:" + std::to_string(nginx->tls_port()) + ":127.0.0.1"};
  const auto result = archive.capture(request);
  BOOST_TEST(result.missed.empty());
  BOOST_TEST(result.resources == 43u);
  const auto& stored = archive.response(base + "39.png");
  BOOST_TEST(stored.payload == "picture 39");
  BOOST_TEST(stored.head.starts_with("HTTP/1.1 200 OK\r\n"));
  BOOST_TEST(stored.fields.all("WARC-Protocol") == (std::vector<std::string_view>{"h2", "tls/1.3"}),
             boost::test_tools::per_element());
  BOOST_TEST(stored.field("WARC-Cipher-Suite").starts_with("TLS_"));
  BOOST_TEST(
      (archive.response(base + "s.css").head.find("content-encoding: gzip") != std::string::npos));
  BOOST_TEST(
      archive.find("request", base + "39.png").at(0)->head.starts_with("GET /39.png HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(a_page_that_is_left_to_another_engine_leaves_nothing_behind) {
  test::TestSite site;
  site.on("/shell", test::html("<div id=app></div><script src=/a.js></script>"));
  site.on("/plain", test::reply(200, "Content-Type: text/plain\r\n", "<div id=app></div>"));
  test::Archive archive;
  auto request = archive.request(site.url("/shell"));
  std::string seen;
  request.leave = [&](const archiver::PageSource& page) -> std::optional<std::string> {
    seen += page.html;
    return "a shell";
  };
  const auto result = archive.try_capture(request).value();
  BOOST_TEST(result.left == "a shell");
  BOOST_TEST(result.warc == "");
  BOOST_TEST(seen.starts_with("<div id=app>"));
  BOOST_TEST(archive.files() == 0u);
  BOOST_TEST(site.requests_for("/a.js") == 0u);
  request.url = site.url("/plain");
  BOOST_TEST(archive.try_capture(request).value().left == "", "only HTML is asked about");
}

BOOST_AUTO_TEST_SUITE_END()
