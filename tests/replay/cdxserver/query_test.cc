#include "replay/cdxserver/query.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace wm;
using namespace wm::cdxserver;

namespace {

struct Wrong {
  Dialect dialect;
  const char* query;
  const char* told;  ///< in the message
};
std::ostream& operator<<(std::ostream& out, const Wrong& row) {
  return out << row.query;
}
const Wrong kWrong[] = {
    {Dialect::kPywb, "", "url"},
    {Dialect::kPywb, "url=", "url"},
    {Dialect::kPywb, "url=*", "wildcard"},
    {Dialect::kPywb, "url=a.example&matchType=some", "matchType"},
    {Dialect::kPywb, "url=a.example&from=soon", "from"},
    {Dialect::kPywb, "url=a.example&to=2020x", "to"},
    {Dialect::kPywb, "url=a.example&limit=many", "limit"},
    {Dialect::kPywb, "url=a.example&limit=-0", "limit"},
    {Dialect::kPywb, "url=a.example&limit=99999999999999999999", "limit"},
    {Dialect::kPywb, "url=a.example&output=xml", "output=xml not supported"},
    {Dialect::kPywb, "url=a.example&fl=urlkey,nothing", "nothing"},
    {Dialect::kPywb, "url=a.example&filter=nothing:x", "nothing"},
    {Dialect::kPywb, "url=a.example&filter=~url:(", "expression"},
    {Dialect::kPywb, "url=a.example&filter=!", "filter"},
    {Dialect::kPywb, "url=a.example&closest=late", "closest"},
    {Dialect::kPywb, "url=a.example/*&closest=2020", "closest"},
    {Dialect::kPywb, "url=a.example&sort=random", "sort"},
    {Dialect::kPywb, "url=a.example&collapseTime=15", "collapseTime"},
    {Dialect::kPywb, "url=a.example&resolveRevisits=maybe", "resolveRevisits"},
    {Dialect::kInternetArchive, "url=a.example&collapse=digest:0", "collapse"},
    {Dialect::kInternetArchive, "url=a.example&collapse=nothing", "nothing"},
    {Dialect::kInternetArchive, "url=a.example&filter=statuscode:[", "expression"},
    {Dialect::kInternetArchive, "url=a.example&limit=-5&sort=reverse", "negative"},
    {Dialect::kInternetArchive, "url=a.example&limit=-5&collapse=digest&collapse=urlkey",
     "negative"},
    {Dialect::kInternetArchive, "url=a.example&page=-1", "page"},
    {Dialect::kInternetArchive, "url=a.example&pageSize=0", "pageSize"},
    {Dialect::kInternetArchive, "url=a.example&offset=x", "offset"},
    {Dialect::kInternetArchive, "url=a.example&showPagedIndex=true", "showPagedIndex"},
    {Dialect::kInternetArchive, "url=a.example&gzip=perhaps", "gzip"},
    {Dialect::kInternetArchive, "url=a.example&page=99999999999999999", "page"},
    {Dialect::kOutback, "url=a.example&urlkey=example,a)/", "exactly one"},
    {Dialect::kOutback, "url=a.example&filter=withoutfield", "filter"},
    {Dialect::kOutback, "url=a.example&matchType=range", "matchType"}};

}  // namespace

BOOST_DATA_TEST_CASE(what_is_wrong_with_a_query_is_told, boost::unit_test::data::make(kWrong),
                     row) {
  const auto query = parse_query(row.dialect, "web", row.query);
  BOOST_REQUIRE(!query.has_value());
  BOOST_TEST((query.error().code == Error::Code::kInvalid));
  BOOST_TEST(query.error().what.find(row.told) != std::string::npos, query.error().what);
}

BOOST_AUTO_TEST_CASE(numbers_of_things_are_bounded) {
  std::string many = "url=a.example";
  for (int i = 0; i < 40; ++i) many += "&filter=url:x";
  BOOST_TEST(!parse_query(Dialect::kPywb, "web", many).has_value());
  for (int i = 0; i < 400; ++i) many += "&x=y";
  BOOST_TEST(!parse_query(Dialect::kPywb, "web", many).has_value());
  std::string fields = "url=a.example&fl=url";
  for (int i = 0; i < 60; ++i) fields += ",url";
  BOOST_TEST(!parse_query(Dialect::kPywb, "web", fields).has_value());
  BOOST_TEST(
      !parse_query(Dialect::kPywb, "web", "url=a.example&filter=~url:" + std::string(3000, 'a'))
           .has_value());
}

BOOST_AUTO_TEST_CASE(wildcards_say_what_is_matched) {
  const auto match = [](std::string_view raw) {
    return parse_query(Dialect::kInternetArchive, "web", raw).value();
  };
  BOOST_TEST((match("url=a.example").match == url::MatchType::kExact));
  BOOST_TEST((match("url=*.a.example").match == url::MatchType::kDomain));
  BOOST_TEST(match("url=*.a.example").url == "a.example");
  BOOST_TEST(match("url=*.a.example/*").url == "a.example");
  BOOST_TEST((match("url=a.example/x*").match == url::MatchType::kPrefix));
  BOOST_TEST(match("url=a.example/x*").url == "a.example/x");
  BOOST_TEST(match("url=a.example/x*&matchType=exact").url == "a.example/x*");
  BOOST_TEST((match("url=a.example&matchType=host").match == url::MatchType::kHost));
}

BOOST_AUTO_TEST_CASE(the_defaults_are_each_dialects_own) {
  const auto pywb = parse_query(Dialect::kPywb, "web", "url=a.example").value();
  BOOST_TEST(pywb.limit.value() == 100'000u);
  BOOST_TEST((pywb.output == Output::kCdxj));
  const auto archive = parse_query(Dialect::kInternetArchive, "web", "url=a.example").value();
  BOOST_TEST(!archive.limit.has_value());
  BOOST_TEST((archive.output == Output::kText));
  BOOST_TEST(archive.columns.size() == 7u);
  BOOST_TEST((parse_query(Dialect::kPywb, "web", "url=a.example&closest=2020").value().sort ==
              Query::Sort::kClosest));
  // Some clients send this; OutbackCDX takes it for no order at all.
  BOOST_TEST(
      (parse_query(Dialect::kOutback, "web", "url=a.example&closest=&sort=closest").value().sort ==
       Query::Sort::kForward));
  BOOST_TEST(parse_query(Dialect::kInternetArchive, "web", "url=a.example&fastLatest=true")
                 .value()
                 .from_end);
  BOOST_TEST(
      parse_query(Dialect::kOutback, "web", "url=http://a.example/f&method=POST&requestBody=a%3D1")
          .value()
          .url == "http://a.example/f?__wb_method=POST&a=1");
}

BOOST_AUTO_TEST_CASE(an_opensearch_query_is_read_term_by_term) {
  const auto query =
      parse_xml_query("web",
                      "q=type:urlquery+url:http%253A%252F%252Fa.example%252Fx+limit:5+offset:2+"
                      "startdate:2010+enddate:2012")
          .value()
          .value();
  BOOST_TEST(query.url == "http://a.example/x");
  BOOST_TEST(query.limit == 5u);
  BOOST_TEST(query.offset == 2u);
  BOOST_TEST(query.to.value().text() == "20121231235959");
  BOOST_TEST(!parse_xml_query("web", "url=a.example").value().has_value());
  BOOST_TEST(!parse_xml_query("web", "q=type:urlquery").has_value());
  BOOST_TEST(!parse_xml_query("web", "q=nonsense").has_value());
  BOOST_TEST(!parse_xml_query("web", "q=url:a.example+limit:x").has_value());
  BOOST_TEST(
      parse_xml_query("web", "q=url:a.example&count=10&start_page=3").value().value().offset ==
      20u);
}
