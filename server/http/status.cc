#include "server/http/status.h"

#include <fmt/format.h>

#include "core/base/ascii.h"

namespace wm::server {

namespace {

std::string_view public_sentence(Error::Code code) noexcept {
  switch (code) {
    case Error::Code::kNotFound:
      return "There is nothing here.";
    case Error::Code::kInvalid:
      return "The request is not valid.";
    case Error::Code::kCorrupt:
      return "What is stored here is damaged.";
    case Error::Code::kIo:
      return "The server could not read or write its data.";
    case Error::Code::kTimeout:
      return "This took too long.";
    case Error::Code::kTooLarge:
      return "This is larger than the server takes.";
    case Error::Code::kDenied:
      return "This is not allowed.";
    case Error::Code::kUnsupported:
      return "The server does not support this.";
    case Error::Code::kConflict:
      return "This conflicts with what is there already.";
    case Error::Code::kBusy:
      return "The server is busy; try again shortly.";
  }
  return "Something went wrong.";
}

}  // namespace

int http_status(Error::Code code) noexcept {
  switch (code) {
    case Error::Code::kNotFound:
      return 404;
    case Error::Code::kInvalid:
      return 400;
    case Error::Code::kCorrupt:
      return 500;
    case Error::Code::kIo:
      return 500;
    case Error::Code::kTimeout:
      return 504;
    case Error::Code::kTooLarge:
      return 413;
    case Error::Code::kDenied:
      return 403;
    case Error::Code::kUnsupported:
      return 415;
    case Error::Code::kConflict:
      return 409;
    case Error::Code::kBusy:
      return 503;
  }
  return 500;
}

Response error_response(int status, std::string_view code, std::string_view message) {
  return Response::json(status, fmt::format("{{\"error\":{{\"code\":{},\"message\":{}}}}}\n",
                                            json_string(code), json_string(message)));
}

Response error_response(const Error& error, std::string_view message) {
  Response response = error_response(http_status(error.code), name_of(error.code),
                                     message.empty() ? public_sentence(error.code) : message);
  if (response.status == 503) response.headers.set("Retry-After", "1");
  return response;
}

std::string json_string(std::string_view text) {
  const std::string valid = valid_utf8(text);
  std::string out = "\"";
  out.reserve(valid.size() + 2);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '<') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else if (c == '\xe2' && valid.compare(i, 2, "\xe2\x80") == 0 &&
               (valid[i + 2] == '\xa8' || valid[i + 2] == '\xa9')) {
      out += valid[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
  out += '"';
  return out;
}

}  // namespace wm::server
