#include "indexer/search/search_index.h"

#include <xapian.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/base/mutex.h"
#include "indexer/search/compile.h"
#include "indexer/search/schema.h"
#include "indexer/search/snippet.h"
#include "indexer/search/xapian_error.h"
#include "indexer/store/coding.h"

namespace wm::search {
namespace {

constexpr std::size_t kReadersKept = 8;
constexpr std::size_t kLimitMost = 1000;
constexpr std::size_t kOffsetMost = 100000;
constexpr Xapian::doccount kCountAtLeast = 1000;  // up to so many, the total is exact
constexpr double kSecondsMost = 2.0;
constexpr std::size_t kMarksMost = 300;
constexpr Xapian::doccount kIdsMost = 1000000;
constexpr int kTries = 4;  // a commit may take the blocks of an old revision away while it is read

/// A database handle and what was read from it. One thread at a time.
struct Reader {
  explicit Reader(const std::string& path) : database(path) { read_languages(); }

  void refresh() {
    if (database.reopen()) read_languages();
  }
  void read_languages() {
    const std::string now = database.get_metadata(std::string(kLanguagesKey));
    if (now == languages && !stemmers.empty()) return;
    languages = now;
    stemmers.clear();
    for (const auto language : split(languages, ' ')) {
      if (Stemmer stemmer(language); stemmer.any()) stemmers.push_back(std::move(stemmer));
    }
    if (stemmers.empty()) stemmers.emplace_back("en");
  }

  Xapian::Database database;
  std::string languages;
  std::vector<Stemmer> stemmers;
};

Time14 now_or(const std::optional<Time14>& given) {
  return given.value_or(Time14(std::chrono::floor<std::chrono::seconds>(now_micros())));
}

Xapian::Query with_filters(Xapian::Query query, const SearchRequest& request, bool trash) {
  if (!trash)
    query = Xapian::Query(Xapian::Query::OP_AND_NOT, query,
                          Xapian::Query(std::string(prefix::kState) + "trashed"));
  if (request.links_only)
    query = Xapian::Query(Xapian::Query::OP_FILTER, query,
                          Xapian::Query(std::string(prefix::kHas) + "link"));
  for (const auto& tag : request.tags) {
    const auto terms = tag_terms(tag);
    if (terms.empty()) continue;
    query = Xapian::Query(Xapian::Query::OP_FILTER, query,
                          Xapian::Query(std::string(prefix::kTag) + terms.back()));
  }
  return query;
}

void set_order(Xapian::Enquire& enquire, Sort sort) {
  switch (sort) {
    case Sort::kRelevance:
      enquire.set_sort_by_relevance();
      break;
    case Sort::kNewest:
      enquire.set_sort_by_value_then_relevance(slot::kAdded, true);
      break;
    case Sort::kOldest:
      enquire.set_sort_by_value_then_relevance(slot::kAdded, false);
      break;
    case Sort::kTitle:
      enquire.set_sort_by_value_then_relevance(slot::kTitle, false);
      break;
    case Sort::kTitleReverse:
      enquire.set_sort_by_value_then_relevance(slot::kTitle, true);
      break;
  }
}

/// One search on one handle.
class Search {
 public:
  Search(const Reader& reader, const SearchRequest& request)
      : reader_(reader), request_(request), now_(now_or(request.now)) {}

  Result<Answer> run() {
    const ParsedQuery parsed = prepare();
    const Sort sort = parsed.sort.value_or(compiled_.has_text ? Sort::kRelevance : Sort::kNewest);
    Xapian::Enquire enquire(reader_.database);
    enquire.set_query(sort == Sort::kRelevance ? with_freshness(query_, now_) : query_);
    enquire.set_collapse_key(slot::kGroup);
    enquire.set_time_limit(kSecondsMost);
    set_order(enquire, sort);
    const auto limit = static_cast<Xapian::doccount>(std::min(request_.limit, kLimitMost));
    const auto offset = static_cast<Xapian::doccount>(std::min(request_.offset, kOffsetMost));
    const Xapian::MSet found =
        enquire.get_mset(offset, limit, std::max(kCountAtLeast, offset + limit + 1));
    Answer answer;
    answer.note = compiled_.note;
    answer.total = found.get_matches_estimated();
    answer.total_is_estimate = found.get_matches_lower_bound() != found.get_matches_upper_bound();
    for (auto it = found.begin(); it != found.end(); ++it) add_hit(it, answer);
    return answer;
  }

  Result<std::vector<std::uint64_t>> link_ids() {
    static_cast<void>(prepare());
    Xapian::Enquire enquire(reader_.database);
    enquire.set_query(query_);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_docid_order(Xapian::Enquire::DONT_CARE);
    enquire.set_collapse_key(slot::kGroup);
    const Xapian::MSet found = enquire.get_mset(0, kIdsMost);
    std::vector<std::uint64_t> ids;
    for (auto it = found.begin(); it != found.end(); ++it) {
      const std::string group = it.get_collapse_key();  // "L" and the link
      const auto id = group.starts_with('L') ? parse_u64(std::string_view(group).substr(1))
                                             : std::nullopt;
      if (id) ids.push_back(*id);
    }
    return ids;
  }

 private:
  ParsedQuery prepare() {
    ParsedQuery parsed = parse_query(request_.query);
    compiled_ =
        compile(parsed, {.database = reader_.database, .stemmers = reader_.stemmers, .now = now_});
    query_ = with_filters(compiled_.query, request_, compiled_.trash);
    return parsed;
  }

  void add_hit(const Xapian::MSetIterator& it, Answer& answer) {
    auto stored = decode_stored(it.get_document().get_data(),
                                compiled_.needles.empty() ? Excerpt::kSkip : Excerpt::kRead);
    if (!stored) {
      log::warning("a search result is left out: {}", stored.error().what);
      return;
    }
    Hit hit;
    hit.snippets = snippets_of(*stored);
    hit.versions_matched = versions_of(*stored, it.get_collapse_count());
    hit.time = shown_time(stored->times);
    hit.link_id = stored->link_id;
    hit.collection = std::move(stored->collection);
    hit.title = !stored->title.empty()        ? stored->title
                : !stored->page_title.empty() ? stored->page_title
                                              : stored->url;
    hit.url = std::move(stored->url);
    hit.tags = std::move(stored->tags);
    hit.score = it.get_weight();
    answer.results.push_back(std::move(hit));
  }

  /// The newest of the versions with this text that the query's dates allow.
  std::optional<Time14> shown_time(const std::vector<Time14>& times) const {
    if (times.empty()) return std::nullopt;
    for (auto time = times.rbegin(); time != times.rend(); ++time) {
      if ((!compiled_.before || *time < *compiled_.before) &&
          (!compiled_.from || *time >= *compiled_.from))
        return *time;
    }
    return times.back();
  }

  /// Versions with the same text share a document; others that match were collapsed into this one.
  std::uint32_t versions_of(const Stored& stored, Xapian::doccount collapsed) const {
    auto count = stored.times.size();
    if (collapsed == 0) return static_cast<std::uint32_t>(count);
    const std::string group =
        std::string(prefix::kGroup) + group_of(stored.link_id, stored.collection, stored.url);
    Xapian::Enquire enquire(reader_.database);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.set_query(Xapian::Query(Xapian::Query::OP_AND, Xapian::Query(group), query_));
    const Xapian::MSet all = enquire.get_mset(0, kCountAtLeast);
    count = 0;
    for (auto it = all.begin(); it != all.end(); ++it)
      count += store::big_endian(it.get_document().get_value(slot::kVersions));
    return static_cast<std::uint32_t>(count);
  }

  std::vector<std::string> snippets_of(const Stored& stored) const {
    const Stemmer stemmer(stored.language.empty() ? "en" : stored.language);
    std::vector<std::string> out;
    for (const auto* text : {&stored.excerpt, &stored.description, &stored.notes}) {
      if (text->empty() || compiled_.needles.empty() || out.size() >= 2) continue;
      const auto marks = find_marks(*text, compiled_.needles, stemmer, kMarksMost);
      // The same sentence is often in the description and in the text.
      for (auto& one : snippets(*text, marks)) {
        if (out.size() < 3 && std::find(out.begin(), out.end(), one) == out.end())
          out.push_back(std::move(one));
      }
    }
    if (!out.empty()) return out;
    // Nothing to mark: how the page says it of itself, or how it begins.
    for (const auto* text : {&stored.description, &stored.notes, &stored.excerpt}) {
      if (!text->empty()) return {beginning_of(*text)};
    }
    return out;
  }

  static std::string beginning_of(const std::string& text) {
    const std::vector<Mark> start{{0, 0, 0}};
    auto made = snippets(std::string_view(text).substr(0, 4000), start);
    if (made.empty()) return {};
    std::string& one = made.front();
    if (const auto mark = one.find("<mark></mark>"); mark != one.npos) one.erase(mark, 13);
    return std::move(one);
  }

  const Reader& reader_;
  const SearchRequest& request_;
  Time14 now_;
  CompiledQuery compiled_;
  Xapian::Query query_;
};

class Index final : public SearchIndex {
 public:
  explicit Index(std::filesystem::path path) : path_(std::move(path)) {}

  Result<Answer> search(const SearchRequest& request) const override {
    return with_reader<Answer>([&](const Reader& reader) { return Search(reader, request).run(); });
  }

  Result<std::vector<std::uint64_t>> link_ids(const SearchRequest& request) const override {
    return with_reader<std::vector<std::uint64_t>>(
        [&](const Reader& reader) { return Search(reader, request).link_ids(); });
  }

  Result<std::uint64_t> document_count() const override {
    return with_reader<std::uint64_t>([](const Reader& reader) -> Result<std::uint64_t> {
      return reader.database.get_doccount();
    });
  }

 private:
  template <class T, class F>
  Result<T> with_reader(F f) const {
    const std::string doing = "searching in " + path_.string();
    for (int attempt = 1;; ++attempt) {
      try {
        auto reader = take();
        reader->refresh();
        auto result = f(*reader);
        give_back(std::move(reader));
        return result;
      } catch (const Xapian::DatabaseModifiedError& error) {
        if (attempt == kTries) return std::unexpected(error_of(error, doing));
      } catch (const Xapian::Error& error) {
        return std::unexpected(error_of(error, doing));
      }
    }
  }

  std::unique_ptr<Reader> take() const {
    {
      MutexLock lock(mutex_);
      if (!idle_.empty()) {
        auto reader = std::move(idle_.back());
        idle_.pop_back();
        return reader;
      }
    }
    return std::make_unique<Reader>(path_.string());
  }

  void give_back(std::unique_ptr<Reader> reader) const {
    MutexLock lock(mutex_);
    if (idle_.size() < kReadersKept) idle_.push_back(std::move(reader));
  }

  std::filesystem::path path_;
  mutable Mutex mutex_;
  mutable std::vector<std::unique_ptr<Reader>> idle_ WM_GUARDED_BY(mutex_);
};

}  // namespace

Result<std::unique_ptr<SearchIndex>> SearchIndex::open(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    // Made by the writer's rules, so that both agree on the format; it is let go at once.
    WM_TRY(SearchWriter::open(path));
  }
  try {
    const Xapian::Database database(path.string());
    const std::string format = database.get_metadata(std::string(kFormatKey));
    if (format != kFormat && database.get_doccount() > 0) {
      return fail(Error::Code::kUnsupported,
                  "the search index " + path.string() +
                      " has another format; remove it to have it built anew");
    }
  } catch (const Xapian::Error& failed) {
    return std::unexpected(error_of(failed, "opening the search index " + path.string()));
  }
  return std::make_unique<Index>(path);
}

}  // namespace wm::search
