#include "core/base/result.h"

#include <cstdio>
#include <cstdlib>

namespace wm {

const char* name_of(Error::Code code) noexcept {
  switch (code) {
    case Error::Code::kNotFound: return "not_found";
    case Error::Code::kInvalid: return "invalid";
    case Error::Code::kCorrupt: return "corrupt";
    case Error::Code::kIo: return "io";
    case Error::Code::kTimeout: return "timeout";
    case Error::Code::kTooLarge: return "too_large";
    case Error::Code::kDenied: return "denied";
    case Error::Code::kUnsupported: return "unsupported";
    case Error::Code::kConflict: return "conflict";
    case Error::Code::kBusy: return "busy";
  }
  return "unknown";
}

void check_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace wm
