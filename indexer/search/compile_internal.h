#pragma once

#include "indexer/search/compile.h"
#include "indexer/search/schema.h"

namespace wm::search {

/// Queries for words and phrases under one prefix.
class WordQueries {
 public:
  WordQueries(const CompileContext& context, CompiledQuery& result)
      : context_(context), result_(result) {}

  /// In the page's text, or in what belongs to its link. nullopt if there is no word in `text`.
  std::optional<Xapian::Query> anywhere(const Node& node);
  /// Under one prefix only, words as they are written.
  std::optional<Xapian::Query> under(std::string_view prefix, const Node& node);

 private:
  enum class Stems { kNo, kYes };
  Xapian::Query of_runs(std::string_view prefix, const std::vector<Run>& runs, const Node& node,
                        Stems stems);
  Xapian::Query of_word(std::string_view prefix, const Run& run, bool starred, Stems stems);
  Xapian::Query beginning(std::string_view prefix, const std::string& start);
  std::vector<std::string> stems_of(const std::string& word) const;
  void add_needles(const std::vector<Run>& runs, const Node& node);
  std::vector<Run> runs(const Node& node);

  const CompileContext& context_;
  CompiledQuery& result_;
};

void add_note(std::string& note, std::string_view text);

/// field:value, but for those that are words. nullopt and a note if the value makes no sense there.
std::optional<Xapian::Query> filter_query(const Node& node, const CompileContext& context,
                                          CompiledQuery& result);

/// [first second, second after the last) that a written date means: 2020, 2020-05, 2020/5/1,
/// 20200501.
struct DateRange {
  Time14 first;
  Time14 end;
};
std::optional<DateRange> parse_date(std::string_view text);

}  // namespace wm::search
