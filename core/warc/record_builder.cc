// The fields of each record type: ISO 28500:2017 clauses 5 and 6, with the errata the IIPC
// collected (docs/formats/warc.md).
#include "core/warc/record_builder.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "core/base/ascii.h"
#include "core/base/random.h"

namespace wm::warc {

namespace {

constexpr std::string_view kHttpResponse = "application/http;msgtype=response";
constexpr std::string_view kHttpRequest = "application/http;msgtype=request";
constexpr std::string_view kRevisitProfiles = "http://netpreserve.org/warc/1.1/revisit/";

constexpr bool is_token(char c) noexcept {
  return is_alnum(c) ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

/// RFC 3986 characters as they are, everything else percent-encoded, a '%' that starts no escape
/// too.
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

/// Without control characters and in UTF-8, so that no value can forge a line; a blank for each.
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
    if (!is_token(c)) c = '-';
  }
  return safe.empty() ? "x" : safe;
}

/// RFC 5952 for version 6 and dotted quads; a mapped IPv4 address is written as what it is. nullopt
/// if it is none.
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

std::size_t token_length(std::string_view text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && is_token(text[n])) ++n;
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

/// `written` if it is a media type by the grammar of WARC; its type without parameters if only
/// those are wrong.
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

NewRecord start(RecordType type, SysMicros date) {
  NewRecord record{.type = type, .fields = {}, .id = "<urn:uuid:" + random_uuid() + ">"};
  record.fields.reserve(16);
  record.fields.add("WARC-Type", name_of(type));
  record.fields.add("WARC-Record-ID", record.id);
  record.fields.add("WARC-Date", date_text(date));
  return record;
}

NewRecord start(RecordType type, const Event& event) {
  NewRecord record = start(type, event.date);
  if (!event.target_uri.empty()) record.fields.add("WARC-Target-URI", safe_uri(event.target_uri));
  return record;
}

void add_if(NewRecord& record, std::string_view name, std::string_view value) {
  const std::string safe = safe_value(value);
  if (!safe.empty()) record.fields.add(name, safe);
}

/// What is known of the exchange; on the response or the revisit that stands for it.
void add_exchange(NewRecord& record, const Event& event) {
  if (event.ip_address) {
    if (const auto address = safe_address(*event.ip_address))
      record.fields.add("WARC-IP-Address", *address);
  }
  // One field each, not a comma list: IIPC warc-specifications #42.
  for (const std::string& protocol : event.protocols) add_if(record, "WARC-Protocol", protocol);
  if (event.cipher_suite) add_if(record, "WARC-Cipher-Suite", *event.cipher_suite);
}

void add_page(NewRecord& record, const Event& event) {
  if (event.page_id) add_if(record, "WARC-Page-ID", *event.page_id);
  if (event.resource_type) add_if(record, "WARC-Resource-Type", *event.resource_type);
}

NewRecord revisit(const Event& event, std::string_view profile, const Revisited& original) {
  NewRecord record = start(RecordType::kRevisit, event);
  record.fields.add("WARC-Profile", std::string(kRevisitProfiles) + std::string(profile));
  // pywb and wabac.js find the original by these two alone.
  record.fields.add("WARC-Refers-To-Target-URI", safe_uri(original.target_uri));
  record.fields.add("WARC-Refers-To-Date", date_text(original.date));
  if (original.record_id) add_if(record, "WARC-Refers-To", *original.record_id);
  add_exchange(record, event);
  add_page(record, event);
  record.fields.add("Content-Type", kHttpResponse);
  return record;
}

}  // namespace

NewRecord warcinfo(SysMicros date, std::string_view final_file_name) {
  NewRecord record = start(RecordType::kWarcinfo, date);
  add_if(record, "WARC-Filename", final_file_name);
  record.fields.add("Content-Type", "application/warc-fields");
  return record;
}

NewRecord response(const Event& event, std::string_view payload_digest,
                   std::optional<std::string_view> truncated) {
  NewRecord record = start(RecordType::kResponse, event);
  record.fields.add("WARC-Payload-Digest", payload_digest);
  add_exchange(record, event);
  add_page(record, event);
  if (truncated) add_if(record, "WARC-Truncated", *truncated);
  record.fields.add("Content-Type", kHttpResponse);
  return record;
}

NewRecord request(const Event& event, std::string_view response_id,
                  std::optional<std::string_view> payload_digest) {
  NewRecord record = start(RecordType::kRequest, event);
  record.fields.add("WARC-Concurrent-To", response_id);
  if (payload_digest) record.fields.add("WARC-Payload-Digest", *payload_digest);
  add_page(record, event);
  record.fields.add("Content-Type", kHttpRequest);
  return record;
}

NewRecord revisit_identical(const Event& event, std::string_view payload_digest,
                            const Revisited& original) {
  NewRecord record = revisit(event, "identical-payload-digest", original);
  record.fields.add("WARC-Payload-Digest", payload_digest);
  record.fields.add("WARC-Truncated",
                    "length");  // 6.7.2: "shall be used for any identical-digest truncation"
  return record;
}

NewRecord revisit_not_modified(const Event& event, std::optional<std::string_view> payload_digest,
                               const Revisited& original) {
  NewRecord record = revisit(event, "server-not-modified", original);
  if (payload_digest) record.fields.add("WARC-Payload-Digest", *payload_digest);
  return record;
}

NewRecord resource(const Event& event, std::string_view content_type,
                   std::string_view payload_digest) {
  NewRecord record = start(RecordType::kResource, event);
  record.fields.add("WARC-Payload-Digest", payload_digest);
  add_exchange(record, event);
  add_page(record, event);
  record.fields.add("Content-Type", safe_media_type(content_type));
  return record;
}

NewRecord metadata(const Event& event, std::string_view content_type,
                   std::optional<std::string_view> concurrent_to,
                   std::optional<std::string_view> refers_to) {
  NewRecord record = start(RecordType::kMetadata, event);
  if (concurrent_to) record.fields.add("WARC-Concurrent-To", *concurrent_to);
  if (refers_to) record.fields.add("WARC-Refers-To", *refers_to);
  add_page(record, event);
  record.fields.add("Content-Type", safe_media_type(content_type));
  return record;
}

std::string warc_fields(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string block;
  for (const auto& [name, value] : fields)
    block += safe_name(name) + ": " + safe_value(value) + "\r\n";
  return block;
}

std::vector<std::pair<std::string, std::string>> parse_warc_fields(std::string_view block) {
  std::vector<std::pair<std::string, std::string>> fields;
  while (!block.empty()) {
    const std::size_t end = std::min(block.find('\n'), block.size());
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(std::min(end + 1, block.size()));
    const bool folded = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (folded && !fields.empty()) {
      if (const auto more = trim(line); !more.empty())
        fields.back().second.append(" ").append(more);
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  return fields;
}

}  // namespace wm::warc
