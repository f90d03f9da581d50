#include "replay/as_archived.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "replay/policy.h"
#include "replay/rewrite/headers.h"

namespace wm::replay {
namespace {

/// What a browser behind the proxy gets of one archived header.
http::Headers through(const http::Headers& archived) {
  rewrite::Address address;
  address.prefix = "/web/";
  address.timestamp = "20200102030405";
  address.modifier = memento::Modifier::kIdentity;
  address.document = url::Url::parse("https://a.example/dir/page?q=1").value();
  http::Headers memento =
      rewrite::replay_headers(archived, rewrite::UrlRewriter(address), address.modifier);
  memento.add("Memento-Datetime", "Thu, 02 Jan 2020 03:04:05 GMT");
  memento.add("Cache-Control", "public, max-age=31536000, immutable");
  add_policy(memento, archived_policy("http://127.0.0.1:8080"));
  return as_archived(memento, "/web/20200102030405");
}

struct Row {
  const char* reason;
  http::Header archived;
  http::Header got;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"a redirect leads to the archived address",
     {"Location", "http://b.example/x?y=1"},
     {"Location", "http://b.example/x?y=1"}},
    {"a relative one is made whole", {"Location", "/x"}, {"Location", "https://a.example/x"}},
    {"a refresh too",
     {"Refresh", "5; url=http://b.example/"},
     {"Refresh", "5; url=http://b.example/"}},
    {"a cookie has its path",
     {"Set-Cookie", "k=v; Path=/dir; HttpOnly"},
     {"Set-Cookie", "k=v; HttpOnly; Path=/dir"}},
    {"the page's own policy is in force",
     {"Content-Security-Policy", "default-src 'self'"},
     {"Content-Security-Policy", "default-src 'self'"}},
    {"cross-origin sharing too",
     {"Access-Control-Allow-Origin", "*"},
     {"Access-Control-Allow-Origin", "*"}},
    {"transport security would outlive the visit",
     {"Strict-Transport-Security", "max-age=9"},
     {"X-Archive-Orig-Strict-Transport-Security", "max-age=9"}},
    {"so would cleared data",
     {"Clear-Site-Data", "\"*\""},
     {"X-Archive-Orig-Clear-Site-Data", "\"*\""}},
    {"another service is no way round us",
     {"Alt-Svc", "h3=\":443\""},
     {"X-Archive-Orig-Alt-Svc", "h3=\":443\""}},
    {"the framing was of that connection",
     {"Transfer-Encoding", "chunked"},
     {"X-Archive-Orig-Transfer-Encoding", "chunked"}},
    {"what nobody knows stays", {"X-Powered-By", "ideas"}, {"X-Powered-By", "ideas"}},
};

}  // namespace

BOOST_DATA_TEST_CASE(an_archived_header_comes_back, boost::unit_test::data::make(kRows), row) {
  const http::Headers got = through({row.archived});
  BOOST_TEST(got.find(row.got.name).value_or("(none)") == row.got.value);
  if (row.got.name != row.archived.name) BOOST_TEST(!got.has(row.archived.name));
}

BOOST_AUTO_TEST_CASE(nothing_of_the_replay_origin_is_left_but_the_time) {
  const http::Headers got = through({{"Content-Type", "text/html"}});
  BOOST_TEST(got.joined("Cache-Control") == "no-cache");
  BOOST_TEST(!got.has("Content-Security-Policy"));
  BOOST_TEST(!got.has("Permissions-Policy"));
  BOOST_TEST(got.find("Memento-Datetime").value_or("") == "Thu, 02 Jan 2020 03:04:05 GMT");
}

}  // namespace wm::replay
