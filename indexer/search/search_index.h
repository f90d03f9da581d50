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

/// What one version of one page (or a link without any) has to be found by. One Xapian document
/// each; docs/formats/search.md. Pages that were captured again without a change share a document:
/// put() of an id that is there adds its time to those it has.
struct Document {
  std::string id;             ///< unique and stable: replaces the document of the same id
  std::uint64_t link_id = 0;  ///< 0: captured without a link (imports)
  std::string collection = "web";
  std::string url;
  std::optional<Time14> time;  ///< of the capture; none for the link's own document
  std::string title;           ///< the link's; what a result shows. "": page_title
  std::string page_title{};    ///< of this version of the page
  std::string description;
  std::string headings;
  std::string notes;
  std::string text;      ///< body, plain UTF-8
  std::string language;  ///< BCP 47 primary subtag, "" if unknown
  std::string mime;
  std::vector<std::string> tags;
  std::vector<std::string> states{};  ///< of the link, for is: and has: — "unread", "archived",
                                      ///< "fav", "shared", "broken" …; what is "trashed" is found
                                      ///< by is:trashed alone
  Time14 added;                       ///< of the link, else of the capture
};

struct Hit {
  std::uint64_t link_id = 0;
  std::string collection;
  std::string url;
  std::string title;
  std::vector<std::string> tags;
  std::optional<Time14>
      time;  ///< of the version that matched best; the newest of those with the same text
  std::uint32_t versions_matched = 1;  ///< captures whose text matches; 0 for a link without any
  std::vector<std::string> snippets;   ///< HTML: text escaped, hits in <mark>
  double score = 0;
};

struct Answer {
  std::uint64_t total =
      0;  ///< links (or pages without a link) that match; a lower bound if `total_is_estimate`
  bool total_is_estimate = false;
  std::string note;  ///< what was done with wrong syntax; "" if nothing
  std::vector<Hit> results;
};

struct SearchRequest {
  std::string query;  ///< any byte string
  std::size_t limit = 20;
  std::size_t offset = 0;
  std::vector<std::string> tags;  ///< all of them, besides what the query says
  bool links_only = false;        ///< leave out pages that belong to no link
  std::optional<Time14> now{};    ///< for age: and for how fresh a page is; none: the clock's
};

/// Reading side; the grammar of queries is in docs/search.md. Thread-safe: keeps one
/// Xapian::Database per thread of a small pool and reopens it after commits.
class SearchIndex {
 public:
  /// Makes an empty index if there is none. kCorrupt; kUnsupported for one of a newer format.
  static Result<std::unique_ptr<SearchIndex>> open(const std::filesystem::path& path);
  virtual ~SearchIndex() = default;
  virtual Result<Answer> search(const SearchRequest& request) const = 0;
  virtual Result<std::uint64_t> document_count() const = 0;
  /// The links that a request finds, in no order, without what a result shows: for work on all of
  /// them. `limit` and `offset` do not matter; at most a million.
  virtual Result<std::vector<std::uint64_t>> link_ids(const SearchRequest& request) const = 0;
};

/// The one writer. One thread: the index writer's.
class SearchWriter {
 public:
  /// kBusy while another process writes; kCorrupt; kUnsupported for an index of a newer format.
  static Result<std::unique_ptr<SearchWriter>> open(const std::filesystem::path& path);
  virtual ~SearchWriter() = default;
  /// Readers see it after commit(). Commits by itself when much is waiting, so that memory stays
  /// bounded. A document of a link without a time (the link's own) is kept only while the link has
  /// no page: update_link() tells pages its fields.
  virtual Result<> put(const Document& document) = 0;
  virtual Result<> remove(std::string_view id) = 0;
  /// Takes one version away: its document goes with its last version. The last page of a link
  /// leaves the link's own document.
  virtual Result<> remove_version(std::uint64_t link_id, std::string_view collection,
                                  std::string_view url, Time14 time) = 0;
  /// New title, tags, notes, states of a link on all documents that carry its id, text untouched;
  /// its own document if there is none.
  virtual Result<> update_link(std::uint64_t link_id, const Document& link_fields) = 0;
  virtual Result<> remove_link(std::uint64_t link_id) = 0;
  virtual Result<> commit() = 0;
};

}  // namespace wm::search
