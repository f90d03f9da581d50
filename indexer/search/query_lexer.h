#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wm::search {

struct QueryToken {
  enum class Kind { kWord, kPhrase, kField, kAnd, kOr, kNot, kOpen, kClose } kind;
  std::string text;
  std::string field;
  bool starred = false;
  bool quoted = false;
};

/// Cuts a query into tokens. Full-width forms of the operators are read as the plain ones.
class QueryLexer {
 public:
  explicit QueryLexer(std::string_view query);
  std::vector<QueryToken> tokens();

 private:
  void take();
  void take_quoted(char quote);
  std::string quoted_text(char quote);
  void take_tag();
  void take_word();
  bool take_field(std::size_t colon);
  void add_word(std::string text);
  std::string bare(std::string_view stops);
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string text_;
  std::size_t at_ = 0;
  std::vector<QueryToken> out_;
};

}  // namespace wm::search
