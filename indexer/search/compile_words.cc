#include <algorithm>

#include "indexer/search/compile_internal.h"

namespace wm::search {
namespace {

constexpr std::size_t kPhraseRuns = 64;
constexpr std::size_t kPhraseTerms = 128;
constexpr Xapian::termcount kExpansions = 100;
constexpr std::size_t kShortestBeginning = 3;  // bytes: what "a*" stands for is half of the index
constexpr double kLinkWeight = 2.0;            // title, tags and notes over the page's text

Xapian::Query any_of(std::vector<Xapian::Query> queries, Xapian::Query::op op) {
  if (queries.size() == 1) return queries.front();
  return {op, queries.begin(), queries.end()};
}

Xapian::Query phrase(std::string_view prefix, const std::vector<std::string>& terms) {
  std::vector<Xapian::Query> queries;
  for (const auto& term : terms) {
    if (queries.size() == kPhraseTerms) break;
    queries.emplace_back(std::string(prefix) + term);
  }
  if (queries.size() == 1) return queries.front();
  return {Xapian::Query::OP_PHRASE, queries.begin(), queries.end(),
          static_cast<Xapian::termcount>(queries.size())};
}

/// Places are compared only in texts that have all the pairs, and pairs say better than single
/// characters how much a text is about it.
Xapian::Query phrase(std::string_view prefix, const PhraseTerms& terms) {
  if (terms.pairs.empty()) return phrase(prefix, terms.places);
  std::vector<Xapian::Query> all{
      Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, phrase(prefix, terms.places), 0.1)};
  for (std::size_t i = 0; i < terms.pairs.size() && i < kPhraseTerms; ++i) {
    all.emplace_back(std::string(prefix).append(prefix::kPair).append(terms.pairs[i]));
  }
  return {Xapian::Query::OP_AND, all.begin(), all.end()};
}

std::u32string characters_of(const Run& run) {
  std::u32string out;
  for (const auto& unit : run.units) out.push_back(unit.code_point);
  return out;
}

}  // namespace

void add_note(std::string& note, std::string_view text) {
  if (note.find(text) != note.npos) return;
  if (!note.empty()) note += "; ";
  note += text;
}

std::vector<Run> WordQueries::runs(const Node& node) {
  auto runs = runs_of(node.text, kPhraseRuns);
  for (auto& run : runs) {
    if (run.units.size() > kPhraseTerms) {
      run.units.resize(kPhraseTerms);
      add_note(result_.note, "a long phrase was cut");
    }
  }
  return runs;
}

std::vector<std::string> WordQueries::stems_of(const std::string& word) const {
  std::vector<std::string> stems;
  for (const auto& stemmer : context_.stemmers) {
    std::string stem = stemmer.stem(word);
    if (stem.empty()) stem = word;
    if (std::find(stems.begin(), stems.end(), stem) == stems.end())
      stems.push_back(std::move(stem));
  }
  return stems;
}

Xapian::Query WordQueries::beginning(std::string_view prefix, const std::string& start) {
  return {Xapian::Query::OP_WILDCARD, std::string(prefix) + start, kExpansions,
          Xapian::Query::WILDCARD_LIMIT_MOST_FREQUENT, Xapian::Query::OP_SYNONYM};
}

Xapian::Query WordQueries::of_word(std::string_view prefix, const Run& run, bool starred,
                                   Stems stems) {
  const std::string word = term_of(run);
  if (starred && word.size() >= kShortestBeginning) return beginning(prefix, word);
  if (starred)
    add_note(result_.note,
             "“" + word + "*” is too short a beginning; the word itself was looked for");
  std::vector<Xapian::Query> same{
      Xapian::Query(std::string(prefix) + word + std::string(run.suffix))};
  const auto add = [&](const std::string& term) {
    if (context_.database.term_exists(term)) same.emplace_back(term);
  };
  if (const auto bare = unaccented(run); !bare.empty()) add(std::string(prefix) + bare);
  if (stems == Stems::kYes && run.suffix.empty()) {
    for (const auto& stem : stems_of(word)) {
      add(std::string(prefix) + std::string(prefix::kStem) + stem);
      if (stem != word) add(std::string(prefix) + stem);
    }
  }
  std::vector<Xapian::Query> ways{any_of(std::move(same), Xapian::Query::OP_SYNONYM)};
  // Written apart: MPU-6050 for MPU6050. Joined capitals are one word to everyone who does not
  // write them.
  const auto parts = parts_of(run);
  const bool digits = std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part[0] >= '0' && part[0] <= '9';
  });
  if (parts.size() > 1 && (digits || word.find('_') != word.npos))
    ways.push_back(phrase(prefix, parts));
  return any_of(std::move(ways), Xapian::Query::OP_OR);
}

Xapian::Query WordQueries::of_runs(std::string_view prefix, const std::vector<Run>& runs,
                                   const Node& node, Stems stems) {
  const Run& last = runs.back();
  const bool word = last.kind == Run::Kind::kWord;
  if (runs.size() == 1 && word) return of_word(prefix, last, node.starred, stems);
  if (!node.starred || !word || term_of(last).size() < kShortestBeginning)
    return phrase(prefix, phrase_terms(runs));
  // Xapian can not have a beginning within a phrase: the rest as a phrase, the last word anywhere.
  const std::vector<Run> rest(runs.begin(), runs.end() - 1);
  return {Xapian::Query::OP_AND, phrase(prefix, phrase_terms(rest)),
          beginning(prefix, term_of(last))};
}

void WordQueries::add_needles(const std::vector<Run>& runs, const Node& node) {
  Needle needle;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    NeedleAtom atom;
    atom.grams = run.kind == Run::Kind::kGrams;
    atom.beginning = node.starred && i + 1 == runs.size();
    if (atom.grams) {
      atom.characters = characters_of(run);
    } else {
      atom.term = term_of(run);
      if (runs.size() == 1 && node.kind == Node::Kind::kWord && !node.starred)
        atom.stems = stems_of(atom.term);
    }
    needle.atoms.push_back(std::move(atom));
  }
  result_.needles.push_back(std::move(needle));
  if (runs.size() != 1 || runs[0].kind != Run::Kind::kWord) return;
  Needle apart;
  for (const auto& part : parts_of(runs[0]))
    apart.atoms.push_back(
        {.grams = false, .beginning = false, .characters = {}, .term = part, .stems = {}});
  if (apart.atoms.size() > 1) result_.needles.push_back(std::move(apart));
}

std::optional<Xapian::Query> WordQueries::anywhere(const Node& node) {
  const auto found = runs(node);
  if (found.empty()) return std::nullopt;
  add_needles(found, node);
  result_.has_text = true;
  const Stems stems = node.kind == Node::Kind::kWord ? Stems::kYes : Stems::kNo;
  const Xapian::Query body = of_runs("", found, node, stems);
  const Xapian::Query link = of_runs(prefix::kLink, found, node, stems);
  return Xapian::Query(Xapian::Query::OP_OR, body,
                       Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, link, kLinkWeight));
}

std::optional<Xapian::Query> WordQueries::under(std::string_view prefix, const Node& node) {
  const auto found = runs(node);
  if (found.empty()) return std::nullopt;
  if (prefix != prefix::kUrl) add_needles(found, node);
  result_.has_text = true;
  return of_runs(prefix, found, node, prefix.empty() ? Stems::kYes : Stems::kNo);
}

}  // namespace wm::search
