#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/http/message.h"

namespace wm::http {

/// Strict is for clients that talk to us: RFC 9112 to the letter, request smuggling refused.
/// Lenient is for what archives hold: LF line ends, missing reason, "HTTP/2 200", "ICY 200", a
/// status of no or of seven digits, folded lines (joined by one blank), lines without a colon (left
/// out), blanks before it, any byte in values. Lenient fails only when there is no status or
/// request line at all.
enum class Mode { kStrict, kLenient };

/// Strict gives kTooLarge beyond these. Lenient cuts there: a head longer than `bytes` is read as
/// if it ended at its last whole line within them, and fields beyond `fields` are left out; both
/// are odd, the first is not complete.
struct HeadLimits {
  std::size_t bytes = 64 * 1024;
  std::size_t fields = 256;
};
/// For heads inside archives, whose size says nothing about intent.
inline constexpr HeadLimits kArchiveHeadLimits{.bytes = 1 << 20, .fields = 20000};

template <class Head>
struct ParsedHead {
  Head head;
  std::size_t length = 0;  ///< bytes of the head with its empty line; the body starts there
  bool complete = true;    ///< false if the bytes or the limit ended before an empty line (lenient,
                           ///< and parse_fields)
  bool odd = false;        ///< lenient only: something the strict mode would have refused
};

/// Length of the head with its empty line (CRLF or LF ends), or nullopt if `bytes` does not hold
/// all of it yet. Empty lines before the first line belong to the head, up to 16 bytes of them.
/// Linear; to be called again with more bytes, pass how many were seen before in `seen`.
std::optional<std::size_t> head_length(std::string_view bytes, std::size_t seen = 0) noexcept;

/// `bytes` starts with the head and may hold more. kInvalid (with the offset), kTooLarge; strict
/// gives kInvalid for a head without its empty line too, and kUnsupported for a request of another
/// HTTP than 1.x or with a transfer coding besides chunked. Beyond the grammar, strict refuses a
/// request with: a second Content-Length, or one that is no number; Transfer-Encoding beside
/// Content-Length, in HTTP/1.0 or repeated; no Host or two in HTTP/1.1. Bytes above 0x7f in a
/// target are let through: command-line clients send them, and they frame nothing.
Result<ParsedHead<RequestHead>> parse_request_head(std::string_view bytes, Mode mode,
                                                   HeadLimits limits = {});
Result<ParsedHead<ResponseHead>> parse_response_head(std::string_view bytes, Mode mode,
                                                     HeadLimits limits = {});
/// Fields alone, as WARC records, multipart parts and trailers have them; ends at the empty line or
/// the end of `bytes`.
Result<ParsedHead<Headers>> parse_fields(std::string_view bytes, Mode mode, HeadLimits limits = {});

/// The response head of an archived message: lenient, and past interim heads (100, 103 …) that
/// another status line follows. `length` counts from the start of `bytes`, interim heads included.
/// kInvalid when the block has no head: then all of it is body.
Result<ParsedHead<ResponseHead>> parse_archived_response_head(
    std::string_view bytes, HeadLimits limits = kArchiveHeadLimits);

/// How the body of a request is framed (RFC 9112 6.3).
struct RequestFraming {
  bool chunked = false;
  std::uint64_t length = 0;  ///< bytes of the body unless chunked
};
/// kInvalid, kUnsupported: as parse_request_head has refused them already.
Result<RequestFraming> request_framing(const RequestHead& head);

}  // namespace wm::http
