#include "tests/replay/rewrite/rewrite_support.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace wm;

namespace {

struct Row {
  const char* reason;
  const char* input;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kRows[] = {
    {"an absolute URL", "a{background:url(http://b.example/x.png)}",
     "a{background:url(/web/2020oe_/http://b.example/x.png)}"},
    {"a quoted one", "a{background:url( \"http://b.example/x.png\" )}",
     "a{background:url( \"/web/2020oe_/http://b.example/x.png\" )}"},
    {"host-relative", "a{background:url('/x.png')}",
     "a{background:url('/web/2020oe_/http://a.example/x.png')}"},
    {"scheme-relative", "a{background:url(//b.example/x.png)}",
     "a{background:url(/web/2020oe_///b.example/x.png)}"},
    {"relative is right already", "a{background:url(../x.png)}", "a{background:url(../x.png)}"},
    {"climbing out of the host", "a{background:url(../../../x.png)}",
     "a{background:url(/web/2020oe_/http://a.example/x.png)}"},
    {"data is no address", "a{background:url(data:image/png;base64,AA==)}",
     "a{background:url(data:image/png;base64,AA==)}"},
    {"an import", "@import 'http://b.example/x.css';",
     "@import '/web/2020cs_/http://b.example/x.css';"},
    {"an import by url()", "@import url(/x.css) screen;",
     "@import url(/web/2020cs_/http://a.example/x.css) screen;"},
    {"a namespace is a name", "@namespace url(http://www.w3.org/1999/xhtml);",
     "@namespace url(http://www.w3.org/1999/xhtml);"},
    {"a comment is none", "/* url(http://b.example/) */", "/* url(http://b.example/) */"},
    {"a string is none", "a{content:\"url(http://b.example/)\"}",
     "a{content:\"url(http://b.example/)\"}"},
    {"a fragment", "a{fill:url(#paint)}", "a{fill:url(#paint)}"},
    {"escapes stay as written", "a{background:url(http://b.example/\\28 x)}",
     "a{background:url(/web/2020oe_/http://b.example/\\28 x)}"},
    {"an image-set", "a{background:image-set('/a.png' 1x, '/b.png' 2x)}",
     "a{background:image-set('/web/2020oe_/http://a.example/a.png' 1x, "
     "'/web/2020oe_/http://a.example/b.png' 2x)}"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(css)

BOOST_DATA_TEST_CASE(urls_get_a_prefix_and_all_else_stays, boost::unit_test::data::make(kRows),
                     row) {
  test::check_rewrite(rewrite::Kind::kCss, row.input, row.expected, "http://a.example/css/main.css",
                      {.timestamp = "2020"});
}

BOOST_AUTO_TEST_SUITE_END()
