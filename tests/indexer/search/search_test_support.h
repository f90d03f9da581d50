#pragma once

#include <memory>
#include <string>
#include <vector>

#include "indexer/search/search_index.h"
#include "tests/support/test_support.h"

namespace wm::test {

inline Time14 time14(std::string_view digits) {
  return Time14::parse_padded(digits, Time14::Pad::kEarliest).value();
}

/// An index in a temporary folder, open for both.
struct SearchInTemp {
  TempDir dir = temp_dir();
  std::unique_ptr<search::SearchWriter> writer =
      search::SearchWriter::open(dir.path() / "search").value();
  std::unique_ptr<search::SearchIndex> index =
      search::SearchIndex::open(dir.path() / "search").value();

  void put(const search::Document& document) {
    if (auto put = writer->put(document); !put) throw std::runtime_error(put.error().what);
  }
  void commit() {
    if (auto committed = writer->commit(); !committed)
      throw std::runtime_error(committed.error().what);
  }
  search::Answer answer(std::string query, std::size_t limit = 100) const {
    auto answer = index->search({.query = std::move(query),
                                 .limit = limit,
                                 .offset = 0,
                                 .tags = {},
                                 .links_only = false,
                                 .now = time14("20240601")});
    if (!answer) throw std::runtime_error(answer.error().what);
    return std::move(*answer);
  }
  /// The ids of the links found, in order.
  std::string links(std::string query) const {
    std::string out;
    for (const auto& hit : answer(std::move(query)).results)
      out += (out.empty() ? "" : " ") + std::to_string(hit.link_id);
    return out;
  }
};

/// A page of a link; the rest is set by the case.
inline search::Document page(std::uint64_t link, std::string_view time, std::string text) {
  search::Document d;
  d.id = "page:" + std::to_string(link) + ":" + std::string(time);
  d.link_id = link;
  d.url = "https://www.example.com/page" + std::to_string(link);
  d.time = time14(time);
  d.added = time14(time);
  d.text = std::move(text);
  d.language = "en";
  d.mime = "text/html";
  return d;
}

}  // namespace wm::test
