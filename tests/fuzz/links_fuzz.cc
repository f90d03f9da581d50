#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "server/links/link.h"
#include "server/links/rules.h"
#include "server/links/saved_searches.h"
#include "server/links/tag.h"

// What users write as tags and rules, and what lies in the store.

namespace {

using namespace wm::links;

void as_tag(const std::string& input) {
  const auto clean = clean_tag(input);
  if (!clean) return;
  WM_CHECK(clean_tag(*clean) == *clean);
  const std::string key = tag_key(*clean);
  WM_CHECK(tag_key(key) == key);
  for (const std::string& parent : parents_of(key)) WM_CHECK(is_or_is_under(key, parent));
  const auto forms = typed_forms(*clean);
  WM_CHECK(!forms.empty() && forms.front() == key);
}

void as_rule(const std::string& input) {
  Link link;
  link.url = "https://www.example.org/docs/a?lang=de";
  link.title = input;
  for (const Rule& rule : {Rule{.site = input, .tags = {"t"}}, Rule{.url = input, .tags = {"t"}}, Rule{.title = input, .text = input, .tags = {"t"}}}) {
    const auto cleaned = clean(rule);
    if (!cleaned) continue;
    WM_CHECK(decode_rule(encode(*cleaned)).value() == *cleaned);
    static_cast<void>(RuleSet({*cleaned}).matching(link, input, RuleSet::Moment::kAdded));
  }
}

void as_stored(const std::string& input) {
  if (const auto link = decode_link(input)) WM_CHECK(decode_link(encode(*link)).has_value());
  if (const auto tag = decode_tag(input)) WM_CHECK(decode_tag(encode(*tag)).has_value());
  if (const auto search = decode_search(input)) static_cast<void>(search->whole_query());
  static_cast<void>(decode_snapshot(input));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 4096));
  as_tag(input);
  as_rule(input);
  as_stored(input);
  return 0;
}
