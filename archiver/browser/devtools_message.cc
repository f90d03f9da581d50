#include "archiver/browser/devtools_message.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace wm::browser {
namespace {

using nlohmann::json;

constexpr std::size_t kDepth = 1000;

/// Brackets outside of strings, no deeper than kDepth: what follows may recurse.
bool is_flat_enough(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDepth) return false;
    } else if (c == '}' || c == ']') {
      if (depth > 0) --depth;
    }
  }
  return true;
}

}  // namespace

void MessageFramer::feed(std::string_view bytes,
                         const std::function<void(std::string_view, Whole)>& take) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\0');
    const std::string_view piece = bytes.substr(0, end);
    if (end != std::string_view::npos && held_.empty() && piece.size() <= limit_bytes_) {
      take(piece, Whole::kYes);
    } else {
      const std::size_t room = limit_bytes_ - held_.size();
      if (piece.size() > room) too_long_ = true;
      held_.append(piece.substr(0, room));
      if (end == std::string_view::npos) return;
      const std::string message = std::move(held_);
      held_.clear();
      take(message, too_long_ ? Whole::kNo : Whole::kYes);
      too_long_ = false;
    }
    bytes.remove_prefix(end + 1);
  }
}

std::optional<std::uint64_t> number_of_answer(std::string_view start) {
  constexpr std::string_view kBegin = "{\"id\":";
  if (!start.starts_with(kBegin)) return std::nullopt;
  start.remove_prefix(kBegin.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(start.data(), start.data() + start.size(), number);
  if (error != std::errc() || end == start.data() + start.size() || *end != ',')
    return std::nullopt;
  return number;
}

std::optional<json> parse_message(std::string_view text) {
  if (!is_flat_enough(text)) return std::nullopt;
  // In place: json converts itself to an optional in a way of its own.
  std::optional<json> message(std::in_place, json::parse(text, nullptr, false));
  if (!message->is_object()) message.reset();
  return message;
}

std::string string_in(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

double number_in(const json& object, const char* name) {
  if (!object.is_object()) return 0;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return 0;
  const double number = found->get<double>();
  return std::isfinite(number) ? number : 0;
}

const json& object_in(const json& object, const char* name) {
  static const json kNothing = json::object();
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : kNothing;
}

}  // namespace wm::browser
