#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time14.h"
#include "core/http/headers.h"
#include "core/warc/record.h"

namespace wm::warc {

/// A record about to be written: named fields in order, without Content-Length and
/// WARC-Block-Digest, which the writer adds.
struct NewRecord {
  RecordType type;
  http::Headers fields;
  std::string id;  ///< "<urn:uuid:…>", also among the fields
};

struct Revisited {
  std::string target_uri;
  SysMicros date;
  std::optional<std::string> record_id{};
};

/// What all records of one capture event share (WARC 1.1 §5.4: one date).
struct Event {
  std::string target_uri;  ///< absolute, percent-encoded: made safe for the header if it is not
  SysMicros date;          ///< when the capture of this URL began
  std::optional<std::string> ip_address{};
  std::vector<std::string> protocols{};  ///< "h2", "tls/1.3": one WARC-Protocol field each
  std::optional<std::string> cipher_suite{};
  std::optional<std::string> page_id{};        ///< WARC-Page-ID: the capture's id
  std::optional<std::string> resource_type{};  ///< WARC-Resource-Type: "document", "stylesheet" …
};

/// Builders of every record type we write, to the matrix of WARC 1.1 (docs/formats/warc.md): strict
/// warc_lint.py has nothing to say.
NewRecord warcinfo(SysMicros date, std::string_view final_file_name);
NewRecord response(const Event& event, std::string_view payload_digest,
                   std::optional<std::string_view> truncated = {});
/// To be written right after the response (or revisit) it is concurrent to.
NewRecord request(const Event& event, std::string_view response_id,
                  std::optional<std::string_view> payload_digest = {});
NewRecord revisit_identical(const Event& event, std::string_view payload_digest,
                            const Revisited& original);
NewRecord revisit_not_modified(const Event& event, std::optional<std::string_view> payload_digest,
                               const Revisited& original);
NewRecord resource(const Event& event, std::string_view content_type,
                   std::string_view payload_digest);
/// Concurrent to a record of the same event (same date and target), or referring to one written
/// earlier. An empty target_uri is left out: metadata alone may do without.
NewRecord metadata(const Event& event, std::string_view content_type,
                   std::optional<std::string_view> concurrent_to = {},
                   std::optional<std::string_view> refers_to = {});

/// name: value lines of application/warc-fields, CRLF-terminated. Characters a line cannot hold
/// become blanks.
std::string warc_fields(const std::vector<std::pair<std::string, std::string>>& fields);
/// Lenient: LF ends, folded lines, lines without a colon (skipped).
std::vector<std::pair<std::string, std::string>> parse_warc_fields(std::string_view block);

}  // namespace wm::warc
