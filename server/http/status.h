#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "server/http/message.h"

namespace wm::server {

/// The HTTP status of an Error; the only place where that is decided.
int http_status(Error::Code code) noexcept;

/// {"error":{"code","message"}} with that status. `code` is a word, `message` a sentence for
/// people.
Response error_response(int status, std::string_view code, std::string_view message);

/// The answer to a failed operation. Error::what may name files and is for the log: the public
/// reads `message`, or a general sentence for the code if that is empty. 503 carries Retry-After.
Response error_response(const Error& error, std::string_view message = {});

/// A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD; "<" and U+2028/9 are
/// escaped, so that the result is safe within HTML and scripts.
std::string json_string(std::string_view text);

}  // namespace wm::server
