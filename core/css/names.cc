// CSS Syntax 3, 4.3: identifiers, at-keywords, hashes and numbers.
#include "core/css/scanner_internal.h"

namespace wm::css {

std::size_t CssScanner::State::name(std::size_t i) {
  while (i < chunk.size()) {
    if (escape.active()) {
      if (escape.at_backslash() &&
          is_newline(chunk[i])) {  // no escape: the name ended before the backslash
        escape.stop();
        name_begin = i;
        i = end_name(i);
        context.other_token();
        return i;
      }
      const auto result = escape.next(chunk[i]);
      if (result != Escape::Step::kPast) ++i;
      name_begin = i;
      if (result != Escape::Step::kMore) word.add(escape.ascii());
      continue;
    }
    i = skip(i, kNameByte, true);
    if (i == chunk.size()) return i;
    if (chunk[i] != '\\') {
      if (chunk[i] == '(' || name_of == NameOf::kAtKeyword)
        word.add(chunk.substr(name_begin, i - name_begin));
      return end_name(i);
    }
    word.add(chunk.substr(name_begin, i - name_begin));
    escape.begin();
    ++i;
    name_begin = i;
  }
  return i;
}

/// 4.3.4, "consume an ident-like token".
std::size_t CssScanner::State::end_name(std::size_t i) {
  where = At::kToken;
  if (name_of == NameOf::kAtKeyword) {
    context.at_keyword(word.view());
    return i;
  }
  const bool function = name_of == NameOf::kIdent && chunk[i] == '(';
  if (!function) {
    context.other_token();
    return i;
  }
  const std::string_view text = word.view();
  if (text == "url") {
    where = At::kUrlStart;
  } else if (text == "src") {
    context.open_function(Context::Function::kSrc);
  } else if (text == "image-set" || text == "-webkit-image-set") {
    context.open_function(Context::Function::kImageSet);
  } else {
    context.open_function(Context::Function::kOther);
  }
  return i + 1;
}

void CssScanner::State::start_name(NameOf of, std::size_t i) {
  where = At::kName;
  name_of = of;
  word.clear();
  name_begin = i;
}

/// What may follow the first character of a token.
std::size_t CssScanner::State::prefix(std::size_t i) {
  const char c = chunk[i];
  const At before = where;
  where = At::kToken;
  switch (before) {
    case At::kDot:
      context.other_token();
      if (is_digit(c)) where = At::kFraction;
      return i;
    case At::kDash:
      if (is(c, kNameStart) || c == '-' || c == '\\') {
        start_name(NameOf::kIdent, i);
        word.add('-');
        return i;
      }
      context.other_token();
      return i;
    case At::kHash:
      context.other_token();
      if (is(c, kNameByte) || c == '\\') start_name(NameOf::kOther, i);
      return i;
    case At::kAt:
      if (c == '-') {
        where = At::kAtDash;
        return i + 1;
      }
      if (is(c, kNameStart) || c == '\\') {
        start_name(NameOf::kAtKeyword, i);
      } else {
        context.other_token();
      }
      return i;
    case At::kAtDash:
      if (is(c, kNameStart) || c == '-' || c == '\\') {
        start_name(NameOf::kAtKeyword, i);
        word.add('-');
        return i;
      }
      context.other_token();
      where = At::kDash;
      return i;
    case At::kBackslash:
      if (is_newline(c)) {
        context.other_token();
        return i;
      }
      start_name(NameOf::kIdent, i);
      escape.begin();
      return i;
    case At::kLess:
      if (c == '!') {
        where = At::kLessBang;
        return i + 1;
      }
      context.other_token();
      return i;
    case At::kLessBang:
      context.other_token();
      if (c == '-') {
        where = At::kLessBangDash;
        return i + 1;
      }
      return i;
    case At::kLessBangDash:
      if (c == '-') return i + 1;
      where = At::kDash;
      return i;
    default:
      return i;
  }
}

/// 4.3.12 and the unit after it: `10url(` is a dimension and a parenthesis.
std::size_t CssScanner::State::number(std::size_t i) {
  const char c = chunk[i];
  switch (where) {
    case At::kNumber:
      if (is_digit(c)) return i + 1;
      where = c == '.' ? At::kNumberDot : At::kAfterNumber;
      return c == '.' ? i + 1 : i;
    case At::kNumberDot:
      where = is_digit(c) ? At::kFraction : At::kToken;
      return i;
    case At::kFraction:
      if (is_digit(c)) return i + 1;
      where = At::kAfterNumber;
      return i;
    case At::kAfterNumber:
      if (c == '-') {
        where = At::kAfterNumberDash;
        return i + 1;
      }
      where = At::kToken;
      if (is(c, kNameStart) || c == '\\') start_name(NameOf::kOther, i);
      return i;
    default:  // kAfterNumberDash
      if (is(c, kNameStart) || c == '-' || c == '\\') {
        start_name(NameOf::kOther, i);
      } else {
        where = At::kDash;
      }
      return i;
  }
}

}  // namespace wm::css
