#include "tests/fuzz/rewrite_property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto kind :
       {wm::rewrite::Kind::kJson, wm::rewrite::Kind::kHls, wm::rewrite::Kind::kDash}) {
    wm::fuzz::check_rewriter(kind, data, size);
  }
  return 0;
}
