#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/search/tokenizer.h"

namespace wm::search {

/// What is posted for a piece of text. `position` 0: none.
class TermSink {
 public:
  virtual ~TermSink() = default;
  virtual void term(std::string_view term, std::uint32_t position) = 0;
  /// The bucket of two neighbouring characters of a run, as pair_term() gives it.
  virtual void pair(std::string_view bucket) = 0;
  /// The stem of a word, where it differs from the word.
  virtual void stem(std::string_view stem) = 0;
};

/// Stems words of one language (Snowball, by Xapian); knows which languages have a stemmer.
class Stemmer {
 public:
  /// BCP 47 primary subtag; one that gives nothing for an unknown language.
  explicit Stemmer(std::string_view language);
  ~Stemmer();
  Stemmer(Stemmer&&) noexcept;
  Stemmer& operator=(Stemmer&&) noexcept;
  bool any() const;
  /// "" if the stem is the word, or the word is none of the language's letters.
  std::string stem(const std::string& word) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Three bytes for two characters, the same for many pairs: there are as many pairs as a library
/// has pages, and to file each under a term of its own costs ten times what the text costs. What is
/// found by pairs is compared by places.
std::string pair_term(char32_t first, char32_t second);

/// Posts the terms of `text` from `position` on and gives the position after its last.
/// docs/formats/search.md, "Terms of a text".
std::uint32_t post_terms(std::string_view text, std::uint32_t position, const Stemmer& stemmer,
                         TermSink& sink);

/// The runs of a query's word or phrase as terms that a text which holds it has.
struct PhraseTerms {
  std::vector<std::string> places;  ///< in consecutive positions
  std::vector<std::string>
      pairs;  ///< buckets: few texts have them all, so few places need be compared
};
PhraseTerms phrase_terms(const std::vector<Run>& runs);
std::vector<Run> runs_of(std::string_view text, std::size_t most);

}  // namespace wm::search
