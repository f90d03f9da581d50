#include <algorithm>
#include <optional>

#include "indexer/search/snippet.h"

namespace wm::search {
namespace {

/// Walks the text with a window of the last runs, as long as the longest needle.
class Finder {
 public:
  Finder(const std::vector<Needle>& needles, const Stemmer& stemmer)
      : needles_(needles), stemmer_(stemmer) {
    for (std::size_t n = 0; n < needles.size(); ++n) {
      const auto& atoms = needles[n].atoms;
      if (atoms.empty()) continue;
      if (atoms.size() == 1 && atoms[0].grams) inner_.push_back(n);
      if (atoms.size() > 1 || !atoms[0].grams) sequences_.push_back(n);
    }
  }

  std::vector<Mark> find(std::string_view text, std::size_t most) {
    Scanner scanner(text);
    std::vector<Run> runs(1);
    // Sequences are matched at their last run: so many runs before it are kept.
    std::size_t kept = 1;
    for (const std::size_t n : sequences_) kept = std::max(kept, needles_[n].atoms.size());
    while (marks_.size() < most && scanner.next(runs.back())) {
      if (runs.back().kind == Run::Kind::kGrams) find_inside(runs.back());
      for (const std::size_t n : sequences_) match_sequence(runs, n);
      if (runs.size() == kept) std::rotate(runs.begin(), runs.begin() + 1, runs.end());
      if (runs.size() < kept) runs.emplace_back();
    }
    return without_overlap();
  }

 private:
  void find_inside(const Run& run) {
    for (const std::size_t n : inner_) {
      const auto& wanted = needles_[n].atoms[0].characters;
      const auto same = [](const Unit& unit, char32_t c) { return unit.code_point == c; };
      auto at = run.units.begin();
      while ((at = std::search(at, run.units.end(), wanted.begin(), wanted.end(), same)) !=
             run.units.end()) {
        const auto last = at + static_cast<std::ptrdiff_t>(wanted.size()) - 1;
        marks_.push_back({at->begin, last->end, n});
        at = last + 1;
      }
    }
  }

  void match_sequence(const std::vector<Run>& runs, std::size_t n) {
    const auto& atoms = needles_[n].atoms;
    if (runs.size() < atoms.size()) return;
    const std::size_t first = runs.size() - atoms.size();
    for (std::size_t i = atoms.size(); i-- > 0;) {
      if (!matches(runs[first + i], atoms[i], i == 0, i + 1 == atoms.size())) return;
    }
    const Run& from = runs[first];
    const Run& to = runs.back();
    const std::size_t begin =
        atoms.front().grams ? from.units[from.units.size() - atoms.front().characters.size()].begin
                            : from.begin();
    const std::size_t end =
        atoms.back().grams ? to.units[atoms.back().characters.size() - 1].end : to.end;
    marks_.push_back({begin, end, n});
  }

  /// The first of a sequence may begin within a run of grams, the last may end within one.
  bool matches(const Run& run, const NeedleAtom& atom, bool first, bool last) {
    if (atom.grams != (run.kind == Run::Kind::kGrams)) return false;
    if (!atom.grams) return matches_word(run, atom);
    const std::size_t have = run.units.size();
    const std::size_t want = atom.characters.size();
    if (want > have || (want != have && !first && !last)) return false;
    const std::size_t from = first ? have - want : 0;
    for (std::size_t i = 0; i < want; ++i) {
      if (run.units[from + i].code_point != atom.characters[i]) return false;
    }
    return true;
  }

  /// What a written word is found by, as post_terms has it; made once a run, the stem only when it
  /// may matter.
  struct Word {
    std::string term;
    std::optional<std::string> stem;
    std::vector<std::string> others;
  };
  Word& word_of(const Run& run) {
    if (run.begin() == word_begin_ && !word_.term.empty()) return word_;
    word_begin_ = run.begin();
    word_.term = term_of(run);
    word_.stem.reset();
    word_.others = parts_of(run);
    if (auto bare = unaccented(run); !bare.empty()) word_.others.push_back(std::move(bare));
    return word_;
  }

  bool has_stem(Word& word, const std::vector<std::string>& stems) {
    // Stemmers cut ends: a word and its stem begin alike.
    const auto alike = [&](const std::string& stem) { return stem.front() == word.term.front(); };
    if (std::none_of(stems.begin(), stems.end(), alike)) return false;
    if (!word.stem) word.stem = stemmer_.stem(word.term);
    const std::string& stem = word.stem->empty() ? word.term : *word.stem;
    return std::find(stems.begin(), stems.end(), stem) != stems.end();
  }

  bool matches_word(const Run& run, const NeedleAtom& atom) {
    Word& word = word_of(run);
    if (atom.beginning && word.term.starts_with(atom.term)) return true;
    if (word.term == atom.term ||
        std::find(word.others.begin(), word.others.end(), atom.term) != word.others.end())
      return true;
    return has_stem(word, atom.stems);
  }

  std::vector<Mark> without_overlap() {
    std::sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
      return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
    });
    std::vector<Mark> kept;
    for (const auto& mark : marks_) {
      if (kept.empty() || mark.begin >= kept.back().end) kept.push_back(mark);
    }
    return kept;
  }

  const std::vector<Needle>& needles_;
  const Stemmer& stemmer_;
  std::vector<std::size_t> inner_;      // needles that are a lone run of grams
  std::vector<std::size_t> sequences_;  // all others
  std::vector<Mark> marks_;
  Word word_;
  std::size_t word_begin_ = 0;
};

}  // namespace

std::vector<Mark> find_marks(std::string_view text, const std::vector<Needle>& needles,
                             const Stemmer& stemmer, std::size_t most) {
  return Finder(needles, stemmer).find(text, most);
}

}  // namespace wm::search
