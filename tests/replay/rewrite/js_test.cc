#include "replay/rewrite/js_edits.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "replay/rewrite/js_lexer.h"
#include "tests/replay/rewrite/rewrite_support.h"

using namespace wm;
using rewrite::JsGoal;
using rewrite::JsKind;
using rewrite::ScriptKind;

namespace {

rewrite::UrlRewriter urls(std::string_view modifier = "js_") {
  rewrite::Address address;
  address.prefix = "/web/";
  address.timestamp = "2020";
  address.modifier = memento::modifier_of(modifier).value();
  address.document = url::Url::parse("http://a.example/js/main.js").value();
  return rewrite::UrlRewriter(address);
}

/// The script with its edits, without what is put before and after it.
std::string edited(std::string_view source, ScriptKind kind = ScriptKind::kClassic,
                   std::string_view modifier = "js_") {
  const auto edits = rewrite::edits_for(source, kind, urls(modifier));
  std::string out;
  std::size_t at = 0;
  for (const auto& edit : edits.edits) {
    out += source.substr(at, edit.begin - at);
    out += edit.fresh;
    at = edit.end;
  }
  return out + std::string(source.substr(at));
}

std::string tokens_of(std::string_view source, JsGoal goal = JsGoal::kScript) {
  std::vector<rewrite::JsToken> tokens;
  if (!rewrite::lex_js(source, goal, tokens)) return "(unreadable)";
  std::string out;
  for (const auto& token : tokens) {
    if (!out.empty()) out += ' ';
    out += "ip\"nrt"[static_cast<int>(token.kind)];
    out += rewrite::text_of(source, token);
  }
  return out;
}

struct Row {
  const char* reason;
  const char* input;
  const char* expected;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kTokens[] = {
    {"a division", "a / b / c", "ia p/ ib p/ ic"},
    {"a regular expression", "a = /b\\/[/]c/g", "ia p= r/b\\/[/]c/g"},
    {"after a condition", "if (a) /b/.test(c)", "iif p( ia p) r/b/ p. itest p( ic p)"},
    {"after a call", "f(a) / b / c", "if p( ia p) p/ ib p/ ic"},
    {"after return", "return /b/", "ireturn r/b/"},
    {"after a property named return", "x.return / b / c", "ix p. ireturn p/ ib p/ ic"},
    {"after a block", "{} /b/", "p{ p} r/b/"},
    {"after an object", "x = {} / b", "ix p= p{ p} p/ ib"},
    {"after an index", "a[0] / b / c", "ia p[ n0 p] p/ ib p/ ic"},
    {"strings", "'a\\'b' + \"c//d\"", "\"'a\\'b' p+ \"\"c//d\""},
    {"comments", "a /* b */ // c\nd", "ia id"},
    {"a template", "`a${b + `c${d}`}e`", "t`a${ ib p+ t`c${ id t}` t}e`"},
    {"braces within a template", "`${{a: 1}.a}`", "t`${ p{ ia p: n1 p} p. ia t}`"},
    {"numbers", "1.5e-3 + 0x1F + 1..toString() + .5 + 1_000n",
     "n1.5e-3 p+ n0x1F p+ n1. p. itoString p( p) p+ n.5 p+ n1_000n"},
    {"an HTML comment", "<!-- x\na", "ia"},
    {"the end of an HTML comment", "a\n--> x\nb", "ia ib"},
    {"no end of one", "while (n --> 0) x", "iwhile p( in p-- p> n0 p) ix"},
    {"letters of any script", "变量 = é", "i变量 p= ié"},
    {"a hashbang", "#!/usr/bin/node\na", "ia"},
    {"an unfinished string", "a = 'b", "(unreadable)"},
    {"brackets without partner", "f(a}", "(unreadable)"},
    {"an unfinished comment", "/* a", "(unreadable)"},
};

const Row kEdits[] = {
    {"assigning the location", "location = '/x'",
     "location = ((self.__WB_check_loc && self.__WB_check_loc(location, arguments)) || {}).href = "
     "'/x'"},
    {"comparing it", "location == x; location === x", "location == x; location === x"},
    {"a property of that name", "a.location = 1; ({location: 2})",
     "a.location = 1; ({location: 2})"},
    {"declaring it", "var location = 1", "var location = 1"},
    {"posting a message", "w.postMessage(m, '*')", "w.__WB_pmw(self).postMessage(m, '*')"},
    {"declaring such a function", "function postMessage() {}", "function postMessage() {}"},
    {"returning this", "return this", "return _____WB$wombat$check$this$function_____(this)"},
    {"handing this on", "f(this, 1)", "f(_____WB$wombat$check$this$function_____(this), 1)"},
    {"calling with this", "f.call(this)", "f.call(this)"},
    {"a member of this", "this.x = 1", "this.x = 1"},
    {"the location of this", "this.location.href",
     "_____WB$wombat$check$this$function_____(this).location.href"},
    {"constructing by this", "new this(1)", "new this(1)"},
    {"importing", "import('./x.js')", "____wb_rewrite_import__(null, './x.js')"},
    {"a string", "'location = 1; eval(x)'", "'location = 1; eval(x)'"},
    {"a comment", "// location = 1\n/* return this */", "// location = 1\n/* return this */"},
    {"a regular expression", "x = /location = 1/", "x = /location = 1/"},
    {"a template", "`location = 1 ${1}`", "`location = 1 ${1}`"},
    {"a constant others may see", "const a = 1; let b; window", "var a = 1; var b; window"},
    {"a class others may see", "class A extends B {}\nwindow",
     "var A = class A extends B {};\nwindow"},
    {"one inside a function", "function f() { const a = 1; class B {} } window",
     "function f() { const a = 1; class B {} } window"},
    {"a constant with the name of a window's own", "const name = {}; window",
     "const name = {}; window"},
    {"a pattern", "const {a, b: {c = [1, 2]}, ...d} = f(); window",
     "var {a, b: {c = [1, 2]}, ...d} = f(); window"},
    {"a loop's own", "for (let i = 0; i < 1; ++i) window", "for (let i = 0; i < 1; ++i) window"},
    {"a name spelled let", "let = 1; x.let", "let = 1; x.let"},
};

const Row kModules[] = {
    {"an import", "import a from '/x.js'", "import a from '/web/2020esm_/http://a.example/x.js'"},
    {"an import for effect", "import \"https://b.example/x.js\";",
     "import \"/web/2020esm_/https://b.example/x.js\";"},
    {"names", "import {a as b, c} from '//b.example/x.js'",
     "import {a as b, c} from '/web/2020esm_///b.example/x.js'"},
    {"all", "import * as n from './x.js'", "import * as n from './x.js'"},
    {"a bare name", "import a from 'lib'", "import a from 'lib'"},
    {"an export from", "export {a} from '/x.js'; export * from '/y.js'",
     "export {a} from '/web/2020esm_/http://a.example/x.js'; export * from "
     "'/web/2020esm_/http://a.example/y.js'"},
    {"an export of its own", "export const a = '/x.js'", "export const a = '/x.js'"},
    {"importing later", "import('/x.js')", "____wb_rewrite_import__(import.meta.url, '/x.js')"},
    {"its own address", "new URL('x', import.meta.url)", "new URL('x', import.meta.url)"},
    {"a string of such words", "f(\"import a from '/x.js'\")", "f(\"import a from '/x.js'\")"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(js)

BOOST_DATA_TEST_CASE(a_script_is_taken_apart, boost::unit_test::data::make(kTokens), row) {
  BOOST_TEST(tokens_of(row.input) == row.expected);
}

BOOST_DATA_TEST_CASE(what_wombat_needs_is_put_in, boost::unit_test::data::make(kEdits), row) {
  BOOST_TEST(edited(row.input) == row.expected);
}

BOOST_DATA_TEST_CASE(modules_are_led_into_the_archive, boost::unit_test::data::make(kModules),
                     row) {
  BOOST_TEST(edited(row.input, ScriptKind::kModule, "esm_") == row.expected);
}

BOOST_AUTO_TEST_CASE(a_script_that_names_nothing_of_ours_comes_out_as_it_is) {
  for (const char* script : {"", "var a = 1; const b = 2; class C {}", "a.window = b.location",
                             "({top: 1, self: 2})", "'use strict'"}) {
    const auto edits = rewrite::edits_for(script, ScriptKind::kClassic, urls());
    BOOST_TEST(edits.before.empty());
    BOOST_TEST(edits.after.empty());
    BOOST_TEST(edits.edits.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_script_that_uses_the_window_gets_wombats) {
  const auto edits = rewrite::edits_for("window.x = 1", ScriptKind::kClassic, urls());
  BOOST_TEST(edits.before.find("let window = _____WB$wombat$assign$function_____(\"window\");") !=
             std::string::npos);
  BOOST_TEST(edits.before.find('\n') == std::string::npos);
  BOOST_TEST(edits.after == "\n}");
}

BOOST_AUTO_TEST_CASE(a_global_that_the_script_declares_itself_is_its_own) {
  for (const char* script :
       {"var top = 1; window", "function top() {} window", "if (x) { var {a: top} = y } window",
        "for (var i = 0, top = 1;;) window", "let top; window", "class top {} window"}) {
    const auto edits = rewrite::edits_for(script, ScriptKind::kClassic, urls());
    BOOST_TEST(edits.before.find("let top") == std::string::npos, script);
    BOOST_TEST(edits.before.find("let window") != std::string::npos, script);
  }
  const auto inner =
      rewrite::edits_for("function f() { var top = 1 } window", ScriptKind::kClassic, urls());
  BOOST_TEST(inner.before.find("let top") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(functions_are_seen_by_the_page_before_their_script_ends) {
  const auto edits = rewrite::edits_for(
      "window.x = 1; function a() {} async function b() {} function* c() {} (function d() {}); if "
      "(1) "
      "{ function e() {} } typeof\nfunction f() {}; var g = function h() {}; function top() {}",
      ScriptKind::kClassic, urls());
  BOOST_TEST(edits.before.find("self.a = a; self.b = b; self.c = c; ") != std::string::npos);
  for (const char* name : {"self.d", "self.e", "self.f", "self.g", "self.h", "self.top"})
    BOOST_TEST(edits.before.find(name) == std::string::npos, name);
}

BOOST_AUTO_TEST_CASE(a_function_with_the_name_of_a_var_may_stand_in_a_block) {
  const auto edits =
      rewrite::edits_for("var f = f || 1; function f() {} window", ScriptKind::kClassic, urls());
  BOOST_TEST(edits.before.ends_with("let arguments; f = _____WB$hoisted_f; "));
  BOOST_TEST(edited("var f = f || 1; function f() {} window") ==
             "var f = f || 1; function _____WB$hoisted_f() {} window");
  BOOST_TEST(edited("var f = f || 1; function f() {}") == "var f = f || 1; function f() {}");
}

BOOST_AUTO_TEST_CASE(eval_runs_through_wombat) {
  BOOST_TEST(edited("eval(x)").find("WB_wombat_runEval2(") == 0u);
  BOOST_TEST(edited("a.eval(x)") == "a.eval(x)");
  BOOST_TEST(edited("({eval(x) { return 1 }})") == "({eval(x) { return 1 }})");
}

BOOST_AUTO_TEST_CASE(modules_import_their_globals) {
  const auto edits =
      rewrite::edits_for("import top from './x.js'; window.y", ScriptKind::kModule, urls("esm_"));
  BOOST_TEST(edits.before ==
             "import { window, globalThis, self, document, location, parent, frames, opener } from "
             "\"/web/__wb_module_decl.js\"; ");
  BOOST_TEST(edits.after == "");
  BOOST_TEST(edited("import './x.js'", ScriptKind::kModule, "mp_") ==
             "import '/web/2020esm_/http://a.example/js/./x.js'");
}

BOOST_AUTO_TEST_CASE(an_import_map_leads_into_the_archive) {
  BOOST_TEST(
      edited("{\"imports\": {\"a\": \"/x.js\", \"b/\": \"./lib/\", \"https://c.example/\": \"d\"}}",
             ScriptKind::kImportMap, "") ==
      "{\"imports\": {\"a\": \"/web/2020esm_/http://a.example/x.js\", \"b/\": "
      "\"/web/2020esm_/http://a.example/js/./lib/\", "
      "\"/web/2020esm_/https://c.example/\": \"d\"}}");
}

BOOST_AUTO_TEST_CASE(workers_load_wombat_first) {
  const auto edits = rewrite::edits_for("postMessage(1)", ScriptKind::kWorker, urls("wkr_"));
  BOOST_TEST(edits.before.find("importScripts(\"/static/wombat/wombatWorkers.js\")") !=
             std::string::npos);
  BOOST_TEST(edits.before.find("\"originalURL\": \"http://a.example/js/main.js\"") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(hostile_scripts_cost_time_in_proportion_to_their_size) {
  for (const char* part :
       {"var a=", "a=/[", "class a\n", "import a\n", "export{", "import a,{b\n", "let a\n", "`${",
        "((", "var [", "this,", "/*", "eval(", "<!--", "\\u{"}) {
    std::string script;
    while (script.size() < 400000) script += part;
    const auto begin = std::chrono::steady_clock::now();
    rewrite::edits_for(script, ScriptKind::kClassic, urls());
    rewrite::edits_for(script, ScriptKind::kModule, urls());
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)), part);
  }
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_stays_at_the_start) {
  const std::string output =
      test::rewritten(rewrite::Kind::kScript, "\xef\xbb\xbfwindow.x", "http://a.example/", {});
  BOOST_TEST(output.starts_with("\xef\xbb\xbfvar "));
  BOOST_TEST(output.find("\xef\xbb\xbf", 1) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_script_cut_anywhere_gives_the_same) {
  const std::string script =
      "const a = `x${location}`; /* y */ location = '/z'; w.postMessage(this, /[/]/g);";
  const std::string whole =
      test::rewritten(rewrite::Kind::kScript, script, "http://a.example/", {});
  test::check_rewrite(rewrite::Kind::kScript, script, whole, "http://a.example/");
}

BOOST_AUTO_TEST_SUITE_END()
