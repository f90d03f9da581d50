#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time14.h"

namespace wm::search {

/// What one version of one page (or a link without any) has to be found by. One Xapian document each; docs/formats/search.md.
struct Document {
  std::string id;               ///< unique and stable: replaces the document of the same id
  std::uint64_t link_id = 0;    ///< 0: captured without a link (imports)
  std::string collection = "web";
  std::string url;
  std::optional<Time14> time;   ///< of the capture; none for the link's own document
  std::string title;
  std::string description;
  std::string headings;
  std::string notes;
  std::string text;             ///< body, plain UTF-8
  std::string language;         ///< BCP 47 primary subtag, "" if unknown
  std::string mime;
  std::vector<std::string> tags;
  Time14 added;                 ///< of the link, else of the capture
};

struct Hit {
  std::uint64_t link_id = 0;
  std::string collection;
  std::string url;
  std::string title;
  std::vector<std::string> tags;
  std::optional<Time14> time;             ///< of the version that matched best
  std::uint32_t versions_matched = 1;
  std::vector<std::string> snippets;      ///< HTML: text escaped, hits in <mark>
  double score = 0;
};

struct Answer {
  std::uint64_t total = 0;     ///< links (or pages without a link) that match; a lower bound if `total_is_estimate`
  bool total_is_estimate = false;
  std::string note;            ///< what was done with wrong syntax; "" if nothing
  std::vector<Hit> results;
};

struct SearchRequest {
  std::string query;           ///< any byte string
  std::size_t limit = 20;
  std::size_t offset = 0;
  std::vector<std::string> tags;  ///< all of them, besides what the query says
};

/// Reading side. Thread-safe: keeps one Xapian::Database per thread of a small pool and reopens it after commits.
class SearchIndex {
 public:
  static Result<std::unique_ptr<SearchIndex>> open(const std::filesystem::path& path);
  virtual ~SearchIndex() = default;
  virtual Result<Answer> search(const SearchRequest& request) const = 0;
  virtual Result<std::uint64_t> document_count() const = 0;
};

/// The one writer. One thread: the index writer's.
class SearchWriter {
 public:
  static Result<std::unique_ptr<SearchWriter>> open(const std::filesystem::path& path);
  virtual ~SearchWriter() = default;
  virtual Result<> put(const Document& document) = 0;
  virtual Result<> remove(std::string_view id) = 0;
  /// New title, tags, notes of a link on all documents that carry its id, text untouched.
  virtual Result<> update_link(std::uint64_t link_id, const Document& link_fields) = 0;
  virtual Result<> remove_link(std::uint64_t link_id) = 0;
  virtual Result<> commit() = 0;
};

}  // namespace wm::search
