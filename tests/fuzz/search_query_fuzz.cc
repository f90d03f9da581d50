#include <cstdint>
#include <cstdlib>

#include "core/base/ascii.h"
#include "indexer/search/query.h"
#include "indexer/search/snippet.h"
#include "indexer/search/terms.h"

namespace {

class Check final : public wm::search::TermSink {
 public:
  // Xapian refuses terms beyond 245 bytes.
  void term(std::string_view term, std::uint32_t) override {
    if (term.empty() || term.size() > 200) std::abort();
  }
  void pair(std::string_view bucket) override { term(bucket, 0); }
  void stem(std::string_view stem) override { term(stem, 0); }
};

}  // namespace

// Up to a NUL a query, from there a text: the query is read within its bounds, the text gives
// terms, and the query's words are marked in it within its bytes, escaped.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto nul = bytes.find('\0');
  const std::string_view query = bytes.substr(0, nul);
  const std::string_view text = nul == bytes.npos ? bytes : bytes.substr(nul + 1);
  const auto parsed = wm::search::parse_query(query);
  if (wm::search::to_string(parsed.root).size() > 4 * wm::search::kQueryBytes) std::abort();
  const wm::search::Stemmer stemmer("en");
  Check check;
  wm::search::post_terms(text, 1, stemmer, check);
  std::vector<wm::search::Needle> needles;
  for (const auto& run : wm::search::runs_of(query, 16)) {
    wm::search::NeedleAtom atom;
    atom.grams = run.kind == wm::search::Run::Kind::kGrams;
    for (const auto& unit : run.units) atom.characters.push_back(unit.code_point);
    if (!atom.grams) atom.term = wm::search::term_of(run);
    needles.push_back({{std::move(atom)}});
  }
  const auto marks = wm::search::find_marks(text, needles, stemmer, 100);
  std::size_t last = 0;
  for (const auto& mark : marks) {
    if (mark.begin < last || mark.end <= mark.begin || mark.end > text.size()) std::abort();
    last = mark.end;
  }
  for (const auto& one : wm::search::snippets(text, marks)) {
    for (std::size_t at = one.find('<'); at != one.npos; at = one.find('<', at + 1)) {
      if (!one.substr(at).starts_with("<mark>") && !one.substr(at).starts_with("</mark>"))
        std::abort();
    }
  }
  return 0;
}
