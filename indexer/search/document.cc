#include "indexer/search/document.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "indexer/search/terms.h"
#include "indexer/store/coding.h"

namespace wm::search {
namespace {

// How much more a word counts where it stands. Xapian weighs by how often a term is in a document.
constexpr Xapian::termcount kTitleCount = 5;
constexpr Xapian::termcount kHeadingCount = 2;
constexpr Xapian::termcount kTagCount = 3;
constexpr std::uint32_t kGap = 100;  // between fields, so that no phrase spans two
constexpr std::size_t kTitleBytes = 60;
constexpr std::size_t kTagsMost = 1000;
constexpr std::size_t kFieldBytes = 64 << 10;  // of a title, a description, notes

class Poster final : public TermSink {
 public:
  Poster(Xapian::Document& document, std::string_view prefix, std::string_view stem_prefix,
         Xapian::termcount count)
      : document_(document), prefix_(prefix), stem_prefix_(stem_prefix), count_(count) {}

  void term(std::string_view term, std::uint32_t position) override {
    buffer_.assign(prefix_).append(term);
    if (position == 0) {
      document_.add_term(buffer_, count_);
    } else {
      document_.add_posting(buffer_, position, count_);
    }
  }
  void pair(std::string_view bucket) override {
    buffer_.assign(prefix_).append(prefix::kPair).append(bucket);
    document_.add_term(buffer_, count_);
  }
  void stem(std::string_view stem) override {
    if (stem_prefix_.empty()) return;
    buffer_.assign(stem_prefix_).append(stem);
    document_.add_term(buffer_, count_);
  }

 private:
  Xapian::Document& document_;
  std::string_view prefix_;
  std::string_view stem_prefix_;
  Xapian::termcount count_;
  std::string buffer_;
};

/// Without positions: words that are in the text anyway and count more than once.
class Counter final : public TermSink {
 public:
  Counter(Xapian::Document& document, Xapian::termcount count)
      : document_(document), count_(count) {}
  void term(std::string_view term, std::uint32_t) override {
    document_.add_term(std::string(term), count_);
  }
  void pair(std::string_view bucket) override {
    document_.add_term(std::string(prefix::kPair).append(bucket), count_);
  }
  void stem(std::string_view stem) override {
    document_.add_term(std::string(prefix::kStem).append(stem), count_);
  }

 private:
  Xapian::Document& document_;
  Xapian::termcount count_;
};

void boolean(Xapian::Document& document, std::string_view prefix, std::string_view value) {
  document.add_boolean_term(std::string(prefix).append(value));
}

std::string_view cut(std::string_view text) {
  return text.substr(0, kFieldBytes);
}

void post_link_fields(Xapian::Document& document, const Stored& stored, const Stemmer& stemmer) {
  Poster title(document, prefix::kLink, prefix::kLinkStem, kTitleCount);
  std::uint32_t at = post_terms(cut(stored.title), 1, stemmer, title) + kGap;
  Poster tags(document, prefix::kLink, prefix::kLinkStem, kTagCount);
  for (std::size_t i = 0; i < stored.tags.size() && i < kTagsMost; ++i) {
    at = post_terms(stored.tags[i], at, stemmer, tags) + kGap;
    for (const auto& term : tag_terms(stored.tags[i])) boolean(document, prefix::kTag, term);
  }
  Poster notes(document, prefix::kLink, prefix::kLinkStem, 1);
  post_terms(cut(stored.notes), at, stemmer, notes);
  Poster only_title(document, prefix::kTitle, {}, 1);
  at = post_terms(cut(stored.title), 1, stemmer, only_title) + kGap;
  post_terms(cut(stored.page_title), at, stemmer, only_title);
  for (const auto& state : stored.states)
    boolean(document, prefix::kState, std::string_view(state).substr(0, 100));
  if (!stored.tags.empty()) boolean(document, prefix::kHas, "tag");
  if (!stored.notes.empty()) boolean(document, prefix::kHas, "note");
}

void post_filters(Xapian::Document& document, const Stored& stored) {
  boolean(document, prefix::kGroup, group_of(stored.link_id, stored.collection, stored.url));
  boolean(document, prefix::kCollection, std::string_view(stored.collection).substr(0, 180));
  for (const auto& host : host_terms(stored.url)) boolean(document, prefix::kHost, host);
  for (const auto& type : type_terms(stored.mime)) boolean(document, prefix::kType, type);
  if (!stored.language.empty())
    boolean(document, prefix::kLanguage, std::string_view(stored.language).substr(0, 20));
  if (!stored.times.empty()) boolean(document, prefix::kHas, "snapshot");
  if (stored.link_id != 0) boolean(document, prefix::kHas, "link");
}

std::string excerpt_of(std::string_view text) {
  if (text.size() <= kExcerptBytes) return std::string(text);
  std::size_t end = kExcerptBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

Stored stored_of(const Document& d, const std::vector<Time14>& times) {
  Stored stored{.id = d.id,
                .link_id = d.link_id,
                .collection = d.collection,
                .url = d.url,
                .title = d.title,
                .page_title = d.page_title,
                .description = std::string(cut(d.description)),
                .notes = d.notes,
                .language = d.language,
                .mime = d.mime,
                .tags = d.tags,
                .states = d.states,
                .times = times,
                .added = d.added,
                .excerpt = excerpt_of(d.text)};
  if (d.time) stored.times.push_back(*d.time);
  std::sort(stored.times.begin(), stored.times.end());
  stored.times.erase(std::unique(stored.times.begin(), stored.times.end()), stored.times.end());
  // Of very many the newest are kept, and the first: since when the text stood there.
  if (stored.times.size() > kTimesKept) {
    stored.times.erase(stored.times.begin() + 1,
                       stored.times.end() - static_cast<std::ptrdiff_t>(kTimesKept - 1));
  }
  return stored;
}

}  // namespace

void store_data(Xapian::Document& document, const Stored& stored) {
  const std::string& title = stored.title.empty() ? stored.page_title : stored.title;
  document.add_value(slot::kGroup, group_of(stored.link_id, stored.collection, stored.url));
  document.add_value(slot::kOldest,
                     time_value(stored.times.empty() ? stored.added : stored.times.front()));
  document.add_value(slot::kNewest,
                     time_value(stored.times.empty() ? stored.added : stored.times.back()));
  document.add_value(slot::kAdded, time_value(stored.added));
  document.add_value(
      slot::kTitle,
      tag_key(std::string_view(title).substr(0, kTitleBytes * 4)).substr(0, kTitleBytes));
  std::string versions;
  store::put_big_endian(versions, stored.times.size(), 2);
  document.add_value(slot::kVersions, versions);
  document.set_data(encode(stored));
}

Xapian::Document make_document(const Document& d, const std::vector<Time14>& times) {
  const Stored stored = stored_of(d, times);
  const Stemmer stemmer(d.language.empty() ? "en" : d.language);
  Xapian::Document document;
  document.add_boolean_term(id_term(d.id));
  post_filters(document, stored);
  post_link_fields(document, stored, stemmer);
  Poster title(document, "", prefix::kStem, kTitleCount);
  std::uint32_t at = post_terms(cut(d.page_title), 1, stemmer, title) + kGap;
  Poster plain(document, "", prefix::kStem, 1);
  at = post_terms(cut(d.description), at, stemmer, plain) + kGap;
  const std::string words = url_words(d.url);
  at = post_terms(words, at, stemmer, plain) + kGap;
  Poster url(document, prefix::kUrl, {}, 1);
  post_terms(words, 1, stemmer, url);
  post_terms(d.text, at, stemmer, plain);
  Counter headings(document, kHeadingCount);
  post_terms(cut(d.headings), 1, stemmer, headings);
  store_data(document, stored);
  return document;
}

void replace_link_fields(Xapian::Document& document, Stored stored, const Document& link_fields) {
  std::vector<std::string> old;
  for (auto it = document.termlist_begin(); it != document.termlist_end(); ++it) {
    const std::string term = *it;
    const auto is = [&](std::string_view prefix) { return term.starts_with(prefix); };
    if (is(prefix::kLink) || is(prefix::kTitle) || is(prefix::kTag) || is(prefix::kState) ||
        is("XHAS:tag") || is("XHAS:note"))
      old.push_back(term);
  }
  for (const auto& term : old) document.remove_term(term);
  stored.title = link_fields.title;
  stored.tags = link_fields.tags;
  stored.notes = link_fields.notes;
  stored.states = link_fields.states;
  stored.added = link_fields.added;
  post_link_fields(document, stored, Stemmer(stored.language.empty() ? "en" : stored.language));
  store_data(document, stored);
}

}  // namespace wm::search
