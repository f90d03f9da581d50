#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay/access/rules.h"

using namespace wm;

// Any file gives rules and complaints; none of them makes a decision fail.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<access::Rules::Complaint> complaints;
  const auto rules = access::Rules::parse({reinterpret_cast<const char*>(data), size}, complaints);
  if (complaints.size() > 100) std::abort();
  for (const char* surt : {"", "com,a)/", "com,a)/x?y", "org,example)/one"}) {
    const auto decided = rules.decide("web", surt, Time14(), SysSeconds{});
    if (rules.empty() && decided != access::Access::kAllow) std::abort();
  }
  return 0;
}
