#include "core/warc/field_values_internal.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/ascii.h"

namespace wm::warc {

namespace {

constexpr bool is_token_char(char c) noexcept {
  return is_alnum(c) ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

std::size_t token_length(std::string_view text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && is_token_char(text[n])) ++n;
  return n;
}

/// Takes `; name=value` off the front of `rest`; false if it is not just that.
bool take_parameter(std::string_view& rest) {
  rest = trim(rest);
  if (rest.empty() || rest.front() != ';') return false;
  rest = trim(rest.substr(1));
  const std::size_t name = token_length(rest);
  if (name == 0 || name >= rest.size() || rest[name] != '=') return false;
  rest.remove_prefix(name + 1);
  if (rest.empty() || rest.front() != '"') {
    const std::size_t value = token_length(rest);
    rest.remove_prefix(value);
    return value > 0;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    const auto c = static_cast<unsigned char>(rest[i]);
    if (c == '"') {
      rest.remove_prefix(i + 1);
      return true;
    }
    if (c == '\\') ++i;
    if (c < 0x20 || c >= 0x7f) return false;
  }
  return false;
}

}  // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && token_length(text) == text.size();
}

std::string safe_uri(std::string_view uri) {
  constexpr std::string_view kAllowed = "-._~:/?#[]@!$&'()*+,;=";
  std::string safe;
  safe.reserve(uri.size());
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const char c = uri[i];
    const bool escape =
        c == '%' && i + 2 < uri.size() && hex_value(uri[i + 1]) >= 0 && hex_value(uri[i + 2]) >= 0;
    if (is_alnum(c) || escape || (c != '\0' && kAllowed.find(c) != std::string_view::npos)) {
      safe += c;
    } else {
      safe += '%';
      for (const char digit : hex_encode(uri.substr(i, 1))) safe += to_upper(digit);
    }
  }
  return safe;
}

std::string safe_value(std::string_view value) {
  std::string safe = valid_utf8(trim(value));
  for (char& c : safe) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return std::string(trim(safe));
}

std::string safe_name(std::string_view name) {
  std::string safe(name);
  for (char& c : safe) {
    if (!is_token_char(c)) c = '-';
  }
  return safe.empty() ? "x" : safe;
}

std::optional<std::string> safe_address(std::string_view written) {
  if (written.size() >= 2 && written.front() == '[' && written.back() == ']') {
    written = written.substr(1, written.size() - 2);
  }
  std::string text(written.substr(0, written.find('%')));  // a zone is of no use elsewhere
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return text;
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::nullopt;
  constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const bool mapped = std::memcmp(bytes.data(), kMapped.data(), kMapped.size()) == 0;
  const char* name = mapped ? ::inet_ntop(AF_INET, bytes.data() + 12, buffer.data(), buffer.size())
                            : ::inet_ntop(AF_INET6, bytes.data(), buffer.data(), buffer.size());
  if (name == nullptr) return std::nullopt;
  return std::string(name);
}

std::string safe_media_type(std::string_view written) {
  written = trim(written);
  const std::size_t type = token_length(written);
  if (type == 0 || type >= written.size() || written[type] != '/')
    return "application/octet-stream";
  const std::size_t subtype = token_length(written.substr(type + 1));
  if (subtype == 0) return "application/octet-stream";
  std::string_view rest = written.substr(type + 1 + subtype);
  while (!trim(rest).empty()) {
    if (!take_parameter(rest)) return std::string(written.substr(0, type + 1 + subtype));
  }
  return std::string(written);
}

std::string date_text(SysMicros date) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(date);
  return seconds == date ? w3c_date(seconds) : w3c_date_micros(date);
}

}  // namespace wm::warc
