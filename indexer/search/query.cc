#include "indexer/search/query.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/time14.h"
#include "indexer/search/query_lexer.h"

namespace wm::search {
namespace {

using Kind = QueryToken::Kind;

/// Recursive descent over tokens with a bound on depth. Wrong syntax is mended: an operator without
/// an operand is left out, a bracket without its other half too.
class QueryParser {
 public:
  explicit QueryParser(std::vector<QueryToken> tokens) : tokens_(std::move(tokens)) {}

  ParsedQuery parse() {
    Node root = either(0);
    while (at_ < tokens_.size()) {  // a ')' too many, and what follows it
      note("a closing bracket without an opening one was left out");
      ++at_;
      root = joined(Node::Kind::kAnd, std::move(root), either(0));
    }
    result_.root = std::move(root);
    if (too_many_) note("only the first " + std::to_string(kQueryTerms) + " words were looked for");
    return std::move(result_);
  }

  void note(const std::string& text) {
    if (result_.note.find(text) != std::string::npos) return;
    if (!result_.note.empty()) result_.note += "; ";
    result_.note += text;
  }

 private:
  bool at(Kind kind) const { return at_ < tokens_.size() && tokens_[at_].kind == kind; }
  bool at_operand() const {
    return at_ < tokens_.size() && !at(Kind::kAnd) && !at(Kind::kOr) && !at(Kind::kClose);
  }

  static Node joined(Node::Kind kind, Node left, Node right) {
    if (kind == Node::Kind::kAnd && left.kind == Node::Kind::kAll) return right;
    if (kind == Node::Kind::kAnd && right.kind == Node::Kind::kAll) return left;
    if (left.kind == kind) {
      left.children.push_back(std::move(right));
      return left;
    }
    Node node{.kind = kind, .text = {}, .field = {}, .children = {}};
    node.children.push_back(std::move(left));
    node.children.push_back(std::move(right));
    return node;
  }

  void left_out(const QueryToken& token) {
    note("“" + token.text + "” has nothing to join and was left out");
  }

  Node either(std::size_t depth) {
    while (at(Kind::kOr) || at(Kind::kAnd)) left_out(tokens_[at_++]);
    Node node = all_of(depth);
    while (at(Kind::kOr)) {
      const QueryToken& sign = tokens_[at_++];
      while (at(Kind::kOr) || at(Kind::kAnd)) left_out(tokens_[at_++]);
      if (!at_operand()) {
        left_out(sign);
        break;
      }
      Node right = all_of(depth);
      // "x or nothing" would be everything.
      if (right.kind == Node::Kind::kAll) continue;
      node = node.kind == Node::Kind::kAll
                 ? std::move(right)
                 : joined(Node::Kind::kOr, std::move(node), std::move(right));
    }
    return node;
  }

  Node all_of(std::size_t depth) {
    Node node;
    while (true) {
      if (at(Kind::kAnd)) {
        const QueryToken& sign = tokens_[at_++];
        if (!at_operand()) left_out(sign);
        continue;
      }
      if (!at_operand()) return node;
      node = joined(Node::Kind::kAnd, std::move(node), negated(depth));
    }
  }

  Node negated(std::size_t depth) {
    bool negative = false;
    const QueryToken* last = nullptr;
    while (at(Kind::kNot)) {
      negative = !negative;
      last = &tokens_[at_++];
    }
    if (!at_operand()) {
      if (last != nullptr) left_out(*last);
      return {};
    }
    Node inner = primary(depth);
    if (!negative || inner.kind == Node::Kind::kAll) return inner;
    Node node{.kind = Node::Kind::kNot, .text = {}, .field = {}, .children = {}};
    node.children.push_back(std::move(inner));
    return node;
  }

  Node primary(std::size_t depth) {
    if (at(Kind::kOpen)) return group(depth);
    const QueryToken& token = tokens_[at_++];
    if (token.kind == Kind::kField && token.field == "sort") return sorted_by(token);
    if (++terms_ > kQueryTerms) {
      too_many_ = true;
      return {};
    }
    Node node{.kind = Node::Kind::kWord,
              .text = token.text,
              .field = token.field,
              .starred = token.starred,
              .quoted = token.quoted,
              .children = {}};
    if (token.kind == Kind::kPhrase) node.kind = Node::Kind::kPhrase;
    if (token.kind == Kind::kField) node.kind = Node::Kind::kField;
    return node;
  }

  Node group(std::size_t depth) {
    ++at_;
    if (depth >= kQueryDepth) {
      note("brackets deeper than " + std::to_string(kQueryDepth) + " were left out");
      return {};
    }
    Node node = either(depth + 1);
    if (at(Kind::kClose)) {
      ++at_;
    } else {
      note("an opening bracket without a closing one was left out");
    }
    return node;
  }

  Node sorted_by(const QueryToken& token) {
    static constexpr std::array<std::pair<std::string_view, Sort>, 13> kOrders = {
        {{"relevance", Sort::kRelevance},
         {"new", Sort::kNewest},
         {"newest", Sort::kNewest},
         {"date", Sort::kNewest},
         {"added", Sort::kNewest},
         {"added_desc", Sort::kNewest},
         {"old", Sort::kOldest},
         {"oldest", Sort::kOldest},
         {"added_asc", Sort::kOldest},
         {"title", Sort::kTitle},
         {"title_asc", Sort::kTitle},
         {"title_desc", Sort::kTitleReverse},
         {"-title", Sort::kTitleReverse}}};
    const std::string order = to_lower(token.text);
    const auto* found = std::find_if(kOrders.begin(), kOrders.end(),
                                     [&](const auto& row) { return row.first == order; });
    if (found == kOrders.end()) {
      note("there is no order “" + token.text + "”: relevance, newest, oldest or title");
    } else {
      result_.sort = found->second;
    }
    return {};
  }

  std::vector<QueryToken> tokens_;
  std::size_t at_ = 0;
  std::size_t terms_ = 0;
  bool too_many_ = false;
  ParsedQuery result_;
};

}  // namespace

ParsedQuery parse_query(std::string_view query) {
  std::string text = valid_utf8(query.substr(0, kQueryBytes));
  auto tokens = QueryLexer(text).tokens();
  // Nothing but operators: then they are what is looked for.
  const bool operators_only =
      std::all_of(tokens.begin(), tokens.end(), [](const QueryToken& token) {
        return token.kind == Kind::kAnd || token.kind == Kind::kOr || token.kind == Kind::kNot;
      });
  if (operators_only) {
    for (auto& token : tokens) token.kind = Kind::kWord;
  }
  QueryParser parser(std::move(tokens));
  if (query.size() > kQueryBytes)
    parser.note("only the first " + std::to_string(kQueryBytes) + " bytes of the query were read");
  return parser.parse();
}

std::string to_string(const Node& node) {
  const std::string star = node.starred ? "*" : "";
  switch (node.kind) {
    case Node::Kind::kAll:
      return "all";
    case Node::Kind::kWord:
      return node.text + star;
    case Node::Kind::kPhrase:
      return '"' + node.text + '"';
    case Node::Kind::kField:
      return node.field + ":" + (node.quoted ? '"' + node.text + '"' : node.text) + star;
    default:
      break;
  }
  std::string out = node.kind == Node::Kind::kAnd  ? "(and"
                    : node.kind == Node::Kind::kOr ? "(or"
                                                   : "(not";
  for (const auto& child : node.children) out += " " + to_string(child);
  return out + ")";
}

}  // namespace wm::search
