#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "core/base/digest.h"
#include "core/warc/writer.h"
#include "indexer/pipeline/index_warc.h"
#include "tests/support/test_support.h"

namespace wm::test {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline SysMicros at_micros(std::string_view time14) {
  return Time14::parse_padded(time14, Time14::Pad::kEarliest).value().time();
}

/// Writes one WARC record by record.
class WarcBuilder {
 public:
  WarcBuilder(const std::filesystem::path& path)
      : writer_(must(warc::WarcWriter::create(path, at_micros("20200101")))) {}

  std::string response(std::string_view url, std::string_view time, std::string_view head,
                       std::string_view body) {
    const std::string block = http(head, body);
    const auto record = warc::response(event(url, time), sha1_digest(body));
    last_ = must(writer_->write(record, {block}));
    return record.id;
  }
  std::string html(std::string_view url, std::string_view time, std::string_view body) {
    return response(url, time, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8", body);
  }
  void request(std::string_view url, std::string_view time, std::string_view concurrent_to,
               std::string_view block) {
    last_ = must(writer_->write(warc::request(event(url, time), concurrent_to), {block}));
  }
  void revisit(std::string_view url, std::string_view time, std::string_view body,
               std::string_view original, std::string_view original_time) {
    const std::string block = http("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8", "");
    last_ = must(writer_->write(warc::revisit_identical(event(url, time), sha1_digest(body),
                                                        {.target_uri = std::string(original),
                                                         .date = at_micros(original_time),
                                                         .record_id = {}}),
                                {block}));
  }
  void resource(std::string_view url, std::string_view time, std::string_view type,
                std::string_view body) {
    last_ = must(writer_->write(warc::resource(event(url, time), type, sha1_digest(body)), {body}));
  }
  void metadata(std::string_view url, std::string_view time, std::string_view type,
                std::string_view body) {
    last_ = must(writer_->write(warc::metadata(event(url, time), type), {body}));
  }
  void finish() { must(writer_->finish()); }
  warc::RecordPosition last() const { return last_; }

 private:
  static warc::Event event(std::string_view url, std::string_view time) {
    warc::Event made;
    made.target_uri = url;
    made.date = at_micros(time);
    return made;
  }
  static std::string http(std::string_view head, std::string_view body) {
    return std::string(head) + "\r\n\r\n" + std::string(body);
  }
  std::unique_ptr<warc::WarcWriter> writer_;
  warc::RecordPosition last_{};
};

/// Links as server/links would tell them.
class SomeLinks final : public pipeline::LinkFields {
 public:
  Result<std::optional<search::Document>> link_document(std::uint64_t link_id) const override {
    const auto it = links.find(link_id);
    if (it == links.end()) return std::nullopt;
    return it->second;
  }
  Result<std::uint64_t> link_of(std::string_view url) const override {
    const auto it = ids.find(url);
    return it == ids.end() ? 0 : it->second;
  }
  search::Document& add(std::uint64_t id, std::string title) {
    search::Document d;
    d.id = "link:" + std::to_string(id);
    d.link_id = id;
    d.url = "http://example.com/";
    d.title = std::move(title);
    d.added = Time14(std::chrono::floor<std::chrono::seconds>(at_micros("2019")));
    return links[id] = d;
  }
  std::map<std::uint64_t, search::Document> links;
  std::map<std::string, std::uint64_t, std::less<>> ids;  ///< what link_of() knows
};

/// A data folder with all that indexing needs.
struct Archive {
  TempDir dir = temp_dir();
  std::filesystem::path warcs = dir.path() / "warcs";
  std::unique_ptr<store::Store> store = must(store::Store::open(dir.path() / "db"));
  std::unique_ptr<search::SearchWriter> writer =
      must(search::SearchWriter::open(dir.path() / "search"));
  std::unique_ptr<search::SearchIndex> search =
      must(search::SearchIndex::open(dir.path() / "search"));
  cdx::CdxIndex index{*store};
  SomeLinks links;

  pipeline::IndexReport index_file(const std::string& file,
                                   const pipeline::IndexOptions& options = {}) {
    return must(pipeline::index_warc(*store, warcs, file, options));
  }
  std::uint64_t drain() { return must(pipeline::drain_outbox(*store, *writer, warcs, links)); }
  std::size_t outbox() const {
    std::size_t count = 0;
    auto cursor = store->cursor(store::Family::kOutbox);
    for (cursor.seek_to_first(); cursor.valid(); cursor.next()) ++count;
    return count;
  }
  std::vector<cdx::Capture> captures(const std::string& file) const {
    std::vector<cdx::Capture> found;
    must(index.for_each_in_file(file, [&](const cdx::Capture& capture) {
      found.push_back(capture);
      return true;
    }));
    return found;
  }
  search::Answer find(std::string query) const {
    return must(search->search({.query = std::move(query),
                                .limit = 100,
                                .offset = 0,
                                .tags = {},
                                .links_only = false,
                                .now = {}}));
  }
  /// All rows of the store, for comparing two ways to one state.
  std::string everything() const {
    std::string all;
    for (const auto family : {store::Family::kCdx, store::Family::kDigest, store::Family::kCaptures,
                              store::Family::kOutbox, store::Family::kMeta}) {
      auto cursor = store->cursor(family);
      for (cursor.seek_to_first(); cursor.valid(); cursor.next()) {
        all.append(std::to_string(static_cast<int>(family)))
            .append(cursor.key())
            .append("=")
            .append(cursor.value())
            .append("\n");
      }
    }
    return all;
  }
};

}  // namespace wm::test
