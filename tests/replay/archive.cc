#include "tests/replay/archive.h"

#include "core/base/digest.h"
#include "core/http/media_type.h"
#include "core/http/parser.h"
#include "core/url/url.h"
#include "core/warc/record_builder.h"

namespace wm::test {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

warc::Event event(const std::string& url, const std::string& time) {
  warc::Event event;
  event.target_uri = url;
  event.date = Time14::parse(time).value().time();
  return event;
}

}  // namespace

Archive::Archive() : dir_(temp_dir()) {
  store_ = must(store::Store::open(dir_.path() / "db"));
  index_ = std::make_unique<cdx::CdxIndex>(*store_);
  writer_ = must(warc::WarcWriter::create(root() / kWarcName, now_micros()));
}

Archive::~Archive() {
  if (writer_) writer_->abandon();
}

cdx::Capture Archive::add(const Response& response) {
  const std::string digest = sha1_digest(response.body);
  const auto record = warc::response(event(response.url, response.time), digest);
  const auto position = must(writer_->write(record, {response.head, response.body}));
  auto capture = filed(response.url, response.time, response.head, digest, position);
  if (!response.method.empty()) capture.method = response.method;
  file(capture);
  return capture;
}

cdx::Capture Archive::add_revisit(const cdx::Capture& original, const std::string& url,
                                  const std::string& time, const std::string& head, Refers refers) {
  const auto record = warc::revisit_identical(
      event(url, time), original.digest,
      {.target_uri = original.url, .date = original.time.time(), .record_id = {}});
  const auto position = must(writer_->write(record, {head}));
  auto capture = filed(url, time, head, original.digest, position);
  capture.mime = "warc/revisit";
  if (refers == Refers::kYes) {
    capture.refers_to_uri = original.url;
    capture.refers_to_time = original.time;
  }
  file(capture);
  return capture;
}

cdx::Capture Archive::filed(const std::string& url, const std::string& time,
                            const std::string& head, std::string digest,
                            warc::RecordPosition position) {
  cdx::Capture capture;
  capture.surt = url::surt(url);
  capture.time = Time14::parse(time).value();
  capture.url = url;
  capture.digest = std::move(digest);
  capture.file = kWarcName;
  capture.offset = position.offset;
  capture.length = position.length;
  if (const auto parsed = http::parse_archived_response_head(head)) {
    capture.status = parsed->head.status;
    const auto type = http::content_type(parsed->head.headers);
    capture.mime = type ? type->essence() : "unk";
    const auto location = parsed->head.headers.find("Location");
    if (location && parsed->head.status / 100 == 3) {
      capture.redirect = url::resolve(*location, url::Url::parse(url).value()).value();
    }
  }
  return capture;
}

void Archive::file(const cdx::Capture& capture) {
  store::Batch batch;
  must(index_->add(batch, capture));
  must(store_->write(std::move(batch)));
}

void Archive::finish() {
  must(writer_->finish());
  writer_.reset();
}

}  // namespace wm::test
