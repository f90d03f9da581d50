#pragma once

#include <string>
#include <vector>

#include "indexer/search/tokenizer.h"

namespace wm::search {

/// One run of what is to be marked in a text.
struct NeedleAtom {
  bool grams = false;
  bool beginning = false;          ///< a word that begins so will do
  std::u32string characters;       ///< of a run of grams
  std::string term;                ///< of a word
  std::vector<std::string> stems;  ///< words of these stems will do
};

/// Runs that follow each other. A lone run of grams is found within any run; one of several must
/// meet its neighbour.
struct Needle {
  std::vector<NeedleAtom> atoms;
};

}  // namespace wm::search
