#include "archiver/capture/http_block.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace wm::archiver {
namespace {

/// The lines of a head without their ends, up to the empty one.
std::vector<std::string_view> lines_of(std::string_view head) {
  std::vector<std::string_view> lines;
  for (std::string_view line : split(head, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    lines.push_back(line);
  }
  return lines;
}

std::string without_controls(std::string_view text) {
  std::string clean(text);
  std::replace(clean.begin(), clean.end(), '\r', ' ');
  std::replace(clean.begin(), clean.end(), '\0', ' ');
  return clean;
}

/// "HTTP/1.0 200" or "HTTP/1.1 200 any text", which every reader of WARC understands.
bool is_plain_status_line(std::string_view line) {
  if (!line.starts_with("HTTP/1.0 ") && !line.starts_with("HTTP/1.1 ")) return false;
  const std::string_view rest = line.substr(9);
  if (rest.size() < 3 || rest[0] < '1' || !is_digit(rest[0]) || !is_digit(rest[1]) ||
      !is_digit(rest[2]))
    return false;
  if (rest.size() > 3 && rest[3] != ' ') return false;
  return std::none_of(rest.begin(), rest.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

std::string status_line(std::string_view received, const http::ResponseHead& head) {
  if (is_plain_status_line(received)) return std::string(received);
  std::string line = head.version == "HTTP/1.0" ? "HTTP/1.0 " : "HTTP/1.1 ";
  line += std::to_string(std::clamp(head.status, 100, 999)) + " ";
  if (!head.reason.empty()) {
    for (const char c : head.reason)
      line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  } else {
    line += http::reason_phrase(head.status);
  }
  return line;
}

/// What the Content-Length field of the stored head is to say; nullopt to leave what is there.
std::optional<std::uint64_t> corrected_length(const fetch::Exchange& exchange) {
  const int status = exchange.response.status;
  if (exchange.method == "HEAD" || status == 204 || status == 304) return std::nullopt;
  const std::uint64_t stored = exchange.body->size();
  const auto told = exchange.response.headers.all("Content-Length");
  if (told.empty() || exchange.response.headers.has("Transfer-Encoding")) return stored;
  const bool cut = exchange.truncated != fetch::Truncated::kNo;
  if (told.size() == 1 && (cut || parse_u64(trim(told.front())) == stored)) return std::nullopt;
  return stored;
}

class ResponseHeadWriter {
 public:
  explicit ResponseHeadWriter(std::optional<std::uint64_t> length) : length_(length) {}

  void field(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t') {  // a folded line belongs to the one before
      if (!last_dropped_)
        text_ += (any_ ? "" : "x-orig-malformed:") + without_controls(line) + "\r\n";
      any_ = true;
      return;
    }
    any_ = true;
    last_dropped_ = false;
    const std::size_t colon = line.find(':');
    const std::string_view name = trim(line.substr(0, colon == line.npos ? 0 : colon));
    if (!http::is_token(name)) {
      text_ += "x-orig-malformed: " + without_controls(line) + "\r\n";
      return;
    }
    const std::string value = without_controls(line.substr(colon));
    if (iequals(name, "Transfer-Encoding")) {
      text_ += "x-orig-transfer-encoding" + value + "\r\n";
    } else if (length_ && iequals(name, "Content-Length")) {
      last_dropped_ = length_written_;
      if (!length_written_) text_ += std::string(name) + ": " + std::to_string(*length_) + "\r\n";
      length_written_ = true;
    } else {
      text_ += std::string(name) + value + "\r\n";
    }
  }

  std::string finish() {
    if (length_ && !length_written_)
      text_ += "Content-Length: " + std::to_string(*length_) + "\r\n";
    return text_ + "\r\n";
  }

  void start(std::string status_line) { text_ = std::move(status_line) + "\r\n"; }

 private:
  const std::optional<std::uint64_t> length_;
  std::string text_;
  bool any_ = false;
  bool last_dropped_ = false;
  bool length_written_ = false;
};

/// "/path?query" of a request target in absolute form; as it is in any other.
std::string_view origin_form(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::size_t scheme = target.find("://");
  if (scheme == target.npos) return target;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  return path == target.npos ? std::string_view("/") : target.substr(path);
}

bool is_secret(std::string_view name) {
  return istarts_with(name, "Proxy-") || iequals(name, "Authorization");
}

}  // namespace

std::string stored_response_head(const fetch::Exchange& exchange) {
  ResponseHeadWriter writer(corrected_length(exchange));
  const auto lines = lines_of(exchange.response_head);
  writer.start(status_line(lines.empty() ? std::string_view() : lines.front(), exchange.response));
  for (std::size_t i = 1; i < lines.size(); ++i) writer.field(lines[i]);
  return writer.finish();
}

std::string stored_request_head(const fetch::Exchange& exchange) {
  const auto lines = lines_of(exchange.request_head);
  std::string text = exchange.method + " ";
  const auto words = split(lines.empty() ? std::string_view() : lines.front(), ' ');
  text += words.size() == 3 ? origin_form(words[1]) : origin_form(exchange.url);
  text += words.size() == 3 && words[2] == "HTTP/1.0" ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string_view name = lines[i].substr(0, lines[i].find(':'));
    if (!is_secret(name)) text += std::string(lines[i]) + "\r\n";
  }
  return text + "\r\n";
}

}  // namespace wm::archiver
