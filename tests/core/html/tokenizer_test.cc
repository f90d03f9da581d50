#include "core/html/tokenizer.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/core/html/token_list.h"

namespace wm::html {

using test::checked_tokens;
using test::shown;

struct Row {
  std::string_view why, input, tokens;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}

const Row kMarkup[] = {
    {"nothing", "", ""},
    {"text alone", "a > b & c", "text a > b & c"},
    {"a tag between texts", "x<b>y</b>z", "text x | start b | text y | end b | text z"},
    {"names keep their case", "<DIV Class=A></Div>", "start DIV Class=A | end Div"},
    {"quotes of both kinds and none", "<a b=\"1\" c='2' d=3 e>", "start a b=\"1\" c='2' d=3 e"},
    {"blanks around the equals sign", "<a b \n=\t 'c' d= e>", "start a b='c' d=e"},
    {"a missing value", "<a b=>", "start a b="},
    {"a value that is another's name", "<a b= c=d>", "start a b=c=d"},
    {"> inside quotes", "<a b='>' c=\">\">x", "start a b='>' c=\">\" | text x"},
    {"no blank between attributes", "<a b='1'c=\"2\"d>", "start a b='1' c=\"2\" d"},
    {"an equals sign begins a name", "<a =b>", "start a =b"},
    {"quotes in names and unquoted values", "<a b\"c=d'e\"f>", "start a b\"c=d'e\"f"},
    {"self-closing", "<br/><a b/><a b=c/><a / b>",
     "start br / | start a b / | start a b=c/ | start a b"},
    {"slashes between attributes", "<a/b/c=1//>", "start a b c=1//"},
    {"a line feed ends a name", "<a\nhref=x>", "start a href=x"},
    {"a slash ends a name", "<img/src=x>", "start img src=x"},
    {"of equal names the first stays", "<a b=1 B=2 c=3 b=4>", "start a b=1 c=3"},
    {"end tags may hold anything", "<b></b x='>' y/>z", "start b | end b / | text z"},
    {"a lone <", "a < b <3 <<b>>", "text a < b <3 < | start b | text >"},
    {"< at the end", "a<", "text a<"},
    {"</ at the end", "a</", "text a</"},
    {"an empty end tag is dropped", "a</>b", "text a | comment </> | text b"},
    {"an end tag that starts with no letter is a comment", "a</ b>c</1>",
     "text a | comment </ b> | text c | comment </1>"},
    {"an unfinished tag is dropped", "a<b c='d", "text a | comment <b c='d"},
    {"an unfinished end tag is dropped", "a</b", "text a | comment </b"},
    {"comments", "<!---->a<!--b-->c<!-- -- - > --!>d",
     "comment <!----> | text a | comment <!--b--> | text c | comment <!-- -- - > --!> | text d"},
    {"the shortest comments", "<!-->a<!--->b", "comment <!--> | text a | comment <!---> | text b"},
    {"an exclamation mark at the start of a comment ends nothing", "<!--!>a-->b",
     "comment <!--!>a--> | text b"},
    {"nor after one dash", "<!---!>a-->b", "comment <!---!>a--> | text b"},
    {"many dashes", "<!------>a<!---- b ---->",
     "comment <!------> | text a | comment <!---- b ---->"},
    {"a comment in a comment", "<!--<!--a-->b-->", "comment <!--<!--a--> | text b-->"},
    {"<!--<!--> is whole", "<!--<!-->a", "comment <!--<!--> | text a"},
    {"an unfinished comment", "a<!--b>", "text a | comment <!--b>"},
    {"an unfinished beginning of one", "a<!-", "text a | comment <!-"},
    {"<! at the end", "a<!", "text a | comment <!"},
    {"bogus comments", "<!a>b<?php x ?>c<!>",
     "comment <!a> | text b | comment <?php x ?> | text c | comment <!>"},
    {"doctypes of any case", "<!DOCTYPE html><!doctype HTML PUBLIC \"-//x>y",
     "doctype <!DOCTYPE html> | doctype <!doctype HTML PUBLIC \"-//x> | text y"},
    {"nearly a doctype", "<!DOCTYP html>", "comment <!DOCTYP html>"},
    {"CDATA in HTML is a bogus comment", "<![CDATA[a>b]]>", "comment <![CDATA[a> | text b]]>"},
    {"NUL bytes and others", std::string_view("a\0<b\0 c\0=\0>\xff", 12),
     std::string_view("text a\0 | start b\0 c\0=\0 | text \xff", 32)},
    {"conditional comments", "<!--[if IE]><p><![endif]-->x<![if !IE]>y<![endif]>",
     "comment <!--[if IE]><p><![endif]--> | text x | comment <![if !IE]> | text y | comment "
     "<![endif]>"},
};

BOOST_DATA_TEST_CASE(markup_is_cut_as_the_standard_says, boost::unit_test::data::make(kMarkup),
                     row) {
  BOOST_TEST(shown(checked_tokens(row.input)) == row.tokens);
}

const Row kRawText[] = {
    {"title is RCDATA", "<title>a<b>&amp;</title>c",
     "start title | rcdata(title) a<b>&amp; | end title | text c"},
    {"textarea too, of any case", "<TEXTAREA><p></textAREA >",
     "start TEXTAREA | rcdata(textarea) <p> | end textAREA"},
    {"style is raw", "<style>a>b{}</style><p>",
     "start style | raw(style) a>b{} | end style | start p"},
    {"and so are the others",
     "<xmp><b></xmp><iframe><b></iframe><noembed><b></noembed><noframes><b></noframes>",
     "start xmp | raw(xmp) <b> | end xmp | start iframe | raw(iframe) <b> | end iframe | start "
     "noembed | raw(noembed) <b> | end noembed | "
     "start noframes | raw(noframes) <b> | end noframes"},
    {"noscript holds markup, as without scripting", "<noscript><img src=a></noscript>",
     "start noscript | start img src=a | end noscript"},
    {"template holds markup", "<template><img></template>",
     "start template | start img | end template"},
    {"another end tag ends nothing", "<style></script></stylex></style>",
     "start style | raw(style) </script></stylex> | end style"},
    {"an end tag needs a blank, slash or >", "<title></title1></title/>x",
     "start title | rcdata(title) </title1> | end title / | text x"},
    {"its end tag may have attributes", "<style></style a='>'>x",
     "start style | end style | text x"},
    {"raw text that does not end", "<style>a</styl", "start style | raw(style) a</styl"},
    {"a raw end tag that does not end", "<style>a</style x",
     "start style | raw(style) a | comment </style x"},
    {"self-closing means nothing to HTML", "<script/>a</script>",
     "start script / | raw(script) a | end script"},
    {"plaintext never ends", "<plaintext>a</plaintext>",
     "start plaintext | raw(plaintext) a</plaintext>"},
    {"comparisons in scripts", "<script>if(a<b&&c</d/)</script>",
     "start script | raw(script) if(a<b&&c</d/) | end script"},
    {"a comment in a script", "<script><!-- a //--></script>b",
     "start script | raw(script) <!-- a //--> | end script | text b"},
    {"an open comment does not hide the end", "<script><!-- a</script>b",
     "start script | raw(script) <!-- a | end script | text b"},
    {"a script in a comment in a script hides one end tag",
     "<script><!--<script>a</script>b--></script>c",
     "start script | raw(script) <!--<script>a</script>b--> | end script | text c"},
    {"only after <!--", "<script><script>a</script>b",
     "start script | raw(script) <script>a | end script | text b"},
    {"the comment ends the hiding", "<script><!--<script>--></script>c",
     "start script | raw(script) <!--<script>--> | end script | text c"},
    {"two end tags", "<script><!--<script></script></script>c",
     "start script | raw(script) <!--<script></script> | end script | text c"},
    {"<!--> in a script is whole", "<script><!--><script></script>c",
     "start script | raw(script) <!--><script> | end script | text c"},
    {"and <!--->", "<script><!---><script></script>c",
     "start script | raw(script) <!---><script> | end script | text c"},
    {"a longer name hides nothing", "<script><!--<scripts></script>c",
     "start script | raw(script) <!--<scripts> | end script | text c"},
    {"an unclosed double escape goes to the end", "<script><!--<script></p>",
     "start script | raw(script) <!--<script></p>"},
    {"dashes that are apart end nothing", "<script><!--<script>- -></script></script>c",
     "start script | raw(script) <!--<script>- -></script> | end script | text c"},
};

BOOST_DATA_TEST_CASE(raw_text_ends_at_its_own_end_tag, boost::unit_test::data::make(kRawText),
                     row) {
  BOOST_TEST(shown(checked_tokens(row.input)) == row.tokens);
}

BOOST_AUTO_TEST_CASE(in_xml_no_element_holds_raw_text) {
  const auto xml = [](std::string_view input) {
    return shown(checked_tokens(input, {}, Markup::kXml));
  };
  BOOST_TEST(xml("<?xml version='1.0'?><title/><p>") ==
             "comment /foreign <?xml version='1.0'?> | start title / /foreign | start p /foreign");
  BOOST_TEST(xml("<script src='a'/><style><a/></style>") ==
             "start script src='a' / /foreign | start style /foreign | start a / /foreign | end "
             "style /foreign");
  BOOST_TEST(xml("<p><![CDATA[<b>]]></p>") ==
             "start p /foreign | cdata /foreign <![CDATA[<b>]]> | end p /foreign");
  BOOST_TEST(xml("<?a > ?><!--> -->") == "comment /foreign <?a > ?> | comment /foreign <!--> -->");
  BOOST_TEST(xml("<_x/><\xc3\xa9/>") == "start _x / /foreign | start \xc3\xa9 / /foreign");
}

BOOST_AUTO_TEST_CASE(find_takes_any_case) {
  struct Sink final : TokenSink {
    void on_token(const Token& token) override {
      BOOST_REQUIRE(token.find("href") != nullptr);
      BOOST_TEST(token.find("href")->value == "x");
      BOOST_TEST(token.find("rel") == nullptr);
    }
  } sink;
  tokenize("<a HREF=x>", sink);
}

}  // namespace wm::html
