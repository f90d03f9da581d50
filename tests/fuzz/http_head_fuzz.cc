// Heads, strict and lenient: what strict takes, lenient takes alike, and what is written is read
// back.
#include <cstdint>
#include <string_view>

#include "core/http/parser.h"

namespace {

using namespace wm::http;

void check_request(std::string_view bytes) {
  const auto strict = parse_request_head(bytes, Mode::kStrict);
  const auto lenient = parse_request_head(bytes, Mode::kLenient, kArchiveHeadLimits);
  if (lenient) WM_CHECK(lenient->length <= bytes.size());
  if (!strict) return;
  WM_CHECK(head_length(bytes) == strict->length);
  WM_CHECK(lenient && lenient->length == strict->length);
  WM_CHECK(lenient->head.target == strict->head.target &&
           lenient->head.headers == strict->head.headers);
  const std::string written = serialize(strict->head);
  const auto again = parse_request_head(written, Mode::kStrict);
  WM_CHECK(again && again->length == written.size() && again->head.headers == strict->head.headers);
  WM_CHECK(request_framing(strict->head).has_value());
}

void check_response(std::string_view bytes) {
  const auto strict = parse_response_head(bytes, Mode::kStrict);
  const auto lenient = parse_response_head(bytes, Mode::kLenient);
  if (bytes.starts_with("HTTP")) WM_CHECK(lenient.has_value());
  if (strict) {
    WM_CHECK(lenient && !lenient->odd && lenient->head.status == strict->head.status);
    WM_CHECK(lenient->head.headers == strict->head.headers && lenient->length == strict->length);
  }
  if (!lenient) return;
  WM_CHECK(lenient->length <= bytes.size());
  // One line a field, whatever is in it.
  const std::string written = serialize(lenient->head);
  const auto again = parse_response_head(written, Mode::kLenient, kArchiveHeadLimits);
  WM_CHECK(again && again->complete && again->length == written.size());
  WM_CHECK(again->head.headers.size() == lenient->head.headers.size());
  const auto archived = parse_archived_response_head(bytes);
  WM_CHECK(archived && archived->length <= bytes.size() && archived->length >= lenient->length);
}

void check_length(std::string_view bytes) {
  const auto whole = head_length(bytes);
  for (std::size_t size = 0; size <= bytes.size() && size < 300; ++size) {
    const auto part = head_length(bytes.substr(0, size), size == 0 ? 0 : size - 1);
    WM_CHECK(!part || part == whole);
    if (part) break;
    WM_CHECK(head_length(bytes, size) == whole);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_length(bytes);
  check_request(bytes);
  check_response(bytes);
  for (const Mode mode : {Mode::kStrict, Mode::kLenient}) {
    const auto fields = parse_fields(bytes, mode);
    if (fields) WM_CHECK(fields->length <= size);
  }
  return 0;
}
