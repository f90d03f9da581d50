// HTML Standard 13.2.5: the tag states.
#include <algorithm>
#include <array>
#include <cstring>

#include "core/html/tag_scanner_internal.h"

namespace wm::html {
namespace {

constexpr std::uint8_t kEndsTagName = 1, kEndsAttributeName = 2, kEndsUnquoted = 4;

constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (const char c : {' ', '\t', '\n', '\f', '\r'})
    classes[static_cast<unsigned char>(c)] = kEndsTagName | kEndsAttributeName | kEndsUnquoted;
  classes['/'] = kEndsTagName | kEndsAttributeName;
  classes['>'] = kEndsTagName | kEndsAttributeName | kEndsUnquoted;
  classes['='] = kEndsAttributeName;
  return classes;
}();

std::size_t skip_until(std::string_view text, std::size_t at, std::uint8_t mask) {
  const char* const data = text.data();
  const std::size_t size = text.size();
  while (at < size && (kClasses[static_cast<unsigned char>(data[at])] & mask) == 0) ++at;
  return at;
}

/// Longer names are nobody's: all are treated alike, whether the limit cut them or not.
constexpr std::size_t kLongestName = kLeastTokenBytes - 2;

/// Less than this many attributes are compared each with each.
constexpr std::size_t kFewAttributes = 16;

int compare_lower(std::string_view a, std::string_view b) {
  const std::size_t n = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < n; ++i) {
    const int difference =
        static_cast<unsigned char>(to_lower(a[i])) - static_cast<unsigned char>(to_lower(b[i]));
    if (difference != 0) return difference;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

}  // namespace

void TagScanner::begin(Kind kind, std::size_t max_attributes) {
  kind_ = kind;
  state_ = State::kName;
  self_closing_ = false;
  recording_ = false;
  whole_ = true;
  name_begin_ = kind == Kind::kStart ? 1 : 2;
  name_end_ = name_begin_;
  at_ = name_begin_;
  max_attributes_ = max_attributes;
  name_ = Name();
  spans_.clear();
}

void TagScanner::open_attribute(std::size_t at) {
  state_ = State::kAttributeName;
  recording_ = whole_ && kind_ == Kind::kStart && spans_.size() < max_attributes_;
  if (recording_) spans_.push_back({at, at, at, at, 0, false});
}

void TagScanner::open_value(std::size_t at, char quote) {
  if (!recording_) return;
  Span& span = spans_.back();
  span.value_begin = span.value_end = at;
  span.quote = quote;
}

bool TagScanner::scan(std::string_view tag) {
  const char* const data = tag.data();
  const std::size_t size = tag.size();
  std::size_t at = at_;
  while (at < size) {
    const char c = data[at];
    switch (state_) {
      case State::kName:
        at = skip_until(tag, at, kEndsTagName);
        if (at == size) break;
        name_end_ = at;
        if (whole_ && at - name_begin_ <= kLongestName) name_ = Name(written_name(tag));
        state_ = State::kBeforeAttribute;
        break;
      case State::kBeforeAttribute:
        if (is_space(c)) {
          ++at;
        } else if (c == '/') {
          state_ = State::kSelfClosing;
          ++at;
        } else if (c == '>') {
          at_ = at + 1;
          return true;
        } else {
          open_attribute(at);  // also for '=', which is then the first character of its name
          ++at;
        }
        break;
      case State::kAttributeName:
        at = skip_until(tag, at, kEndsAttributeName);
        if (at == size) break;
        if (recording_)
          spans_.back().name_end = spans_.back().value_begin = spans_.back().value_end = at;
        state_ = State::kAfterAttributeName;
        break;
      case State::kAfterAttributeName:
        if (is_space(c)) {
          ++at;
        } else if (c == '=') {
          if (recording_) spans_.back().has_value = true;
          state_ = State::kBeforeValue;
          ++at;
        } else {
          state_ = c == '/' || c == '>' ? State::kBeforeAttribute : State::kAttributeName;
          if (state_ == State::kAttributeName) open_attribute(at++);
        }
        break;
      case State::kBeforeValue:
        if (is_space(c)) {
          ++at;
        } else if (c == '"' || c == '\'') {
          open_value(at + 1, c);
          state_ = c == '"' ? State::kDoubleQuoted : State::kSingleQuoted;
          ++at;
        } else {
          open_value(at, 0);
          state_ = c == '>' ? State::kBeforeAttribute : State::kUnquoted;
        }
        break;
      case State::kDoubleQuoted:
      case State::kSingleQuoted: {
        const void* const quote =
            std::memchr(data + at, state_ == State::kDoubleQuoted ? '"' : '\'', size - at);
        if (quote == nullptr) {
          at = size;
          break;
        }
        at = static_cast<std::size_t>(static_cast<const char*>(quote) - data);
        close_value(at);
        state_ = State::kAfterQuoted;
        ++at;
        break;
      }
      case State::kUnquoted:
        at = skip_until(tag, at, kEndsUnquoted);
        if (at == size) break;
        close_value(at);
        state_ = State::kBeforeAttribute;
        break;
      case State::kAfterQuoted:
        state_ = State::kBeforeAttribute;
        break;
      case State::kSelfClosing:
        if (c == '>') {
          self_closing_ = true;
          at_ = at + 1;
          return true;
        }
        state_ = State::kBeforeAttribute;
        break;
    }
  }
  at_ = at;
  return false;
}

void TagScanner::forget(std::size_t bytes) {
  at_ -= bytes;
  whole_ = false;
  recording_ = false;
  spans_.clear();
}

const std::vector<Attribute>& TagScanner::attributes(std::string_view tag) {
  attributes_.clear();
  for (const Span& span : spans_) {
    attributes_.push_back({.name = tag.substr(span.name_begin, span.name_end - span.name_begin),
                           .value = tag.substr(span.value_begin, span.value_end - span.value_begin),
                           .value_begin = span.value_begin,
                           .quote = span.quote,
                           .has_value = span.has_value});
  }
  drop_duplicates();
  return attributes_;
}

/// Of equal names the first stays. Many attributes are sorted rather than hashed: no input makes
/// that slow.
void TagScanner::drop_duplicates() {
  const std::size_t count = attributes_.size();
  if (count < 2) return;
  bool any = false;
  order_.assign(count, 0);  // 1: to be dropped
  if (count < kFewAttributes) {
    for (std::size_t i = 1; i < count; ++i) {
      for (std::size_t k = 0; k < i && order_[i] == 0; ++k) {
        if (attributes_[k].name.size() != attributes_[i].name.size() ||
            compare_lower(attributes_[k].name, attributes_[i].name) != 0)
          continue;
        order_[i] = 1;
        any = true;
      }
    }
  } else {
    std::vector<std::uint32_t> sorted(count);
    for (std::uint32_t i = 0; i < count; ++i) sorted[i] = i;
    std::sort(sorted.begin(), sorted.end(), [this](std::uint32_t a, std::uint32_t b) {
      const int order = compare_lower(attributes_[a].name, attributes_[b].name);
      return order != 0 ? order < 0 : a < b;
    });
    for (std::size_t i = 1; i < count; ++i) {
      if (compare_lower(attributes_[sorted[i - 1]].name, attributes_[sorted[i]].name) != 0)
        continue;
      order_[sorted[i]] = 1;
      any = true;
    }
  }
  if (!any) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (order_[i] == 0) attributes_[kept++] = attributes_[i];
  }
  attributes_.resize(kept);
}

}  // namespace wm::html
