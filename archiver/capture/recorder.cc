#include "archiver/capture/recorder.h"

#include <array>
#include <nlohmann/json.hpp>

#include "archiver/capture/http_block.h"
#include "core/base/digest.h"
#include "core/http/media_type.h"

namespace wm::archiver {
namespace {

warc::Event event_of(const fetch::Exchange& exchange, const std::string& page_id,
                     std::string_view resource_type) {
  warc::Event event{.target_uri = exchange.url,
                    .date = exchange.started,
                    .ip_address = {},
                    .protocols = exchange.protocols,
                    .cipher_suite = {},
                    .page_id = page_id,
                    .resource_type = std::string(resource_type)};
  if (!exchange.ip_address.empty()) event.ip_address = exchange.ip_address;
  if (!exchange.cipher_suite.empty()) event.cipher_suite = exchange.cipher_suite;
  return event;
}

/// The digest of head and body together, for a body too large to hold.
Result<std::string> block_digest(std::string_view head, const fetch::Spool& body) {
  Digester digester(Digester::Algorithm::kSha1);
  digester.update(head);
  const auto source = body.source();
  std::vector<char> buffer(64 * 1024);
  while (true) {
    const std::size_t got = WM_TRY(source->read(buffer));
    if (got == 0) break;
    digester.update({buffer.data(), got});
  }
  return sha1_label(digester.finish());
}

}  // namespace

std::string mime_of(const http::Headers& headers) {
  const auto type = http::content_type(headers);
  return type ? type->essence() : std::string();
}

Recorder::Recorder(warc::WarcWriter& writer, const PayloadLookup& lookup, std::string page_id)
    : writer_(writer), lookup_(lookup), page_id_(std::move(page_id)) {}

std::optional<warc::Revisited> Recorder::original_of(const fetch::Exchange& exchange) const {
  // A cut body is not the resource's; an empty one is everybody's.
  if (exchange.body->size() == 0 || exchange.truncated != fetch::Truncated::kNo)
    return std::nullopt;
  if (const auto here = held_.find(exchange.payload_digest); here != held_.end())
    return here->second;
  if (const auto there = lookup_.find(exchange.payload_digest)) {
    return warc::Revisited{.target_uri = there->target_uri, .date = there->date, .record_id = {}};
  }
  return std::nullopt;
}

Result<> Recorder::write_message(const warc::NewRecord& record, std::string_view head,
                                 const fetch::Spool& body) {
  if (body.in_memory()) {
    WM_TRY(writer_.write(record, {head, body.memory()}));
    return {};
  }
  const std::string digest = WM_TRY(block_digest(head, body));
  const auto source = body.source();
  WM_TRY(writer_.write_stream(record, head, *source, body.size(), digest));
  return {};
}

Result<> Recorder::record(const fetch::Exchange& exchange, std::string_view resource_type) {
  const warc::Event event = event_of(exchange, page_id_, resource_type);
  const std::string head = stored_response_head(exchange);
  std::string response_id;
  if (const auto original = original_of(exchange)) {
    const auto record = warc::revisit_identical(event, exchange.payload_digest, *original);
    response_id = record.id;
    WM_TRY(writer_.write(record, {head}));
    held_.emplace(exchange.payload_digest, *original);
    ++revisits_;
  } else {
    std::optional<std::string_view> truncated;
    if (exchange.truncated != fetch::Truncated::kNo) truncated = fetch::name_of(exchange.truncated);
    const auto record = warc::response(event, exchange.payload_digest, truncated);
    response_id = record.id;
    WM_TRY(write_message(record, head, *exchange.body));
    if (!truncated) {
      held_.emplace(exchange.payload_digest, warc::Revisited{.target_uri = exchange.url,
                                                             .date = exchange.started,
                                                             .record_id = record.id});
    }
  }
  const std::string asked = stored_request_head(exchange);
  const auto request = warc::request(event, response_id);
  if (exchange.request_body)
    WM_TRY(write_message(request, asked, *exchange.request_body));
  else
    WM_TRY(writer_.write(request, {asked}));
  outcomes_.push_back({exchange.url, exchange.response.status, mime_of(exchange.response.headers),
                       std::string(resource_type)});
  return {};
}

Result<> Recorder::record_page_info(const PageInfo& info) {
  using Json = nlohmann::ordered_json;
  Json urls = Json::object();
  for (const UrlOutcome& outcome : outcomes_) {
    urls[outcome.url] = {
        {"status", outcome.status}, {"mime", outcome.mime}, {"type", outcome.type}};
  }
  Json missed = Json::array();
  for (const Missed& one : info.missed)
    missed.push_back({{"url", one.url}, {"reason", one.reason}});
  Json page = {
      {"pageid", page_id_},          {"url", info.url},       {"ts", w3c_date_micros(info.date)},
      {"tsStatus", info.status},     {"engine", info.engine}, {"urls", std::move(urls)},
      {"missed", std::move(missed)}, {"limits", info.limits}};
  if (!info.title.empty()) page["title"] = info.title;
  if (!info.notes.empty()) page["notes"] = info.notes;
  return record_made("urn:pageinfo:" + info.url, info.date, "application/json",
                     page.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<> Recorder::record_made(const std::string& target_uri, SysMicros date,
                               std::string_view content_type, std::string_view bytes) {
  const warc::Event event{.target_uri = target_uri,
                          .date = date,
                          .ip_address = {},
                          .protocols = {},
                          .cipher_suite = {},
                          .page_id = page_id_,
                          .resource_type = {}};
  WM_TRY(writer_.write(warc::resource(event, content_type, sha1_digest(bytes)), {bytes}));
  return {};
}

}  // namespace wm::archiver
