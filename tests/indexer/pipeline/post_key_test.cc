#include "indexer/cdx/post_key.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

using namespace wm;

namespace {

struct Row {
  const char* why;
  const char* url;
  const char* method;
  const char* type;
  const char* body;
  const char* filed;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}

const Row kRows[] = {
    {"GET is filed as it is", "http://a/?b", "GET", "", "", "http://a/?b"},
    {"HEAD has a key of its own", "http://a/", "HEAD", "", "", "http://a/?__wb_method=HEAD"},
    {"a query goes on", "http://a/?b", "options", "", "", "http://a/?b&__wb_method=OPTIONS"},
    {"the fragment goes", "http://a/#f", "POST", "", "", "http://a/?__wb_method=POST"},
    {"a form is decoded", "http://a/", "POST", "application/x-www-form-urlencoded; charset=x",
     "a=%5Etest+x&b=%E4%B8%AD", "http://a/?__wb_method=POST&a=^test x&b=中"},
    {"a form that is no text", "http://a/", "POST", "application/x-www-form-urlencoded", "a=%FF",
     "http://a/?__wb_method=POST&__wb_post_data=YT0lRkY="},
    {"JSON gives its leaves", "http://a/", "POST", "application/json",
     R"({"a":{"b":"x y","c":[1,2.0,2.5]},"d":true,"e":null})",
     "http://a/?__wb_method=POST&b=x+y&c=1&c.2_=2&c.3_=2.5&d=true&e=null"},
    {"JSON that calls itself text", "http://a/", "POST", "text/plain", R"({"a":1})",
     "http://a/?__wb_method=POST&a=1"},
    {"text that is no JSON", "http://a/", "POST", "text/plain", "hello",
     "http://a/?__wb_method=POST&__wb_post_data=aGVsbG8="},
    {"parts of a multipart form", "http://a/", "POST", "multipart/form-data; boundary=\"XX\"",
     "--XX\r\nContent-Disposition: form-data; "
     "name=\"a\"\r\n\r\none\r\n--XX\r\nContent-Disposition: form-data; name=b; "
     "filename=\"f\"\r\nContent-Type: x/y\r\n\r\nt w o\r\n--XX--\r\n",
     "http://a/?__wb_method=POST&a=one&b=t+w+o"},
    {"a multipart form without a boundary", "http://a/", "POST", "multipart/form-data", "x",
     "http://a/?__wb_method=POST&__wb_post_data=eA=="},
    {"other bytes", "http://a/", "PUT", "application/octet-stream", "\x01\x02",
     "http://a/?__wb_method=PUT&__wb_post_data=AQI="},
};

}  // namespace

BOOST_DATA_TEST_CASE(where_a_request_is_filed, boost::unit_test::data::make(kRows), row) {
  const test::ExactCopy body(row.body);
  BOOST_TEST(cdx::url_with_request(
                 row.url, {.method = row.method, .content_type = row.type, .body = body.view()}) ==
             row.filed);
}

BOOST_AUTO_TEST_CASE(long_and_deep_bodies_are_cut) {
  BOOST_TEST(
      cdx::url_with_request(
          "http://a/", {.method = "POST", .content_type = "", .body = std::string(1 << 21, 'x')})
          .size() < 4200u);
  const std::string deep = std::string(100000, '[') + "1" + std::string(100000, ']');
  BOOST_TEST(cdx::url_with_request(
                 "http://a/", {.method = "POST", .content_type = "application/json", .body = deep})
                 .size() < 4200u);
}
