#include "indexer/search/terms.h"

#include <xapian.h>

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace wm::search {
namespace {

// Those of the languages for which Xapian has a stemmer that the web is written in.
constexpr std::array<std::string_view, 20> kStemmed = {"ar", "ca", "da", "de", "en", "es", "eu", "fi", "fr", "hu",
                                                       "it", "lt", "nl", "no", "pt", "ro", "ru", "sv", "ta", "tr"};

void post_grams(const Run& run, std::uint32_t position, TermSink& sink) {
  const std::size_t count = run.units.size();
  for (std::size_t i = 0; i < count; ++i) {
    // A lone character needs no place but at the ends, where a phrase that goes on in another script meets it.
    const bool end = i == 0 || i + 1 == count;
    const auto here = position + static_cast<std::uint32_t>(i);
    sink.term(utf8_of(run.units, i, i + 1), end ? here : 0);
    if (i + 1 < count) sink.term(utf8_of(run.units, i, i + 2), here);
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
bool Stemmer::any() const { return state_ != nullptr; }

std::string Stemmer::stem(const std::string& word) const {
  if (!state_ || word.size() < 3) return {};
  for (const char c : word) {
    if (static_cast<unsigned char>(c) < 0x80 && !is_alpha(c) && c != '\'') return {};
  }
  std::string stem = state_->stem(word);
  return stem == word ? std::string() : stem;
}

std::uint32_t post_terms(std::string_view text, std::uint32_t position, const Stemmer& stemmer, TermSink& sink) {
  Scanner scanner(text);
  Run run;
  while (scanner.next(run)) {
    if (run.kind == Run::Kind::kWord) {
      post_word(run, position++, stemmer, sink);
    } else {
      post_grams(run, position, sink);
      position += static_cast<std::uint32_t>(run.units.size());
    }
  }
  return position;
}

std::vector<std::string> phrase_terms(const std::vector<Run>& runs) {
  std::vector<std::string> terms;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const Run& run = runs[r];
    if (run.kind == Run::Kind::kWord) {
      terms.push_back(term_of(run) + std::string(run.suffix));
      continue;
    }
    const std::size_t count = run.units.size();
    for (std::size_t i = 0; i + 1 < count; ++i) terms.push_back(utf8_of(run.units, i, i + 2));
    if (count == 1 || r + 1 < runs.size()) terms.push_back(utf8_of(run.units, count - 1, count));
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
