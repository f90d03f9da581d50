#include "tests/fuzz/rewrite_property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  wm::fuzz::check_rewriter(wm::rewrite::Kind::kMarkup, data, size);
  wm::fuzz::check_rewriter(wm::rewrite::Kind::kXhtml, data, size);
  return 0;
}
