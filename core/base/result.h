#pragma once

#include <expected>
#include <string>
#include <utility>

namespace wm {

/// Why something failed. Values, never exceptions: torn WARCs, bad URLs and dead hosts are the daily input.
struct Error {
  /// What the caller can do about it. The HTTP status of each: server/http/status.cc, nowhere else.
  enum class Code {
    kNotFound,
    kInvalid,
    kCorrupt,
    kIo,
    kTimeout,
    kTooLarge,
    kDenied,
    kUnsupported,
    kConflict,
    kBusy,
  };
  Code code;
  /// What was tried, on which file, byte or URL, and what to do. For the log and the owner, not for the public.
  std::string what;
};

/// A value or an Error. An absent thing that is no error is a std::optional inside.
template <class T = void>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Error::Code code, std::string what) {
  return std::unexpected<Error>(Error{code, std::move(what)});
}

/// The word of a code as the API and the logs spell it: "not_found", "invalid" …
const char* name_of(Error::Code code) noexcept;

}  // namespace wm

/// The value of a Result, or hands its Error on to the caller. A whole line: `auto x = WM_TRY(f());`
#define WM_TRY(...)                                                        \
  __extension__({                                                          \
    auto wm_try_result_ = (__VA_ARGS__);                                   \
    if (!wm_try_result_) return std::unexpected(std::move(wm_try_result_).error()); \
    *std::move(wm_try_result_);                                            \
  })

/// A programmer's error ends the process with file and line, in every build.
#define WM_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::wm::check_failed(#condition, __FILE__, __LINE__))

namespace wm {
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;
}
