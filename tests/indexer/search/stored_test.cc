#include <boost/test/unit_test.hpp>

#include "indexer/search/schema.h"
#include "tests/support/test_support.h"

using namespace wm;
using search::Excerpt;
using search::Stored;

namespace {

Stored full() {
  return {
      .id = "x",
      .link_id = 7,
      .collection = "web",
      .url = "http://a/",
      .title = "t",
      .page_title = "p",
      .description = "d",
      .notes = "n",
      .language = "zh",
      .mime = "text/html",
      .tags = {"a", "b/c"},
      .states = {"unread"},
      .times = {Time14::parse("20200102030405").value(), Time14::parse("20210102030405").value()},
      .added = Time14::parse("20190102030405").value(),
      .excerpt = std::string(3000, 'x') + "文"};
}

}  // namespace

BOOST_AUTO_TEST_CASE(document_data_comes_back_with_or_without_its_text) {
  const Stored stored = full();
  const std::string data = search::encode(stored);
  BOOST_TEST(data.size() < 200u);
  const test::ExactCopy copy(data);
  const auto back = search::decode_stored(copy.view(), Excerpt::kRead).value();
  BOOST_TEST(search::encode(back) == data);
  BOOST_TEST(back.excerpt == stored.excerpt);
  BOOST_TEST(back.tags == stored.tags, boost::test_tools::per_element());
  BOOST_TEST(search::decode_stored(copy.view(), Excerpt::kSkip).value().excerpt.empty());
}

BOOST_AUTO_TEST_CASE(data_cut_or_changed_anywhere_is_an_error_or_another_document) {
  const std::string data = search::encode(full());
  for (std::size_t i = 0; i < data.size(); ++i) {
    const test::ExactCopy cut(std::string_view(data).substr(0, i));
    BOOST_TEST(!search::decode_stored(cut.view(), Excerpt::kRead).has_value());
    std::string changed = data;
    changed[i] = static_cast<char>(changed[i] ^ 0xff);
    const test::ExactCopy copy(changed);
    static_cast<void>(search::decode_stored(copy.view(), Excerpt::kRead));
  }
}

BOOST_AUTO_TEST_CASE(tags_are_equal_by_folding_and_know_their_parents) {
  BOOST_TEST(search::tag_key(" ＡＩ \t Papers ") == "ai papers");
  const std::vector<std::string> parents = {"ai", "ai/papers", "ai/papers/2020"};
  BOOST_TEST(search::tag_terms("AI/Papers/2020") == parents, boost::test_tools::per_element());
  BOOST_TEST(search::tag_terms("").empty());
  BOOST_TEST(search::tag_terms(std::string(100000, 'x')).front().size() < 200u);
}

BOOST_AUTO_TEST_CASE(hosts_are_found_by_their_parents) {
  const std::vector<std::string> hosts = {"a.b.example", "b.example", "example"};
  BOOST_TEST(search::host_terms("http://A.b.example:8080/x") == hosts,
             boost::test_tools::per_element());
  BOOST_TEST(search::host_terms("http://127.0.0.1/").size() == 1u);
  BOOST_TEST(search::host_terms("urn:x").empty());
  BOOST_TEST(search::url_words("https://a.example/b%20c?d=%E4%B8%AD#e") == "a.example/b c?d=中");
}
