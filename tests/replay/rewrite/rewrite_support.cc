#include "tests/replay/rewrite/rewrite_support.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm::test {
namespace {

/// Both sides of every edit.
class BothSides final : public rewrite::EditSink {
 public:
  void keep(std::string_view bytes) override {
    input += bytes;
    output += bytes;
  }
  void edit(std::string_view old, std::string_view fresh) override {
    input += old;
    output += fresh;
  }
  std::string input, output;
};

rewrite::Address address_of(std::string_view url, const RewriteCase& how) {
  rewrite::Address address;
  address.prefix = how.prefix;
  address.callback = how.callback;
  address.timestamp = how.timestamp;
  address.modifier = memento::modifier_of(how.modifier).value();
  address.document = url::Url::parse(url).value();
  return address;
}

}  // namespace

std::string rewritten(rewrite::Kind kind, std::string_view input, std::string_view url,
                      const RewriteCase& how, std::size_t piece, std::size_t first) {
  BothSides sides;
  const auto rewriter = rewrite::make_rewriter(
      kind, address_of(url, how), {.head_insert = how.head_insert, .scripts = how.scripts}, sides);
  std::string_view rest = input;
  if (first != 0) {
    const ExactCopy copy(rest.substr(0, first));
    rewriter->feed(copy.view());
    rest.remove_prefix(copy.view().size());
  }
  while (!rest.empty()) {
    const ExactCopy copy(rest.substr(0, piece == 0 ? rest.size() : piece));
    rewriter->feed(copy.view());
    rest.remove_prefix(copy.view().size());
  }
  rewriter->finish();
  BOOST_TEST(sides.input == input);
  return sides.output;
}

void check_rewrite(rewrite::Kind kind, std::string_view input, std::string_view expected,
                   std::string_view url, const RewriteCase& how) {
  BOOST_TEST(rewritten(kind, input, url, how) == expected);
  BOOST_TEST(rewritten(kind, input, url, how, 1) == expected);
  const std::size_t step = input.size() > 2000 ? input.size() / 200 : 1;
  for (std::size_t cut = 1; cut < input.size(); cut += step) {
    const auto output = rewritten(kind, input, url, how, 0, cut);
    if (output != expected) BOOST_TEST(output == expected, "cut at " << cut << ": " << output);
  }
}

}  // namespace wm::test
