#pragma once

#include <xapian.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/time14.h"
#include "indexer/search/needle.h"
#include "indexer/search/query.h"
#include "indexer/search/terms.h"

namespace wm::search {

struct CompileContext {
  const Xapian::Database& database;
  const std::vector<Stemmer>& stemmers;  ///< of the languages that the index holds
  Time14 now;
};

struct CompiledQuery {
  Xapian::Query query;
  bool has_text = false;  ///< something that documents can match better or worse
  std::vector<Needle> needles;
  std::optional<Time14> from;  ///< bounds that a shown version must be in
  std::optional<Time14> before;
  bool trash = false;  ///< the query asks for what is in the trash
  std::string note;
};

/// A parsed query for one database. Its cost is bounded: words by the parser, expansions of a
/// beginning and lengths of phrases here.
CompiledQuery compile(const ParsedQuery& parsed, const CompileContext& context);

/// Adds a little weight to what was captured lately.
Xapian::Query with_freshness(const Xapian::Query& query, Time14 now);

}  // namespace wm::search
