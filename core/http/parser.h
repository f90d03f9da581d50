#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/http/message.h"

namespace wm::http {

/// Strict is for clients that talk to us: RFC 9112 to the letter, request smuggling refused. Lenient is for what archives hold:
/// LF line ends, missing reason, "HTTP/2 200", "ICY 200", no status line digits beyond three, folded lines, lines without a
/// colon, blanks before it, any byte in values. Lenient fails only when there is no status or request line at all.
enum class Mode { kStrict, kLenient };

struct HeadLimits {
  std::size_t bytes = 64 * 1024;
  std::size_t fields = 256;
};
/// For heads inside archives, whose size says nothing about intent.
inline constexpr HeadLimits kArchiveHeadLimits{.bytes = 1 << 20, .fields = 20000};

template <class Head>
struct ParsedHead {
  Head head;
  std::size_t length;  ///< bytes of the head with its empty line
  bool complete = true;  ///< lenient only: false if the bytes ended before an empty line
  bool odd = false;      ///< lenient only: something the strict mode would have refused
};

/// Length of the head with its empty line (CRLF or LF ends), or nullopt if `bytes` does not hold all of it yet. Linear; to be
/// called again with more bytes, pass how many were seen before in `seen`.
std::optional<std::size_t> head_length(std::string_view bytes, std::size_t seen = 0) noexcept;

/// `bytes` starts with the head and may hold more. kInvalid (with the offset), kTooLarge; strict gives kInvalid for a head without
/// its empty line too.
Result<ParsedHead<RequestHead>> parse_request_head(std::string_view bytes, Mode mode, HeadLimits limits = {});
Result<ParsedHead<ResponseHead>> parse_response_head(std::string_view bytes, Mode mode, HeadLimits limits = {});
/// Fields alone, as WARC records, multipart parts and trailers have them; ends at the empty line or the end of `bytes`.
Result<ParsedHead<Headers>> parse_fields(std::string_view bytes, Mode mode, HeadLimits limits = {});

}  // namespace wm::http
