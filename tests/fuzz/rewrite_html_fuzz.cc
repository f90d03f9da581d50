#include "tests/fuzz/rewrite_property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  wm::fuzz::check_rewriter(wm::rewrite::Kind::kHtml, data, size);
  return 0;
}
