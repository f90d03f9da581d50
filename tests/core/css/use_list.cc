#include "tests/core/css/use_list.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/test_support.h"

namespace wm::css::test {

void UseList::on_url(const UrlUse& use) {
  ranges_right = ranges_right && use.begin == joined.size() &&
                 use.end == use.begin + use.raw.size() && !use.raw.empty();
  ranges_right = ranges_right && (use.form == UrlUse::Form::kUrlToken) == (use.quote == 0);
  joined += use.raw;
  constexpr std::string_view kKinds[] = {"import", "font", "resource", "namespace"};
  const std::string quote = use.quote == 0 ? "" : std::string(1, use.quote);
  lines.push_back(std::string(kKinds[static_cast<std::size_t>(use.kind)]) + " " + quote + use.url +
                  quote);
}

UseList uses_of(const std::vector<std::string_view>& pieces) {
  UseList list;
  CssScanner scanner(list);
  for (const std::string_view piece : pieces) {
    const wm::test::ExactCopy copy(piece);
    scanner.feed(copy.view());
  }
  scanner.finish();
  return list;
}

std::string checked_uses(std::string_view sheet) {
  const UseList whole = uses_of({sheet});
  BOOST_TEST(whole.joined == sheet);
  BOOST_TEST(whole.ranges_right);
  for (std::size_t cut = 0; cut <= sheet.size(); ++cut) {
    const UseList split = uses_of({sheet.substr(0, cut), sheet.substr(cut)});
    if (split.joined != sheet || !split.ranges_right || split.lines != whole.lines) {
      BOOST_ERROR("split at " << cut << " of " << sheet << "\n  whole " << shown(whole.lines)
                              << "\n  split " << shown(split.lines));
      break;
    }
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < sheet.size(); ++i) bytes.push_back(sheet.substr(i, 1));
  const UseList single = uses_of(bytes);
  BOOST_TEST(single.joined == sheet);
  BOOST_TEST(shown(single.lines) == shown(whole.lines));
  return shown(whole.lines);
}

std::string shown(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : " | ") + line;
  return text;
}

}  // namespace wm::css::test
