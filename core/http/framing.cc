// RFC 9112 6.3, the request's side. What two readers of one request could understand in two ways is
// refused.
#include <algorithm>

#include "core/base/ascii.h"
#include "core/http/parser.h"

namespace wm::http {

namespace {

std::unexpected<Error> invalid(const char* what) {
  return fail(Error::Code::kInvalid, what);
}

/// RFC 3986 reg-name, IPv4 or bracketed IPv6, and a port; may be empty.
bool is_host(std::string_view value) noexcept {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=%:[]";
  return std::all_of(value.begin(), value.end(), [kMarks](char c) {
    return is_alnum(c) || kMarks.find(c) != std::string_view::npos ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

struct FramingFields {
  const std::string* length = nullptr;
  const std::string* coding = nullptr;
  const std::string* host = nullptr;
};

Result<FramingFields> find_once(const Headers& headers) {
  FramingFields found;
  for (const Header& field : headers) {
    const std::string** slot = iequals(field.name, "Content-Length")      ? &found.length
                               : iequals(field.name, "Transfer-Encoding") ? &found.coding
                               : iequals(field.name, "Host")              ? &found.host
                                                                          : nullptr;
    if (slot == nullptr) continue;
    if (*slot != nullptr) return invalid("Content-Length, Transfer-Encoding or Host given twice");
    *slot = &field.value;
  }
  return found;
}

}  // namespace

Result<RequestFraming> request_framing(const RequestHead& head) {
  const bool http10 = head.version == "HTTP/1.0";
  const FramingFields fields = WM_TRY(find_once(head.headers));
  if (fields.host == nullptr && !http10) return invalid("HTTP/1.1 request without Host");
  if (fields.host != nullptr && !is_host(*fields.host)) return invalid("bad Host");
  if (fields.coding != nullptr) {
    if (fields.length != nullptr) return invalid("Transfer-Encoding beside Content-Length");
    if (http10) return invalid("Transfer-Encoding in HTTP/1.0");
    if (!iequals(*fields.coding, "chunked"))
      return fail(Error::Code::kUnsupported, "transfer coding besides chunked");
    return RequestFraming{.chunked = true};
  }
  if (fields.length == nullptr) return RequestFraming{};
  const auto length = parse_u64(*fields.length);
  if (!length) return invalid("Content-Length that is no number");
  return RequestFraming{.length = *length};
}

}  // namespace wm::http
