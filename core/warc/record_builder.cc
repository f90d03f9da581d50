// The fields of each record type: ISO 28500:2017 clauses 5 and 6, with the errata the IIPC
// collected (docs/formats/warc.md).
#include "core/warc/record_builder.h"

#include "core/base/ascii.h"
#include "core/base/random.h"
#include "core/warc/field_values_internal.h"

namespace wm::warc {

namespace {

constexpr std::string_view kHttpResponse = "application/http;msgtype=response";
constexpr std::string_view kHttpRequest = "application/http;msgtype=request";
constexpr std::string_view kRevisitProfiles = "http://netpreserve.org/warc/1.1/revisit/";

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
