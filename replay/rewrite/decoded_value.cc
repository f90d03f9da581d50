#include "replay/rewrite/decoded_value.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"

namespace wm::rewrite {

DecodedValue::DecodedValue(std::string_view written) : written_(written) {
  if (written.find('&') == std::string_view::npos) return;
  decoded_.reserve(written.size());
  // A reference never spans another '&', so each piece can be decoded by itself.
  for (std::size_t at = 0; at < written.size();) {
    const std::size_t end = std::min(written.find('&', at + 1), written.size());
    add(written.substr(at, end - at));
    at = end;
  }
}

void DecodedValue::add(std::string_view piece) {
  const auto written = static_cast<std::size_t>(piece.data() - written_.data());
  if (piece.front() != '&') {
    decoded_ += piece;
    return;
  }
  const std::string decoded = html::decode_references(piece, html::InAttribute::kYes);
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

std::size_t DecodedValue::written_at(std::size_t at) const {
  if (decoded_.empty()) return at;
  const auto after =
      std::upper_bound(steps_.begin(), steps_.end(), at,
                       [](std::size_t place, const Step& step) { return place < step.decoded; });
  if (after == steps_.begin()) return at;
  const auto& step = *(after - 1);
  const std::size_t past = at - step.decoded;
  // Between a reference's start and its end the two do not run in step.
  const bool inside = (after - steps_.begin()) % 2 == 1;
  return inside ? step.written : step.written + past;
}

}  // namespace wm::rewrite
