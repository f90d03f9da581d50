#include "indexer/search/terms.h"

#include <xapian.h>

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace wm::search {
namespace {

// Those of the languages for which Xapian has a stemmer that the web is written in.
constexpr std::array<std::string_view, 20> kStemmed = {"ar", "ca", "da", "de", "en", "es", "eu",
                                                       "fi", "fr", "hu", "it", "lt", "nl", "no",
                                                       "pt", "ro", "ru", "sv", "ta", "tr"};

// No text has it: terms of texts have no capitals.
constexpr std::string_view kBetweenRuns = "P";

void post_grams(const Run& run, std::uint32_t position, TermSink& sink) {
  const std::size_t count = run.units.size();
  for (std::size_t i = 0; i < count; ++i) {
    sink.term(utf8_of(run.units, i, i + 1), position + static_cast<std::uint32_t>(i));
    if (i + 1 < count) sink.pair(pair_term(run.units[i].code_point, run.units[i + 1].code_point));
  }
}

void post_word(const Run& run, std::uint32_t position, const Stemmer& stemmer, TermSink& sink) {
  const std::string word = term_of(run);
  sink.term(word, position);
  if (!run.suffix.empty()) sink.term(word + std::string(run.suffix), position);
  for (const auto& part : parts_of(run)) sink.term(part, position);
  if (const auto bare = unaccented(run); !bare.empty()) sink.term(bare, position);
  if (const auto stem = stemmer.stem(word); !stem.empty()) sink.stem(stem);
}

}  // namespace

std::string pair_term(char32_t first, char32_t second) {
  constexpr unsigned kHalfBits = 7;  // 16384 buckets; the number is part of the stored format
  // Multiplicative hashing (Knuth): the high bits are well mixed.
  const std::uint32_t mixed =
      (static_cast<std::uint32_t>(first) * 31 + static_cast<std::uint32_t>(second)) * 2654435761u;
  const std::uint32_t bucket = mixed >> (32 - 2 * kHalfBits);
  // From '0' on: no NUL, which Xapian would store as two bytes.
  return {static_cast<char>('0' + (bucket >> kHalfBits)),
          static_cast<char>('0' + (bucket & ((1u << kHalfBits) - 1)))};
}

struct Stemmer::State {
  Xapian::Stem stem;
};

Stemmer::Stemmer(std::string_view language) {
  if (std::find(kStemmed.begin(), kStemmed.end(), language) == kStemmed.end()) return;
  try {
    state_ = std::make_unique<State>(State{Xapian::Stem(std::string(language))});
  } catch (const Xapian::Error&) {
    state_.reset();  // a Xapian built without it: words are then found as they are written
  }
}
Stemmer::~Stemmer() = default;
Stemmer::Stemmer(Stemmer&&) noexcept = default;
Stemmer& Stemmer::operator=(Stemmer&&) noexcept = default;
bool Stemmer::any() const {
  return state_ != nullptr;
}

std::string Stemmer::stem(const std::string& word) const {
  if (!state_ || word.size() < 3) return {};
  for (const char c : word) {
    if (static_cast<unsigned char>(c) < 0x80 && !is_alpha(c) && c != '\'') return {};
  }
  std::string stem = state_->stem(word);
  return stem == word ? std::string() : stem;
}

std::uint32_t post_terms(std::string_view text, std::uint32_t position, const Stemmer& stemmer,
                         TermSink& sink) {
  Scanner scanner(text);
  Run run;
  bool after_grams = false;
  while (scanner.next(run)) {
    const bool grams = run.kind == Run::Kind::kGrams;
    if (grams) {
      // Two runs are two because something stands between them: a phrase spans it only if it has
      // something there too.
      if (after_grams) sink.term(kBetweenRuns, position++);
      post_grams(run, position, sink);
      position += static_cast<std::uint32_t>(run.units.size());
    } else {
      post_word(run, position++, stemmer, sink);
    }
    after_grams = grams;
  }
  return position;
}

PhraseTerms phrase_terms(const std::vector<Run>& runs) {
  PhraseTerms terms;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const Run& run = runs[r];
    if (r > 0 && run.kind == Run::Kind::kGrams && runs[r - 1].kind == Run::Kind::kGrams)
      terms.places.emplace_back(kBetweenRuns);
    if (run.kind == Run::Kind::kWord) {
      terms.places.push_back(term_of(run) + std::string(run.suffix));
      continue;
    }
    const std::size_t count = run.units.size();
    for (std::size_t i = 0; i < count; ++i) {
      terms.places.push_back(utf8_of(run.units, i, i + 1));
      if (i + 1 < count)
        terms.pairs.push_back(pair_term(run.units[i].code_point, run.units[i + 1].code_point));
    }
  }
  return terms;
}

std::vector<Run> runs_of(std::string_view text, std::size_t most) {
  std::vector<Run> runs;
  Scanner scanner(text);
  Run run;
  while (runs.size() < most && scanner.next(run)) runs.push_back(run);
  return runs;
}

}  // namespace wm::search
