#include <xapian.h>

#include <algorithm>
#include <set>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "indexer/search/document.h"
#include "indexer/search/search_index.h"
#include "indexer/search/xapian_error.h"

namespace wm::search {
namespace {

// Xapian keeps what waits in maps by term and document: with a thousand documents each step misses
// the cache, with two hundred it is 1.5 times
constexpr std::size_t kDocumentsWaiting = 200;
constexpr std::size_t kBytesWaiting = 24 << 20;

class Writer final : public SearchWriter {
 public:
  Writer(Xapian::WritableDatabase database, std::filesystem::path path)
      : database_(std::move(database)), path_(std::move(path)) {
    const std::string known = database_.get_metadata(std::string(kLanguagesKey));
    for (const auto language : split(known, ' ')) {
      if (!language.empty()) languages_.emplace(language);
    }
  }

  Result<> put(const Document& document) override {
    return guarded("adding to", [&] { put_now(document); });
  }
  Result<> remove(std::string_view id) override {
    return guarded("removing from", [&] { drop_all(documents_of(id_term(id))); });
  }
  Result<> remove_version(std::uint64_t link_id, std::string_view collection, std::string_view url,
                          Time14 time) override {
    return guarded("removing from",
                   [&] { remove_version_now(group_of(link_id, collection, url), time); });
  }
  Result<> update_link(std::uint64_t link_id, const Document& link_fields) override {
    return guarded("updating", [&] { update_now(link_id, link_fields); });
  }
  Result<> remove_link(std::uint64_t link_id) override {
    return guarded("removing from",
                   [&] { database_.delete_document(group_term(group_of(link_id, {}, {}))); });
  }
  Result<> commit() override {
    return guarded("committing", [&] { commit_now(); });
  }

 private:
  template <class F>
  Result<> guarded(const char* doing, F f) {
    try {
      f();
      return {};
    } catch (const Xapian::Error& error) {
      return std::unexpected(
          error_of(error, std::string(doing) + " the search index " + path_.string()));
    }
  }

  static std::string group_term(const std::string& group) {
    return std::string(prefix::kGroup) + group;
  }

  std::vector<Xapian::docid> documents_of(const std::string& term) const {
    std::vector<Xapian::docid> ids;
    for (auto it = database_.postlist_begin(term); it != database_.postlist_end(term); ++it)
      ids.push_back(*it);
    return ids;
  }

  std::optional<Stored> stored_of(const Xapian::Document& document, Excerpt excerpt) const {
    auto stored = decode_stored(document.get_data(), excerpt);
    if (stored) return std::move(*stored);
    log::warning("a document of the search index {} is left as it is: {}", path_.string(),
                 stored.error().what);
    return std::nullopt;
  }

  void put_now(const Document& document) {
    const std::string term = id_term(document.id);
    const std::string group =
        group_term(group_of(document.link_id, document.collection, document.url));
    std::vector<Time14> times;
    for (const auto id : documents_of(term)) {
      if (!document.time) break;
      if (const auto stored = stored_of(database_.get_document(id), Excerpt::kSkip))
        times = stored->times;
    }
    if (document.link_id != 0 && !document.time && has_pages(group)) return;
    if (document.link_id != 0 && document.time) drop_own(group, term);
    remember_language(document.language);
    database_.replace_document(term, make_document(document, times));
    count(document.text.size() + document.notes.size() + 500);
  }

  bool has_pages(const std::string& group) const {
    const auto ids = documents_of(group);
    return std::any_of(ids.begin(), ids.end(), [&](Xapian::docid id) {
      const auto stored = stored_of(database_.get_document(id), Excerpt::kSkip);
      return stored && !stored->times.empty();
    });
  }

  /// The link's own document goes when the first page comes. It is alone, so at most one has to be
  /// looked at.
  void drop_own(const std::string& group, const std::string& but) {
    const auto ids = documents_of(group);
    if (ids.size() != 1) return;
    const auto document = database_.get_document(ids.front());
    const auto stored = stored_of(document, Excerpt::kSkip);
    if (stored && stored->times.empty() && id_term(stored->id) != but)
      database_.delete_document(ids.front());
  }

  void drop_all(const std::vector<Xapian::docid>& ids) {
    for (const auto id : ids) drop(id);
  }

  /// A link must be found as long as it is there: its last page leaves the link's own document.
  void drop(Xapian::docid id) {
    const auto stored = stored_of(database_.get_document(id), Excerpt::kSkip);
    database_.delete_document(id);
    count(500);
    if (!stored || stored->link_id == 0 || stored->times.empty()) return;
    const std::string group = group_term(group_of(stored->link_id, {}, {}));
    if (database_.postlist_begin(group) != database_.postlist_end(group)) return;
    Document own{.id = "link:" + std::to_string(stored->link_id),
                 .link_id = stored->link_id,
                 .collection = stored->collection,
                 .url = stored->url,
                 .time = {},
                 .title = stored->title.empty() ? stored->page_title : stored->title,
                 .page_title = {},
                 .description = stored->description,
                 .headings = {},
                 .notes = stored->notes,
                 .text = {},
                 .language = stored->language,
                 .mime = {},
                 .tags = stored->tags,
                 .states = stored->states,
                 .added = stored->added};
    database_.replace_document(id_term(own.id), make_document(own, {}));
  }

  void remove_version_now(const std::string& group, Time14 time) {
    for (const auto id : documents_of(group_term(group))) {
      auto document = database_.get_document(id);
      auto stored = stored_of(document, Excerpt::kRead);
      if (!stored || std::erase(stored->times, time) == 0) continue;
      if (stored->times.empty()) {
        drop(id);
        continue;
      }
      store_data(document, *stored);
      database_.replace_document(id, document);
      count(stored->excerpt.size() + 500);
    }
  }

  void update_now(std::uint64_t link_id, const Document& link_fields) {
    const auto ids = documents_of(group_term(group_of(link_id, {}, {})));
    bool pages = false;
    for (const auto id : ids) {
      auto document = database_.get_document(id);
      auto stored = stored_of(document, Excerpt::kRead);
      if (!stored || stored->times.empty()) continue;
      pages = true;
      const std::size_t bytes = stored->excerpt.size() + 500;
      replace_link_fields(document, std::move(*stored), link_fields);
      database_.replace_document(id, document);
      count(bytes);
    }
    if (!pages) put_now(link_fields);
  }

  /// Queries are stemmed as the documents are; so the index says for which languages.
  void remember_language(const std::string& language) {
    const std::string known = language.empty() ? "en" : language;
    if (languages_.size() >= 64 || known.find(' ') != known.npos ||
        !languages_.insert(known).second)
      return;
    std::string all;
    for (const auto& one : languages_) all += (all.empty() ? "" : " ") + one;
    database_.set_metadata(std::string(kLanguagesKey), all);
  }

  void count(std::size_t bytes) {
    waiting_bytes_ += bytes;
    if (++waiting_ >= kDocumentsWaiting || waiting_bytes_ >= kBytesWaiting) commit_now();
  }

  void commit_now() {
    database_.commit();
    waiting_ = 0;
    waiting_bytes_ = 0;
  }

  Xapian::WritableDatabase database_;
  std::filesystem::path path_;
  std::set<std::string> languages_;
  std::size_t waiting_ = 0;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<SearchWriter>> SearchWriter::open(const std::filesystem::path& path) {
  std::error_code made;
  std::filesystem::create_directories(path.parent_path(), made);
  try {
    // An index that is there but cannot be read must not be replaced by an empty one without a
    // word.
    const bool there = std::filesystem::exists(path / "iamglass", made);
    Xapian::WritableDatabase database(path.string(),
                                      there ? Xapian::DB_OPEN : Xapian::DB_CREATE_OR_OPEN);
    const std::string format = database.get_metadata(std::string(kFormatKey));
    if (format.empty() && database.get_doccount() == 0) {
      database.set_metadata(std::string(kFormatKey), std::string(kFormat));
      database.commit();
    } else if (format != kFormat) {
      return fail(Error::Code::kUnsupported,
                  "the search index " + path.string() +
                      " has another format; remove it to have it built anew");
    }
    return std::make_unique<Writer>(std::move(database), path);
  } catch (const Xapian::Error& error) {
    return std::unexpected(error_of(error, "opening the search index " + path.string()));
  }
}

}  // namespace wm::search
