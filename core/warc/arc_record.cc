// ARC 1.0 and 2.0 (Internet Archive, 1996): each record becomes what a WARC would say of it.
#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/time14.h"
#include "core/warc/record_scanner.h"

namespace wm::warc {

namespace {

constexpr std::string_view kFileScheme = "filedesc://";

std::string without_controls(std::string_view text) {
  std::string clean(text);
  std::erase_if(clean, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  return clean;
}

/// Fourteen digits count; many archives have 12, 15, 16 or 18. Fields out of range are clamped.
std::optional<std::string> date_of(std::string_view written) {
  const auto digits = static_cast<std::size_t>(
      std::find_if_not(written.begin(), written.end(), is_digit) - written.begin());
  if (digits < 4) return std::nullopt;
  const auto time = Time14::parse_padded(written.substr(0, std::min<std::size_t>(digits, 14)),
                                         Time14::Pad::kEarliest);
  if (!time) return std::nullopt;
  return w3c_date(time->time());
}

bool is_media_type(std::string_view text) {
  return std::count(text.begin(), text.end(), '/') == 1 && !text.starts_with('/') &&
         !text.ends_with('/') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

void add_fields(const ArcLine& line, http::Headers& fields) {
  const bool file = line.url.starts_with(kFileScheme);
  const bool http = istarts_with(line.url, "http:") || istarts_with(line.url, "https:");
  fields.add("WARC-Type", file ? "warcinfo" : http ? "response" : "resource");
  fields.add("WARC-Target-URI", without_controls(line.url));
  if (file) fields.add("WARC-Filename", without_controls(line.url.substr(kFileScheme.size())));
  if (const auto date = date_of(line.date)) fields.add("WARC-Date", *date);
  fields.add("ARC-Date", line.date);
  if (!line.ip.empty() && line.ip != "0.0.0.0") fields.add("WARC-IP-Address", line.ip);
  const bool typed = is_media_type(line.media_type);
  if (http) {
    fields.add("Content-Type", "application/http;msgtype=response");
    if (typed) fields.add("WARC-Identified-Payload-Type", line.media_type);
  } else {
    fields.add("Content-Type",
               typed ? line.media_type : std::string_view("application/octet-stream"));
  }
  if (!line.checksum.empty() && line.checksum != "-") fields.add("ARC-Checksum", line.checksum);
  if (!line.location.empty() && line.location != "-") fields.add("ARC-Location", line.location);
  fields.add("Content-Length", line.written_length);
}

}  // namespace

Result<std::optional<WarcRecord>> RecordScanner::read_arc(std::size_t line_length) {
  WarcRecord record = start_record("ARC/1");
  std::string_view text = WM_TRY(unit_.view(pos_, line_length));
  text = text.substr(0, line_length - 1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  const auto line = parse_arc_line(text);
  WM_CHECK(line.has_value());
  if (!line->checksum.empty()) record.version = "ARC/2";
  add_fields(*line, record.fields);
  record.content_length = line->length;
  std::vector<std::uint64_t> lengths;
  if (line->length) lengths.push_back(*line->length);
  if (!record.fields.has("WARC-Date"))
    record.damage.push_back({record.offset, "no date in the URL record line"});
  pos_ += line_length;
  return deliver(std::move(record), lengths, true);
}

}  // namespace wm::warc
