#include "server/http/multipart.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

using namespace wm;
using namespace wm::server;

namespace {

struct Row {
  const char* reason;
  std::string body;
  std::string expected;  ///< name[@file][:type]=data| …, or the error's code
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const std::string kType = "multipart/form-data; boundary=XX";
constexpr MultipartLimits kLimits{.parts = 3, .head_bytes = 200, .name_bytes = 20};

std::string part(std::string_view disposition, std::string_view data, std::string_view more = "") {
  return "--XX\r\nContent-Disposition: " + std::string(disposition) + "\r\n" + std::string(more) +
         "\r\n" + std::string(data) + "\r\n";
}

std::string outcome(std::string_view type, std::string_view body) {
  const test::ExactCopy copy(body);
  const auto parts = parse_multipart(type, copy.view(), kLimits);
  if (!parts) return name_of(parts.error().code);
  std::string text;
  for (const FormPart& found : *parts) {
    text += found.name + (found.filename ? "@" + *found.filename : "") +
            (found.content_type.empty() ? "" : ":" + found.content_type) + "=" +
            std::string(found.data) + "|";
  }
  return text;
}

const Row kRows[] = {
    {"a field", part("form-data; name=\"a\"", "1") + "--XX--", "a=1|"},
    {"what follows the end is not looked at",
     part("form-data; name=a", "1") + "--XX--\r\njunk --XX\r\n", "a=1|"},
    {"what precedes the first boundary is not looked at",
     "preamble\r\n" + part("form-data; name=\"a\"", "1") + "--XX--", "a=1|"},
    {"a file",
     part("form-data; name=\"f\"; filename=\"a.txt\"", "x\r\ny", "Content-Type: text/plain\r\n") +
         "--XX--",
     "f@a.txt:text/plain=x\r\ny|"},
    {"no parts", "--XX--", ""},
    {"an empty value", part("form-data; name=\"a\"", "") + "--XX--", "a=|"},
    {"an empty value without its line end",
     "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--XX--", "a=|"},
    {"data that looks like a boundary",
     part("form-data; name=\"a\"", " --XX\r\n--XY\r\n-") + "--XX--", "a= --XX\r\n--XY\r\n-|"},
    {"blanks behind a boundary",
     "--XX \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--XX--", "a=1|"},
    {"escapes of browsers",
     part("form-data; name=\"a%22%0D%0a%41\"; filename=\"C:\\dir\\b;c.txt\"", "1") + "--XX--",
     "a\"\r\n%41@b;c.txt=1|"},
    {"folders are cut off",
     part("form-data; name=a; filename=\"../../etc/passwd\"", "1") + "--XX--", "a@passwd=1|"},
    {"unknown parameters", part("form-data; x=\"y;z\"; name=\"a\";; q", "1") + "--XX--", "a=1|"},
    {"Chinese", part("form-data; name=\"\xe4\xb8\xad\"", "\xe6\x96\x87") + "--XX--",
     "\xe4\xb8\xad=\xe6\x96\x87|"},
    {"no closing boundary", part("form-data; name=\"a\"", "1"), "invalid"},
    {"torn within a part", "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n12",
     "invalid"},
    {"torn within a head", "--XX\r\nContent-Dis", "invalid"},
    {"no boundary at all", "hello", "invalid"},
    {"nothing", "", "invalid"},
    {"a boundary that goes on", "--XXY\r\n\r\n\r\n--XX--", "invalid"},
    {"no name", part("form-data", "1") + "--XX--", "invalid"},
    {"another disposition", part("attachment; name=\"a\"", "1") + "--XX--", "invalid"},
    {"an open quote", part("form-data; name=\"a", "1") + "--XX--", "invalid"},
    {"just as many parts as allowed",
     part("form-data; name=a", "") + part("form-data; name=b", "") + part("form-data; name=c", "") +
         "--XX--",
     "a=|b=|c=|"},
    {"too many parts",
     part("form-data; name=a", "") + part("form-data; name=b", "") + part("form-data; name=c", "") +
         part("form-data; name=d", "") + "--XX--",
     "too_large"},
    {"a head that is too long",
     part("form-data; name=a", "", "X: " + std::string(300, 'x') + "\r\n") + "--XX--", "too_large"},
    {"a name that is too long", part("form-data; name=" + std::string(21, 'n'), "") + "--XX--",
     "too_large"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_DATA_TEST_CASE(parts_of_bodies, boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(outcome(kType, row.body) == row.expected);
}

BOOST_DATA_TEST_CASE(every_torn_body_is_an_error_or_the_same, boost::unit_test::data::make(kRows),
                     row) {
  for (std::size_t size = 0; size < row.body.size(); ++size) {
    const std::string found = outcome(kType, std::string_view(row.body).substr(0, size));
    BOOST_TEST((found == "invalid" || found == "too_large" || found == row.expected),
               "cut at " << size << ": " << found);
  }
}

BOOST_AUTO_TEST_CASE(types_that_are_none_are_refused) {
  const std::string body = part("form-data; name=a", "1") + "--XX--";
  BOOST_TEST(outcome("Multipart/Form-Data; charset=x; BOUNDARY=\"XX\"", body) == "a=1|");
  for (const char* type : {"", "text/plain", "multipart/mixed; boundary=XX", "multipart/form-data",
                           "multipart/form-data; boundary="}) {
    BOOST_TEST(outcome(type, body) == "unsupported", type);
  }
  BOOST_TEST(outcome("multipart/form-data; boundary=" + std::string(71, 'X'), body) ==
             "unsupported");
}

BOOST_AUTO_TEST_CASE(many_near_boundaries_take_linear_time) {
  std::string body = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
  for (int i = 0; i < 200000; ++i) body += "\r\n--X";
  body += "\r\n--XX--";
  BOOST_TEST(outcome(kType, body).size() == 2 + 200000 * 5 + 1);
}

BOOST_AUTO_TEST_SUITE_END()
