#include "core/css/css_scanner.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/core/css/use_list.h"

namespace wm::css {

using test::checked_uses;

struct Row {
  std::string_view why, sheet, uses;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.why;
}

const Row kTokens[] = {
    {"nothing", "", ""},
    {"no URL", "a { color: red; content: 'b' } /* c */", ""},
    {"unquoted", "a{background:url(b.png)}", "resource b.png"},
    {"blanks around it", "a{background:url( \n b.png\t)}", "resource b.png"},
    {"quoted", "a{background:url(\"b.png\") url( 'c d' )}", "resource \"b.png\" | resource 'c d'"},
    {"the function in any case", "a{b:URL(x) Url('y')}", "resource x | resource 'y'"},
    {"empty ones are not told", "a{b:url() url( ) url('') url(\"\") url('\\\n')}", ""},
    {"url without parenthesis", "a{b:url url (x)}", ""},
    {"a longer name", "a{b:curl(x) urls(x) -url(x) url-x(y) _url(x) \xc3\xa9url(x)}", ""},
    {"what stands before does not matter", "a{b:c,url(x)+url(y)/url(z)!url(u)>url(v):url(w)}",
     "resource x | resource y | resource z | resource u | resource v | resource w"},
    {"a unit, hash or at-keyword is no function",
     "a{b:10url(x) 1.5url(x) .5url(x) 1e3url(x) 1e+3url(x) -1url(x) 1-url(x) #url(x) @url(x)}", ""},
    {"after a number and a delimiter it is one", "a{b:1.url(x) 1+url(y) 1e+url(z) 10%url(u)}",
     "resource x | resource y | resource z | resource u"},
    {"after CDO and CDC", "<!--url(x)-->url(y) <!-url(z) <!--url(u)",
     "resource x | resource y | resource u"},
    {"escapes in the name",
     "a{b:\\75rl(x) \\75 rl(y) u\\72l(z) ur\\00006c(u) \\55\nRL('v') \\URL(w)}",
     "resource x | resource y | resource z | resource u | resource 'v' | resource w"},
    {"escapes that make another name", "a{b:\\u\\r\\l(x) \\65url(y) url\\65(z)}", "resource x"},
    {"escapes in the URL",
     "a{b:url(esc\\61 pe.png) url(a\\)b) url(a\\ b) url('a\\'b') url(\"a\\\nb\") url('a\\\r\nb')}",
     "resource escape.png | resource a)b | resource a b | resource 'a'b' | resource \"ab\" | "
     "resource 'ab'"},
    {"escapes at their longest", "a{b:url(\\0000611) url('\\61\r\nb') url(\\1F600 x)}",
     "resource a1 | resource 'ab' | resource \xf0\x9f\x98\x80x"},
    {"escapes of no character", "a{b:url(\\0 x\\d800 y\\110000)}",
     "resource \xef\xbf\xbdx\xef\xbf\xbdy\xef\xbf\xbd"},
    {"comments", "/* url(x) */a{/**/b:/***/url(y)/*/url(z)*/}/* url(", "resource y"},
    {"no comment within a url token", "a{b:url(/*x*/) url(http://a.example/x)}",
     "resource /*x*/ | resource http://a.example/x"},
    {"a comment between name and parenthesis", "a{b:url/**/(x)}", ""},
    {"strings hide what is in them", "a{b:'url(x)' \"/*\" url(y) '\\'url(z)'}", "resource y"},
    {"a bad string ends at the line", "a{b:'c\nurl(x) \"d\\\n\" url(y)}",
     "resource x | resource y"},
    {"a bad string in url( ) is no URL", "a{b:url('c\nd) url(x)}", "resource x"},
    {"bad urls",
     "a{b:url(c d) url(c\"d) url(c'd) url(c(d) url(c\\\nd) url(c\x01"
     "d) url(x)}",
     "resource x"},
    {"a bad url ends at its parenthesis", "a{b:url(c d\\) url(e) url(x)}", "resource x"},
    {"end of input in a token", "a{b:url(x", "resource x"},
    {"end of input after blanks", "a{b:url(x ", "resource x"},
    {"end of input in a string", "a{b:url('x",
     "resource 'x"
     "'"},
    {"end of input in a name", "a{b:url", ""},
    {"data: URLs",
     "a{b:url(data:image/png;base64,AA==) url(\"data:image/svg+xml,<svg xmlns='x'/>\")}",
     "resource data:image/png;base64,AA== | resource \"data:image/svg+xml,<svg xmlns='x'/>\""},
    {"custom properties", ":root{--a:url(x);--b:{c:url(y)}}", "resource x | resource y"},
    {"a NUL byte in a name", std::string_view("\0url(x) url(\0y)", 15), "resource \xef\xbf\xbdy"},
};

BOOST_DATA_TEST_CASE(urls_are_told_by_the_tokens_of_css, boost::unit_test::data::make(kTokens),
                     row) {
  BOOST_TEST(checked_uses(row.sheet) == row.uses);
}

const Row kContexts[] = {
    {"imports",
     "@import 'a.css'; @import \"b.css\" print; @import url(c.css); @import url( 'd.css' ) screen;",
     "import 'a.css' | import \"b.css\" | import c.css | import 'd.css'"},
    {"comments and blanks in an import",
     "@import/**/\n'a.css'/**/;@IMPORT url(b.css);@\\69mport 'c.css';",
     "import 'a.css' | import b.css | import 'c.css'"},
    {"only the first is the import", "@import 'a' supports(b:url(c)) 'd'; e{f:url(g) 'h'}",
     "import 'a' | resource c | resource g"},
    {"something else before the string", "@import foo 'a'; @import (x) 'b'; @import \\\n'c';", ""},
    {"imports with layers", "@import url(a.css) layer(b) supports(display:grid);@import 'c' layer;",
     "import a.css | import 'c'"},
    {"an import that is cut off", "@import", ""},
    {"longer keywords", "@imports 'a'; @import-x 'b'; @-import 'c';", ""},
    {"namespaces", "@namespace 'a'; @namespace svg url(b); @namespace x 'c'; d{e:url(f)}",
     "namespace 'a' | namespace b | namespace 'c' | resource f"},
    {"@document holds names",
     "@-moz-document url(http://a.example/) { b{c:url(d)} } @document url('e') {}",
     "namespace http://a.example/ | resource d | namespace 'e'"},
    {"@charset is no URL", "@charset \"utf-8\"; a{b:url(c)}", "resource c"},
    {"fonts",
     "@font-face{font-family:'A';src:local('B'),url(c.woff2) format('woff2'),url(\"d.woff\")} "
     "e{f:url(g)}",
     "font c.woff2 | font \"d.woff\" | resource g"},
    {"fonts within media", "@media print{@font-face {src:url(a)} b{c:url(d)}} e{f:url(g)}",
     "font a | resource d | resource g"},
    {"the keyword escaped and in any case", "@FONT-\\46 ace/**/{src:url(a)}", "font a"},
    {"a font-face that never opens", "@font-face;a{b:url(c)}", "resource c"},
    {"brackets in a font-face close themselves only", "@font-face{a:[};src:url(b)]} c{d:url(e)}",
     "font b | resource e"},
    {"image-set", "a{b:image-set('c.png' 1x, \"d.png\" 2x, url(e.png) 3x) 'f'}",
     "resource 'c.png' | resource \"d.png\" | resource e.png"},
    {"-webkit-image-set in any case", "a{b:-WebKit-Image-Set('c.png' 1x)}", "resource 'c.png'"},
    {"a type in image-set is no URL",
     "a{b:image-set('c' type('image/avif'), 'd' type(\"image/png\"))}",
     "resource 'c' | resource 'd'"},
    {"a gradient in image-set", "a{b:image-set(linear-gradient(red,blue) 1x,'c' 2x)}",
     "resource 'c'"},
    {"image-set within another function", "a{b:cross-fade(image-set('c' 1x), url(d))}",
     "resource 'c' | resource d"},
    {"src()", "a{b:src('c') src(\"d\" x) src(var(--e)) asrc('f')}",
     "resource 'c' | resource \"d\""},
    {"only the first string of url( )", "a{b:url('c' 'd') url('e' f('g'))}",
     "resource 'c' | resource 'e'"},
    {"strings of other functions", "a{b:local('c') format(\"d\") attr(e,'f') ('g')}", ""},
    {"closing brackets too many", "}})])a{b:image-set('c' 1x)}", "resource 'c'"},
    {"blocks left open", "a{b{c{d:url(e)", "resource e"},
    {"a style attribute", "background:url(a);cursor:url('b'),auto", "resource a | resource 'b'"},
    {"cursors, lists, masks, content and borders",
     "a{cursor:url(b) 2 2,auto;list-style:url(c);mask:url(d#e);content:url(f);border-image:url(g) "
     "30}",
     "resource b | resource c | resource d#e | resource f | resource g"},
};

BOOST_DATA_TEST_CASE(what_a_url_is_for_comes_from_where_it_stands,
                     boost::unit_test::data::make(kContexts), row) {
  BOOST_TEST(checked_uses(row.sheet) == row.uses);
}

}  // namespace wm::css
