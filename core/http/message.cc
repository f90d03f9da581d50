#include "core/http/message.h"

#include <algorithm>
#include <iterator>

namespace wm::http {

namespace {

/// Appends with what could end a line made harmless.
void append_text(std::string& out, std::string_view text) {
  const std::size_t start = out.size();
  out += text;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

void append_fields(std::string& out, const Headers& headers) {
  for (const Header& field : headers) {
    append_text(out, field.name);
    out += ": ";
    append_text(out, field.value);
    out += "\r\n";
  }
  out += "\r\n";
}

std::size_t size_hint(const Headers& headers) {
  std::size_t size = 64;
  for (const Header& field : headers) size += field.name.size() + field.value.size() + 4;
  return size;
}

struct Phrase {
  int status;
  std::string_view text;
};

// IANA HTTP Status Code Registry, in order.
constexpr Phrase kPhrases[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {102, "Processing"},
    {103, "Early Hints"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {208, "Already Reported"},
    {226, "IM Used"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {305, "Use Proxy"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {424, "Failed Dependency"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {506, "Variant Also Negotiates"},
    {507, "Insufficient Storage"},
    {508, "Loop Detected"},
    {511, "Network Authentication Required"},
};
static_assert(std::is_sorted(std::begin(kPhrases), std::end(kPhrases),
                             [](const Phrase& a, const Phrase& b) { return a.status < b.status; }));

}  // namespace

std::string serialize(const RequestHead& head) {
  std::string out;
  out.reserve(size_hint(head.headers) + head.method.size() + head.target.size());
  append_text(out, head.method);
  out += ' ';
  append_text(out, head.target);
  out += ' ';
  append_text(out, head.version);
  out += "\r\n";
  append_fields(out, head.headers);
  return out;
}

std::string serialize(const ResponseHead& head) {
  std::string out;
  out.reserve(size_hint(head.headers) + head.reason.size());
  append_text(out, head.version);
  out += ' ';
  // A status line has three digits; archives hold others, and those are written as they are.
  std::string status = std::to_string(head.status);
  if (status.size() < 3) status.insert(0, 3 - status.size(), '0');
  out += status;
  out += ' ';
  append_text(out, head.reason);
  out += "\r\n";
  append_fields(out, head.headers);
  return out;
}

std::string_view reason_phrase(int status) noexcept {
  const auto at =
      std::lower_bound(std::begin(kPhrases), std::end(kPhrases), status,
                       [](const Phrase& phrase, int wanted) { return phrase.status < wanted; });
  return at != std::end(kPhrases) && at->status == status ? at->text : std::string_view();
}

}  // namespace wm::http
