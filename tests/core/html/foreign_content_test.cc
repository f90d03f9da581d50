#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/core/html/token_list.h"

namespace wm::html {

using test::checked_tokens;
using test::shown;

struct ForeignRow {
  std::string_view why, input, tokens;
};
std::ostream& operator<<(std::ostream& out, const ForeignRow& row) {
  return out << row.why;
}

const ForeignRow kRows[] = {
    {"style and script in svg hold markup",
     "<svg><style>a<g/></style><script>x<g/></script></svg><style><i></style>",
     "start svg /foreign | start style /foreign | text /foreign a | start g / /foreign | end style "
     "/foreign | start script /foreign | "
     "text /foreign x | start g / /foreign | end script /foreign | end svg /foreign | start style "
     "| raw(style) <i> | end style"},
    {"CDATA in svg", "<svg><style><![CDATA[a>b]]></style></svg>",
     "start svg /foreign | start style /foreign | cdata /foreign <![CDATA[a>b]]> | end style "
     "/foreign | end svg /foreign"},
    {"CDATA with many brackets", "<math><![CDATA[]]]]></math>",
     "start math /foreign | cdata /foreign <![CDATA[]]]]> | end math /foreign"},
    {"CDATA of any other case is a comment", "<svg><![cdata[a>",
     "start svg /foreign | comment /foreign <![cdata[a>"},
    {"unfinished CDATA", "<svg><![CDATA[a>]", "start svg /foreign | cdata /foreign <![CDATA[a>]"},
    {"a self-closing svg holds nothing", "<svg/><style><a></style>",
     "start svg / /foreign | start style | raw(style) <a> | end style"},
    {"title in svg takes HTML, and text",
     "<svg><title>a<b>c</title><path/></svg><title><b></title>",
     "start svg /foreign | start title /foreign | text /foreign a | start b | text c | end title | "
     "start path / /foreign | end svg /foreign | "
     "start title | rcdata(title) <b> | end title"},
    {"foreignObject takes HTML",
     "<svg><foreignObject><style><b></style></foreignObject><style><g/></style></svg>",
     "start svg /foreign | start foreignObject /foreign | start style | raw(style) <b> | end style "
     "| end foreignObject | start style /foreign | "
     "start g / /foreign | end style /foreign | end svg /foreign"},
    {"desc too", "<svg><desc><script><b></script></desc>",
     "start svg /foreign | start desc /foreign | start script | raw(script) <b> | end script | end "
     "desc"},
    {"svg within foreignObject within svg",
     "<svg><foreignObject><p><svg><style><g/></style></svg></p></foreignObject><style/></svg>",
     "start svg /foreign | start foreignObject /foreign | start p | start svg /foreign | start "
     "style /foreign | start g / /foreign | "
     "end style /foreign | end svg /foreign | end p | end foreignObject | start style / /foreign | "
     "end svg /foreign"},
    {"a breakout tag ends foreign content", "<svg><g><div><style><b></style>",
     "start svg /foreign | start g /foreign | start div | start style | raw(style) <b> | end "
     "style"},
    {"only as far as the integration point", "<svg><desc><svg><p></desc><style/></svg>",
     "start svg /foreign | start desc /foreign | start svg /foreign | start p | end desc | start "
     "style / /foreign | end svg /foreign"},
    {"font breaks out with color, face or size only",
     "<svg><font x=1><style/><font COLOR=red><style><b></style>",
     "start svg /foreign | start font x=1 /foreign | start style / /foreign | start font COLOR=red "
     "| start style | raw(style) <b> | end style"},
    {"</p> and </br> break out", "<svg></p><style><b></style><svg></br><style><b></style>",
     "start svg /foreign | end p /foreign | start style | raw(style) <b> | end style | start svg "
     "/foreign | end br /foreign | start style | "
     "raw(style) <b> | end style"},
    {"an end tag of HTML around closes an open svg", "<div><svg><path></div><style><b></style>",
     "start div | start svg /foreign | start path /foreign | end div /foreign | start style | "
     "raw(style) <b> | end style"},
    {"</a> closes svg's own a first", "<a><svg><a></a><style/></a><style><b></style>",
     "start a | start svg /foreign | start a /foreign | end a /foreign | start style / /foreign | "
     "end a /foreign | start style | raw(style) <b> | end style"},
    {"the same of a custom element", "<my-card><svg></my-card><style><b></style>",
     "start my-card | start svg /foreign | end my-card /foreign | start style | raw(style) <b> | "
     "end style"},
    {"a stray end tag does not", "<b></b><svg></b></span><style/>",
     "start b | end b | start svg /foreign | end b /foreign | end span /foreign | start style / "
     "/foreign"},
    {"nor one of what is open around an integration point",
     "<div><svg><desc></div><![CDATA[<]]></desc><style/>",
     "start div | start svg /foreign | start desc /foreign | end div /foreign | cdata /foreign "
     "<![CDATA[<]]> | end desc /foreign | start style / /foreign"},
    {"nor </body> and </form>", "<body><form><svg></form></body><style/>",
     "start body | start form | start svg /foreign | end form /foreign | end body /foreign | start "
     "style / /foreign"},
    {"an end tag without effect", "<svg></desc></x><style/>",
     "start svg /foreign | end desc /foreign | end x /foreign | start style / /foreign"},
    {"mi takes HTML, but for mglyph",
     "<math><mi><mglyph><style/></mglyph></mi><mi><style><b></style></mi><style/></math>",
     "start math /foreign | start mi /foreign | start mglyph /foreign | start style / /foreign | "
     "end mglyph /foreign | end mi /foreign | "
     "start mi /foreign | start style | raw(style) <b> | end style | end mi | start style / "
     "/foreign | end math /foreign"},
    {"annotation-xml takes HTML by its encoding",
     "<math><annotation-xml encoding='Text/HTML'><style><b></style></annotation-xml></math>",
     "start math /foreign | start annotation-xml encoding='Text/HTML' /foreign | start style | "
     "raw(style) <b> | end style | end annotation-xml | end math /foreign"},
    {"annotation-xml takes svg always",
     "<math><annotation-xml><style/><svg><desc><style><b></style>",
     "start math /foreign | start annotation-xml /foreign | start style / /foreign | start svg "
     "/foreign | start desc /foreign | start style | "
     "raw(style) <b> | end style"},
    {"</svg> ends what is open in it", "<svg><desc><g></svg><style><b></style>",
     "start svg /foreign | start desc /foreign | start g | end svg | start style | raw(style) <b> "
     "| end style"},
    {"names of any case",
     "<SVG><FOREIGNOBJECT><STYLE><b></STYLE></ForeignObject></SVG><STYLE><b></STYLE>",
     "start SVG /foreign | start FOREIGNOBJECT /foreign | start STYLE | raw(style) <b> | end STYLE "
     "| end ForeignObject | end SVG /foreign | "
     "start STYLE | raw(style) <b> | end STYLE"},
};

BOOST_DATA_TEST_CASE(svg_and_mathml_have_rules_of_their_own, boost::unit_test::data::make(kRows),
                     row) {
  BOOST_TEST(shown(checked_tokens(row.input)) == row.tokens);
}

BOOST_AUTO_TEST_CASE(depth_beyond_the_limit_is_counted_not_kept) {
  std::string input = "<svg>";
  for (int i = 0; i < 1000; ++i) input += "<g>";
  input += "<style/>";
  for (int i = 0; i < 1000; ++i) input += "</g>";
  const auto inside = test::tokens_of({input + "<style/></svg><style><b></style>"}).lines;
  BOOST_TEST(inside[inside.size() - 5] == "start style / /foreign");
  BOOST_TEST(inside[inside.size() - 2] == "raw(style) <b>");
  const auto broken = test::tokens_of({input.substr(0, 2000) + "<p><style><b></style>"}).lines;
  BOOST_TEST(broken[broken.size() - 2] == "raw(style) <b>");
}

}  // namespace wm::html
