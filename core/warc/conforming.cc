// The matrix of fields and record types: ISO 28500:2017 clauses 5.2 to 5.20.
#include "core/warc/conforming.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/warc/field_values_internal.h"

namespace wm::warc {

namespace {

enum class Form { kText, kUri, kId, kDate, kMediaType, kAddress, kDigest, kNumber };

constexpr unsigned bit(RecordType type) {
  return 1U << static_cast<unsigned>(type);
}
constexpr unsigned kInfo = bit(RecordType::kWarcinfo), kResponse = bit(RecordType::kResponse),
                   kResource = bit(RecordType::kResource), kRequest = bit(RecordType::kRequest),
                   kMetadata = bit(RecordType::kMetadata), kRevisit = bit(RecordType::kRevisit),
                   kConversion = bit(RecordType::kConversion),
                   kContinuation = bit(RecordType::kContinuation),
                   kEvery = kInfo | kResponse | kResource | kRequest | kMetadata | kRevisit |
                            kConversion | kContinuation;

struct Rule {
  std::string_view name;
  Form form;
  unsigned forbidden;  ///< on these types
};

constexpr std::array<Rule, 21> kRules = {{
    {"WARC-Type", Form::kText, 0},
    {"WARC-Record-ID", Form::kId, 0},
    {"WARC-Date", Form::kDate, 0},
    {"Content-Length", Form::kNumber, 0},
    {"Content-Type", Form::kMediaType, 0},
    {"WARC-Concurrent-To", Form::kId, kInfo | kConversion | kContinuation},
    {"WARC-Block-Digest", Form::kDigest, 0},
    {"WARC-Payload-Digest", Form::kDigest, kInfo | kMetadata},
    {"WARC-IP-Address", Form::kAddress, kInfo | kConversion | kContinuation},
    {"WARC-Refers-To", Form::kId, kInfo | kResponse | kResource | kRequest | kContinuation},
    {"WARC-Refers-To-Target-URI", Form::kUri, kEvery & ~kRevisit},
    {"WARC-Refers-To-Date", Form::kDate, kEvery & ~kRevisit},
    {"WARC-Target-URI", Form::kUri, kInfo},
    {"WARC-Truncated", Form::kText, 0},
    {"WARC-Warcinfo-ID", Form::kId, kInfo},
    {"WARC-Filename", Form::kText, kEvery & ~kInfo},
    {"WARC-Profile", Form::kUri, kEvery & ~kRevisit},
    {"WARC-Identified-Payload-Type", Form::kMediaType, kInfo | kMetadata},
    {"WARC-Segment-Origin-ID", Form::kId, kEvery & ~kContinuation},
    {"WARC-Segment-Number", Form::kNumber, 0},
    {"WARC-Segment-Total-Length", Form::kNumber, kEvery & ~kContinuation},
}};

std::string_view without_brackets(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>')
    text = trim(text.substr(1, text.size() - 2));
  return text;
}

/// What browsers send as it is, though RFC 3986 knows no such URI: another spelling of it would not
/// be found by who asks for it.
bool is_sent_so(std::string_view uri) {
  return std::all_of(uri.begin(), uri.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != '<' && c != '>' && c != '"';
  });
}

/// "" for what has no scheme.
std::string absolute_uri(std::string_view text) {
  const std::string_view bare = without_brackets(text);
  std::string uri = is_sent_so(bare) ? std::string(bare) : safe_uri(bare);
  const std::size_t colon = uri.find(':');
  const bool scheme =
      colon != std::string::npos && colon > 0 && is_alpha(uri.front()) &&
      std::all_of(uri.begin(), uri.begin() + static_cast<std::ptrdiff_t>(colon),
                  [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
  return scheme ? uri : std::string();
}

/// §5.4: years to microseconds, always in UTC; what is whole seconds or finer as it is.
std::string date_of(std::string_view text) {
  const auto date = parse_w3c_date(trim(text));
  if (!date) return {};
  const std::string_view written = trim(text);
  const bool as_we_do =
      written.size() >= 20 && written[10] == 'T' && written.back() == 'Z' && written.size() <= 30;
  return as_we_do ? std::string(written) : date_text(*date);
}

std::string digest_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !is_token(text.substr(0, colon)) ||
      colon + 1 == text.size())
    return {};
  const bool plain = std::all_of(
      text.begin() + static_cast<std::ptrdiff_t>(colon) + 1, text.end(),
      [](char c) { return c == '=' || c == '/' || c == '@' || is_token(std::string_view(&c, 1)); });
  return plain ? std::string(text) : std::string();
}

/// The value as it may be written; "" if it cannot be.
std::string mended(Form form, std::string_view value) {
  switch (form) {
    case Form::kText:
      return safe_value(value);
    case Form::kUri:
      return absolute_uri(value);
    case Form::kId: {
      const std::string uri = absolute_uri(value);
      return uri.empty() ? uri : "<" + uri + ">";
    }
    case Form::kDate:
      return date_of(value);
    case Form::kMediaType:
      return safe_media_type(value);
    case Form::kAddress:
      return safe_address(trim(value)).value_or("");
    case Form::kDigest:
      return digest_of(trim(value));
    case Form::kNumber:
      return parse_u64(trim(value)) ? std::string(trim(value)) : std::string();
  }
  return {};
}

const Rule* rule_of(std::string_view name) {
  const auto found = std::find_if(kRules.begin(), kRules.end(),
                                  [name](const Rule& rule) { return iequals(rule.name, name); });
  return found == kRules.end() ? nullptr : &*found;
}

}  // namespace

http::Headers conforming_fields(const WarcRecord& record, const Substitutes& substitutes) {
  http::Headers fields;
  fields.reserve(record.fields.size());
  std::set<const Rule*> seen;
  const RecordType type = record.type();
  const unsigned own = type == RecordType::kUnknown ? 0 : bit(type);
  for (const http::Header& field : record.fields) {
    if (!is_token(field.name)) continue;
    const Rule* rule = rule_of(field.name);
    if (rule != nullptr && (rule->forbidden & own) != 0) continue;
    if (rule != nullptr && rule->name != "WARC-Concurrent-To" && seen.contains(rule)) continue;
    const std::string value = rule ? mended(rule->form, field.value) : safe_value(field.value);
    if (value.empty()) continue;
    if (rule != nullptr) seen.insert(rule);
    fields.add(field.name, value);
  }
  if (!fields.has("WARC-Record-ID")) fields.add("WARC-Record-ID", substitutes.id);
  if (!fields.has("WARC-Date")) fields.add("WARC-Date", date_text(substitutes.date));
  return fields;
}

bool is_conforming(const WarcRecord& record) {
  const bool old = record.version == "WARC/1.0";
  if (!old && record.version != "WARC/1.1") return false;
  if (!record.damage.empty() || !record.field("WARC-Type") || !record.content_length) return false;
  // A warcinfo of WARC/1.0 dates in whole seconds.
  if (old && record.field("WARC-Date").value_or("").size() != 20) return false;
  const RecordType type = record.type();
  const bool needs_target = type != RecordType::kWarcinfo && type != RecordType::kMetadata &&
                            type != RecordType::kUnknown;
  if (needs_target && !record.field("WARC-Target-URI")) return false;
  if (type == RecordType::kRevisit && !record.field("WARC-Profile")) return false;
  return conforming_fields(record, {}) == record.fields;
}

void modernize(http::Headers& fields, RecordType type) {
  for (const char* name : {"WARC-Block-Digest", "WARC-Payload-Digest"}) {
    const auto written = fields.find(name);
    const std::string digest = written ? normalized_digest(*written) : std::string();
    if (digest.starts_with("sha1:")) fields.set(name, digest);
  }
  fields.set("WARC-Type", name_of(type));
  if (type != RecordType::kRevisit) return;
  constexpr std::string_view kOld = "http://netpreserve.org/warc/1.0/revisit/";
  std::string profile(fields.find("WARC-Profile").value_or(""));
  if (profile.starts_with(kOld))
    profile = "http://netpreserve.org/warc/1.1/revisit/" + profile.substr(kOld.size());
  if (!profile.empty()) fields.set("WARC-Profile", profile);
  if (profile.ends_with("/identical-payload-digest")) fields.set("WARC-Truncated", "length");
}

}  // namespace wm::warc
