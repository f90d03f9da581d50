#pragma once

#include <string>
#include <string_view>

#include "core/http/headers.h"

namespace wm::http {

struct RequestHead {
  std::string method;
  std::string target;  ///< raw, as on the request line
  std::string version = "HTTP/1.1";
  Headers headers;
};

struct ResponseHead {
  std::string version = "HTTP/1.1";
  int status = 200;
  std::string reason;
  Headers headers;
};

/// The head with CRLF line ends and the empty line. CR, LF and NUL in names and values become
/// blanks, so that no value can forge a line.
std::string serialize(const RequestHead& head);
std::string serialize(const ResponseHead& head);

/// "Not Found" for 404; "" for a status without a registered phrase.
std::string_view reason_phrase(int status) noexcept;

}  // namespace wm::http
