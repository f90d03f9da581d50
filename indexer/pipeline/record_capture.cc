#include "indexer/pipeline/record_capture.h"

#include <chrono>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/url/surt.h"
#include "core/url/url.h"
#include "indexer/pipeline/http_record.h"

namespace wm::pipeline {
namespace {

using warc::RecordType;
using warc::WarcRecord;

bool is_candidate(const WarcRecord& record) {
  switch (record.type()) {
    case RecordType::kResponse:
    case RecordType::kRevisit:
    case RecordType::kResource:
      return true;
    case RecordType::kMetadata:
      return !istarts_with(trim(record.field("Content-Type").value_or("")),
                           "application/warc-fields");
    default:
      return false;
  }
}

/// As other indexers have it: what is no media type is as good as none.
std::string mime_or_unknown(const std::string& essence) {
  if (essence.empty() || essence == "-") return "unk";
  for (const char c : essence) {
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f)
      return "unk";
  }
  return essence;
}

void set_http(const http::ResponseHead& head, RecordCapture& result) {
  auto& capture = result.capture;
  if (head.status >= 100 && head.status <= 999) capture.status = head.status;
  if (const auto type = head.headers.find("Content-Type")) result.content_type = essence_of(*type);
  const auto location = head.headers.find("Location");
  if (!location || head.status < 300 || head.status > 399) return;
  const auto base = url::Url::parse(capture.url);
  auto target = url::Url::parse(trim(*location), base ? &*base : nullptr);
  if (target) capture.redirect = target->href();
}

void set_revisit(const WarcRecord& record, cdx::Capture& capture) {
  if (const auto uri = record.field("WARC-Refers-To-Target-URI")) {
    auto text = trim(*uri);
    if (text.size() > 1 && text.front() == '<' && text.back() == '>')
      text = text.substr(1, text.size() - 2);
    if (!text.empty()) capture.refers_to_uri = text;
  }
  if (const auto date = record.field("WARC-Refers-To-Date")) {
    if (const auto time = parse_w3c_date(trim(*date)))
      capture.refers_to_time = Time14(std::chrono::floor<std::chrono::seconds>(*time));
  }
}

}  // namespace

Result<std::optional<RecordCapture>> capture_of(WarcRecord& record, std::string& why) {
  if (!is_candidate(record)) return std::nullopt;
  RecordCapture result;
  auto& capture = result.capture;
  capture.url = record.target_uri();
  // What server/journal writes of links is no capture, wherever it lies.
  if (capture.url.starts_with("urn:waymark:")) return std::nullopt;
  capture.surt = url::surt(capture.url);
  if (capture.url.empty() || capture.surt.empty()) {
    why = "a record without a target URI";
    return std::nullopt;
  }
  const auto date = record.date();
  if (!date) {
    why = "a record without a date that can be read";
    return std::nullopt;
  }
  capture.time = Time14(std::chrono::floor<std::chrono::seconds>(*date));
  capture.offset = record.offset;
  result.record_id = record.id();
  const bool message =
      record.type() == RecordType::kResponse || record.type() == RecordType::kRevisit;
  HttpRecord opened;
  if (message) {
    opened = WM_TRY(open_response(record));
    if (opened.head) set_http(*opened.head, result);
  }
  // A response that is no HTTP (dns:) and a resource tell their type themselves.
  if (record.type() != RecordType::kRevisit && !opened.head) {
    const std::string own = essence_of(record.field("Content-Type").value_or(""));
    if (!istarts_with(own, "application/http")) result.content_type = own;
  }
  capture.mime = mime_or_unknown(result.content_type);
  if (record.type() == RecordType::kRevisit) {
    capture.mime = "warc/revisit";
    set_revisit(record, capture);
  }
  if (const auto digest = record.field("WARC-Payload-Digest")) {
    capture.digest = normalized_digest(trim(*digest));
  } else if (record.type() != RecordType::kRevisit && !record.field("WARC-Segment-Number")) {
    capture.digest = WM_TRY(digest_of_rest(message ? *opened.body : record.block()));
  }
  return result;
}

}  // namespace wm::pipeline
