#include "archiver/browser/devtools_message.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/test_support.h"

using wm::browser::MessageFramer;

namespace {

std::vector<std::string> framed(const std::vector<std::string_view>& pieces, std::size_t limit) {
  std::vector<std::string> messages;
  MessageFramer framer(limit);
  for (const auto piece : pieces) {
    framer.feed(piece, [&](std::string_view text, MessageFramer::Whole whole) {
      messages.push_back(std::string(text) + (whole == MessageFramer::Whole::kYes ? "" : "…"));
    });
  }
  return messages;
}

struct Row {
  const char* reason;
  std::string text;
  bool good;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.reason;
}

const Row kMessages[] = {
    {"an answer", R"({"id":1,"result":{}})", true},
    {"no object", "[1]", false},
    {"nothing", "", false},
    {"torn", R"({"id":1,)", false},
    {"bytes that are no UTF-8", "{\"a\":\"\xff\"}", false},
    {"brackets in a string count for nothing", R"({"a":")" + std::string(5000, '[') + "\"}", true},
    {"nested as deep as the protocol may be",
     "{\"a\":" + std::string(900, '[') + std::string(900, ']') + "}", true},
    {"nested without end", "{\"a\":" + std::string(100000, '['), false},
};

}  // namespace

BOOST_AUTO_TEST_CASE(messages_come_out_whole_however_the_bytes_are_cut) {
  const std::string bytes("{\"a\":1}\0\0{\"b\":2}\0{\"c\"", 21);
  const std::vector<std::string> expected{"{\"a\":1}", "", "{\"b\":2}"};
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const wm::test::ExactCopy first(std::string_view(bytes).substr(0, cut));
    const wm::test::ExactCopy second(std::string_view(bytes).substr(cut));
    BOOST_TEST(framed({first.view(), second.view()}, 100) == expected,
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_message_over_the_limit_is_cut_and_the_next_one_is_whole) {
  const std::string bytes(
      "123456\0"
      "12345\0"
      "1234567890\0"
      "1\0",
      26);
  const std::vector<std::string> expected{"12345…", "12345", "12345…", "1"};
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    BOOST_TEST(framed({std::string_view(bytes).substr(0, cut), std::string_view(bytes).substr(cut)},
                      5) == expected,
               boost::test_tools::per_element());
  }
}

BOOST_DATA_TEST_CASE(only_objects_of_bounded_depth_are_messages,
                     boost::unit_test::data::make(kMessages), row) {
  const wm::test::ExactCopy copy(row.text);
  BOOST_TEST(wm::browser::parse_message(copy.view()).has_value() == row.good);
}

BOOST_AUTO_TEST_CASE(a_message_is_what_it_says) {
  const auto message = wm::browser::parse_message(R"({"id":1,"result":{"a":"b"}})");
  BOOST_REQUIRE(message.has_value());
  BOOST_TEST(wm::browser::number_in(*message, "id") == 1);
  BOOST_TEST(wm::browser::string_in(wm::browser::object_in(*message, "result"), "a") == "b");
}

BOOST_AUTO_TEST_CASE(the_number_of_an_answer_is_read_from_its_start) {
  BOOST_TEST(wm::browser::number_of_answer(R"({"id":12,"res)").value() == 12u);
  BOOST_TEST(!wm::browser::number_of_answer(R"({"id":12)").has_value());
  BOOST_TEST(!wm::browser::number_of_answer(R"({"method":"a"})").has_value());
  BOOST_TEST(!wm::browser::number_of_answer(R"({"id":99999999999999999999,)").has_value());
}

BOOST_AUTO_TEST_CASE(members_of_another_type_are_as_good_as_none) {
  const nlohmann::json object{{"s", 1}, {"n", "x"}, {"o", nlohmann::json::array()}};
  BOOST_TEST(wm::browser::string_in(object, "s").empty());
  BOOST_TEST(wm::browser::number_in(object, "n") == 0);
  BOOST_TEST(wm::browser::object_in(object, "o").empty());
  BOOST_TEST(wm::browser::string_in(nlohmann::json::array(), "s").empty());
}
