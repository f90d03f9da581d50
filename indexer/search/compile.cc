#include "indexer/search/compile.h"

#include "indexer/search/compile_internal.h"
#include "indexer/search/sources.h"

namespace wm::search {
namespace {

using Query = Xapian::Query;

/// The depth of a tree is bounded by the parser.
class Compiler {
 public:
  Compiler(const CompileContext& context, CompiledQuery& result)
      : context_(context), result_(result), words_(context, result) {}

  std::optional<Query> query(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kAll:
        return std::nullopt;
      case Node::Kind::kWord:
      case Node::Kind::kPhrase:
        return words_.anywhere(node);
      case Node::Kind::kField:
        return field(node);
      case Node::Kind::kNot:
        return negated(node.children.front());
      case Node::Kind::kOr:
        return joined(node, Query::OP_OR);
      case Node::Kind::kAnd:
        return joined(node, Query::OP_AND);
    }
    return std::nullopt;
  }

 private:
  std::optional<Query> field(const Node& node) {
    Node words = node;
    words.kind = node.quoted ? Node::Kind::kPhrase : Node::Kind::kWord;
    if (node.field == "title") return words_.under(prefix::kTitle, words);
    if (node.field == "text") return words_.under("", words);
    if (node.field == "url") {
      words.text = url_words(node.text);
      return words_.under(prefix::kUrl, words);
    }
    auto filter = filter_query(node, context_, result_);
    if (!filter) return std::nullopt;
    return Query(Query::OP_SCALE_WEIGHT, *filter, 0.0);
  }

  std::optional<Query> negated(const Node& child) {
    // What is not wanted is nothing to mark, and no reason to rank; nor does "-after:…" bound what
    // is shown.
    CompiledQuery aside;
    const auto inner = Compiler(context_, aside).query(child);
    if (!aside.note.empty()) add_note(result_.note, aside.note);
    if (!inner) return std::nullopt;
    return Query(Query::OP_AND_NOT, Query::MatchAll, *inner);
  }

  std::optional<Query> joined(const Node& node, Query::op op) {
    std::vector<Query> queries;
    for (const auto& child : node.children) {
      if (auto one = query(child)) queries.push_back(std::move(*one));
    }
    if (queries.empty()) return std::nullopt;
    if (queries.size() == 1) return queries.front();
    return Query(op, queries.begin(), queries.end());
  }

  const CompileContext& context_;
  CompiledQuery& result_;
  WordQueries words_;
};

}  // namespace

CompiledQuery compile(const ParsedQuery& parsed, const CompileContext& context) {
  CompiledQuery result;
  result.note = parsed.note;
  const auto query = Compiler(context, result).query(parsed.root);
  if (!query && parsed.root.kind != Node::Kind::kAll)
    add_note(result.note, "there is no word in the query, so everything is shown");
  result.query = query.value_or(Query::MatchAll);
  return result;
}

Xapian::Query with_freshness(const Xapian::Query& query, Time14 now) {
  return {Query::OP_AND_MAYBE, query, Query((new FreshnessSource(now))->release())};
}

}  // namespace wm::search
