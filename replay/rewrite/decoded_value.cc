#include "replay/rewrite/decoded_value.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"

namespace wm::rewrite {

DecodedValue::DecodedValue(std::string_view written) : written_(written) {
  if (written.find('&') == std::string_view::npos) return;
  decoded_.reserve(written.size());
  add_text(written, true);
}

DecodedValue DecodedValue::of_text(std::string_view written) {
  constexpr std::string_view kOpen = "<![CDATA[", kClose = "]]>";
  DecodedValue value;
  value.written_ = written;
  if (written.find_first_of("&<") == std::string_view::npos) return value;
  value.decoded_.reserve(written.size());
  for (std::size_t at = 0; at < written.size();) {
    const std::size_t open = std::min(written.find(kOpen, at), written.size());
    value.add_text(written.substr(at, open - at), false);
    if (open == written.size()) break;
    const std::size_t begin = open + kOpen.size();
    const std::size_t end = std::min(written.find(kClose, begin), written.size());
    value.skip(open, begin);
    value.decoded_ += written.substr(begin, end - begin);
    value.sections_.insert(value.sections_.end(), {begin, end});
    at = std::min(end + kClose.size(), written.size());
    value.skip(end, at);
  }
  return value;
}

void DecodedValue::add_text(std::string_view text, bool in_attribute) {
  // A reference never spans another '&', so each piece can be decoded by itself.
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('&', at + 1), text.size());
    add(text.substr(at, end - at), in_attribute);
    at = end;
  }
}

/// Written bytes that stand for nothing.
void DecodedValue::skip(std::size_t written_begin, std::size_t written_end) {
  steps_.push_back({decoded_.size(), written_begin});
  steps_.push_back({decoded_.size(), written_end});
}

std::size_t DecodedValue::section_at(std::size_t written) const {
  const auto after = std::ranges::upper_bound(sections_, written);
  const auto passed = static_cast<std::size_t>(after - sections_.begin());
  return passed % 2 == 1 ? passed / 2 + 1 : 0;
}

void DecodedValue::add(std::string_view piece, bool in_attribute) {
  const auto written = static_cast<std::size_t>(piece.data() - written_.data());
  if (piece.front() != '&') {
    decoded_ += piece;
    return;
  }
  const std::string decoded = html::decode_references(
      piece, in_attribute ? html::InAttribute::kYes : html::InAttribute::kNo);
  if (decoded != piece) {
    std::size_t name = 1;
    while (name < piece.size() && (is_alnum(piece[name]) || piece[name] == '#')) ++name;
    std::size_t rest = 0;
    if (name < piece.size() && piece[name] == ';') {
      rest = piece.size() - name - 1;
    } else {
      while (rest < piece.size() && rest < decoded.size() &&
             piece[piece.size() - 1 - rest] == decoded[decoded.size() - 1 - rest]) {
        ++rest;
      }
    }
    rest = std::min(rest, decoded.size());
    steps_.push_back({decoded_.size(), written});
    steps_.push_back({decoded_.size() + decoded.size() - rest, written + piece.size() - rest});
  }
  decoded_ += decoded;
}

std::size_t DecodedValue::steps_before(std::size_t at) const {
  const auto after =
      std::upper_bound(steps_.begin(), steps_.end(), at,
                       [](std::size_t place, const Step& step) { return place < step.decoded; });
  return static_cast<std::size_t>(after - steps_.begin());
}

std::size_t DecodedValue::written_at(std::size_t at) const {
  if (steps_.empty()) return at;
  const std::size_t count = steps_before(at);
  if (count == 0) return at;
  const auto& step = steps_[count - 1];
  // Between a reference's start and its end the two do not run in step.
  const bool inside = count % 2 == 1;
  return inside ? step.written : step.written + (at - step.decoded);
}

std::size_t DecodedValue::written_end(std::size_t at) const {
  const std::size_t count = steps_before(at - 1);
  const bool inside = count % 2 == 1;
  return inside ? steps_[count].written : written_at(at - 1) + 1;
}

}  // namespace wm::rewrite
