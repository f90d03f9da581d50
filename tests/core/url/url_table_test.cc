// tests/data/url/url_cases.json: our own rows, by the states of the standard's parser.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/url/url.h"
#include "tests/support/test_support.h"

namespace wm::url {
namespace {

struct Case {
  std::string why, input;
  std::optional<std::string> base, href;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> rows;
    for (const auto& row :
         nlohmann::json::parse(test::read_text(test::data_path("url/url_cases.json")))) {
      Case one{row.at("why"), row.at("input"), {}, {}};
      if (row.contains("base")) one.base = row["base"].get<std::string>();
      if (!row.value("failure", false)) one.href = row.at("href").get<std::string>();
      rows.push_back(std::move(one));
    }
    return rows;
  }();
  return all;
}

Result<Url> parse(const Case& row) {
  const test::ExactCopy input(row.input);
  if (!row.base) return Url::parse(input.view());
  const auto base = Url::parse(*row.base);
  BOOST_REQUIRE_MESSAGE(base.has_value(), "the base of a case parses: " << *row.base);
  return Url::parse(input.view(), &*base);
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_state_of_the_standard_gives_its_href) {
  BOOST_TEST(cases().size() > 500u);
  for (const Case& row : cases()) {
    BOOST_TEST_CONTEXT(row.why << ": '" << row.input << "' base '" << row.base.value_or("-")
                               << "'") {
      const auto url = parse(row);
      BOOST_TEST(url.has_value() == row.href.has_value());
      if (url && row.href) BOOST_TEST(url->href() == *row.href);
      if (!url)
        BOOST_TEST((url.error().code == Error::Code::kInvalid && !url.error().what.empty()));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_href_parses_to_the_same_url) {
  for (const Case& row : cases()) {
    const auto url = parse(row);
    if (!url) continue;
    const auto again = Url::parse(url->href());
    BOOST_REQUIRE_MESSAGE(again.has_value(), url->href());
    BOOST_TEST((*again == *url), url->href());
  }
}

BOOST_AUTO_TEST_CASE(every_prefix_and_every_cut_of_an_input_is_taken) {
  // No result is asked for: ASan watches, and what parses must parse again.
  for (const Case& row : cases()) {
    for (std::size_t cut = 0; cut <= row.input.size(); ++cut) {
      for (const std::string_view part :
           {std::string_view(row.input).substr(0, cut), std::string_view(row.input).substr(cut)}) {
        const test::ExactCopy copy(part);
        const auto url = Url::parse(copy.view());
        if (url) BOOST_TEST_REQUIRE(Url::parse(url->href()).has_value(), url->href());
      }
    }
  }
}

}  // namespace wm::url
