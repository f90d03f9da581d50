#include "indexer/text/page_text.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "core/base/file.h"
#include "tests/support/test_support.h"

using namespace wm;
using text::TextKind;

namespace {

Result<text::PageText> extract(std::string_view body, std::string_view mime,
                               std::optional<std::string_view> charset = {},
                               const text::TextLimits& limits = {}) {
  const test::ExactCopy copy(body);
  return text::extract_text(
      {.body = copy.view(), .mime = mime, .charset = charset, .content_language = ""}, limits);
}

/// A PDF of one page that says `text`, by hand; the reader mends the missing cross-reference table.
std::string pdf(std::string_view text, std::string_view title = "") {
  const std::string stream = "BT /F1 24 Tf 72 720 Td (" + std::string(text) + ") Tj ET";
  std::string out =
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 "
      "R]/Count 1>>endobj\n"
      "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 "
      "5 0 R>>>>>>endobj\n4 0 obj<</Length " +
      std::to_string(stream.size()) + ">>stream\n" + stream +
      "\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n";
  out += "6 0 obj<</Title(" + std::string(title) +
         ")>>endobj\ntrailer<</Root 1 0 R/Info 6 0 R/Size 7>>\n%%EOF\n";
  return out;
}

bool has_pdftotext() {
  if (std::filesystem::exists("/usr/bin/pdftotext")) return true;
  BOOST_TEST_MESSAGE("skipped: no pdftotext");
  return false;
}

/// A program in the place of pdftotext.
std::filesystem::path tool(const TempDir& dir, const std::string& script) {
  const auto path = dir.path() / "tool";
  BOOST_REQUIRE(replace_file(path, "#!/bin/sh\n" + script + "\n").has_value());
  BOOST_REQUIRE(chmod(path.c_str(), 0755) == 0);
  return path;
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_table_says_which_types_hold_text) {
  BOOST_TEST((text::text_kind("text/html") == TextKind::kHtml));
  BOOST_TEST((text::text_kind("TEXT/HTML") == TextKind::kHtml));
  BOOST_TEST((text::text_kind("application/pdf") == TextKind::kPdf));
  BOOST_TEST((text::text_kind("text/plain") == TextKind::kPlain));
  BOOST_TEST((text::text_kind("image/png") == TextKind::kNone));
  BOOST_TEST((text::text_kind("") == TextKind::kNone));
  BOOST_TEST((text::text_kind("", "  <!DOCTYPE html><p>") == TextKind::kHtml));
  BOOST_TEST((text::text_kind("unk", "<html>") == TextKind::kHtml));
  BOOST_TEST((text::text_kind("image/png", "<html>") == TextKind::kNone));
  BOOST_TEST((text::text_kind("text/html", "%PDF-1.4") == TextKind::kPdf));
  BOOST_TEST((text::text_kind("application/pdf", "<html>") == TextKind::kNone));
}

BOOST_AUTO_TEST_CASE(bytes_of_any_charset_are_read) {
  BOOST_TEST(extract("<p>caf\xe9", "text/html", "iso-8859-1").value().text == "café");
  BOOST_TEST(extract("<meta charset=gbk><p>\xd6\xd0\xce\xc4", "text/html").value().text == "中文");
  BOOST_TEST(extract(std::string_view("\xff\xfe<\0p\0>\0-N", 10), "text/html").value().text ==
             "中");
  BOOST_TEST(extract("\xe4\xb8\xad", "text/plain").value().text == "中");
}

BOOST_AUTO_TEST_CASE(plain_text_has_its_first_line_for_a_title) {
  const auto page = extract("A title\r\n\r\n  some   text\n", "text/plain").value();
  BOOST_TEST(page.title == "A title");
  BOOST_TEST(page.text == "A title\nsome text");
  const auto longer = extract(std::string(500, 'x'), "text/plain").value();
  BOOST_TEST(longer.title.size() < 220u);
}

BOOST_AUTO_TEST_CASE(what_holds_no_text_gives_none) {
  BOOST_TEST(extract("\x89PNG", "image/png").value().text.empty());
  BOOST_TEST(extract("", "text/html").value().text.empty());
}

BOOST_AUTO_TEST_CASE(language_is_of_the_page_the_header_and_the_text) {
  BOOST_TEST(extract("<html lang=fr-CA><p>12", "text/html").value().language == "fr");
  BOOST_TEST(text::extract_text(
                 {.body = "<p>12", .mime = "text/html", .charset = {}, .content_language = "de-DE"})
                 .value()
                 .language == "de");
  BOOST_TEST(extract("<html lang=en><p>中文网页内容", "text/html").value().language == "zh");
}

BOOST_AUTO_TEST_CASE(a_pdf_gives_its_text_and_title) {
  if (!has_pdftotext()) return;
  const auto page = extract(pdf("Hello portable world", "A paper"), "application/pdf");
  BOOST_REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().what));
  BOOST_TEST(page->title == "A paper");
  BOOST_TEST(page->text == "Hello portable world");
  BOOST_TEST(extract(pdf("Untitled text"), "application/pdf").value().title == "Untitled text");
  const auto broken = extract("%PDF-1.7 nonsense", "application/pdf");
  BOOST_TEST((!broken || broken->text.empty()));
}

BOOST_AUTO_TEST_CASE(a_missing_tool_is_told_as_such) {
  const auto page = extract(pdf("x"), "application/pdf", {}, {.pdftotext = "/nowhere/pdftotext"});
  BOOST_TEST((page.error().code == Error::Code::kUnsupported));
}

BOOST_AUTO_TEST_CASE(a_tool_that_hangs_is_ended) {
  const auto dir = test::temp_dir();
  const auto begin = std::chrono::steady_clock::now();
  const auto page = extract(
      pdf("x"), "application/pdf", {},
      {.pdf_timeout = std::chrono::seconds(1), .pdftotext = tool(dir, "while :; do :; done")});
  BOOST_TEST((page.error().code == Error::Code::kTimeout));
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(10)));
}

BOOST_AUTO_TEST_CASE(a_tool_that_talks_without_end_is_cut_off) {
  const auto dir = test::temp_dir();
  const auto page =
      extract(pdf("x"), "application/pdf", {},
              {.text_bytes = 100000, .pdftotext = tool(dir, "while :; do echo word; done")});
  BOOST_TEST(page.value().text.size() <= 100000u);
  BOOST_TEST(page.value().text.size() > 50000u);
}

BOOST_AUTO_TEST_CASE(a_tool_that_fails_or_dies_is_an_error) {
  const auto dir = test::temp_dir();
  BOOST_TEST(
      (extract(pdf("x"), "application/pdf", {}, {.pdftotext = tool(dir, "exit 3")}).error().code ==
       Error::Code::kCorrupt));
  BOOST_TEST((extract(pdf("x"), "application/pdf", {}, {.pdftotext = tool(dir, "kill -9 $$")})
                  .error()
                  .code == Error::Code::kCorrupt));
}

BOOST_AUTO_TEST_CASE(the_tool_gets_the_pdf_and_nothing_of_ours) {
  const auto dir = test::temp_dir();
  setenv("SECRET_OF_OURS", "x", 1);
  const auto page = extract(
      pdf("x"), "application/pdf", {},
      {.pdftotext = tool(
           dir,
           "head -c 8 \"$6\"; echo; env | /usr/bin/grep -c SECRET; ulimit -f; ls /proc/self/fd | "
           "/usr/bin/wc -l; (echo x > /tmp/pdf_test_file) 2>/dev/null || echo refused")});
  BOOST_REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().what));
  BOOST_TEST(page->text.find("%PDF-1.4") == 0u);
  BOOST_TEST(page->text.find(" 0 0 ") != std::string::npos);
  unsetenv("SECRET_OF_OURS");
}
