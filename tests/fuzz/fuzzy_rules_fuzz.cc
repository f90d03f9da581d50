#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay/fuzzy/rules.h"

using namespace wm;

// Any file is read or refused; a rule finds the same in a key however often it is asked, and its
// search begins where the key may be found.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<fuzzy::Rules::Complaint> complaints;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto rules = fuzzy::Rules::parse(text, complaints);
  if (!rules) return 0;
  for (const auto& rule : rules->rules()) {
    for (const std::string_view key : {std::string_view("com,a)/x.js?a=1&b&_=12"),
                                       std::string_view("com,youtube)/watch?v=1"), text}) {
      if (rule.identity(key) != rule.identity(key)) std::abort();
      for (const auto& prefix : rule.search_prefixes(key)) {
        if (prefix.empty()) std::abort();
      }
    }
  }
  return 0;
}
