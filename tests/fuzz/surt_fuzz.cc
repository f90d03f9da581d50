#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/url/surt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wm::url;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string key = surt(input);
  WM_CHECK(!key.empty());
  for (char c : key) WM_CHECK(static_cast<unsigned char>(c) > ' ' && c != 0x7f);
  // A canonical URL may hold what the steps would take once more ("www.www.", a second session id):
  // each is taken once. Where they change nothing more, the key is the same too.
  const std::string canonical = canonical_url(input);
  if (canonical_url(canonical) == canonical) WM_CHECK(surt(canonical) == key);
  const auto variants = surt_variants(input);
  WM_CHECK(!variants.empty() && variants.front() == key && variants.size() <= 12);
  for (const MatchType match :
       {MatchType::kExact, MatchType::kPrefix, MatchType::kHost, MatchType::kDomain}) {
    const SurtRange range = surt_range(input, match);
    WM_CHECK(range.first < range.last);
  }
  const std::string link = link_key(input);
  WM_CHECK(link_key(input) == link);
  return 0;
}
