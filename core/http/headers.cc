#include "core/http/headers.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"

namespace wm::http {

namespace {

/// Most names differ in their length or first letter.
bool is_named(const Header& field, std::string_view name) noexcept {
  return field.name.size() == name.size() &&
         (name.empty() || to_lower(field.name.front()) == to_lower(name.front())) &&
         iequals(field.name, name);
}

/// Takes the first element off a comma-separated list, blanks around it removed.
std::string_view next_element(std::string_view& list) noexcept {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < list.size(); ++end) {
    const char c = list[end];
    if (quoted && c == '\\' && end + 1 < list.size()) {
      ++end;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      break;
    }
  }
  const std::string_view element = trim(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return element;
}

}  // namespace

void Headers::add(std::string_view name, std::string_view value) {
  fields_.push_back({std::string(name), std::string(value)});
}

void Headers::set(std::string_view name, std::string_view value) {
  const auto named = [name](const Header& field) { return iequals(field.name, name); };
  const auto first = std::find_if(fields_.begin(), fields_.end(), named);
  if (first == fields_.end()) return add(name, value);
  // `value` may view the field that is about to change.
  std::string copy(value);
  fields_.erase(std::remove_if(first + 1, fields_.end(), named), fields_.end());
  first->value = std::move(copy);
}

void Headers::remove(std::string_view name) {
  // `name` may view a field that is about to go.
  const std::string copy(name);
  std::erase_if(fields_, [&copy](const Header& field) { return iequals(field.name, copy); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Header& field : fields_) {
    if (is_named(field, name)) return field.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Header& field : fields_) {
    if (is_named(field, name)) values.emplace_back(field.value);
  }
  return values;
}

std::string Headers::joined(std::string_view name) const {
  std::string list;
  bool first = true;
  for (const Header& field : fields_) {
    if (!is_named(field, name)) continue;
    if (!first) list += ", ";
    list += field.value;
    first = false;
  }
  return list;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
  for (const Header& field : fields_) {
    if (!is_named(field, name)) continue;
    for (std::string_view list = field.value; !list.empty();) {
      if (iequals(next_element(list), token)) return true;
    }
  }
  return false;
}

bool is_token(std::string_view text) noexcept {
  static constexpr auto kIsTokenByte = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
      table[static_cast<unsigned char>(c)] = true;
    for (std::size_t byte = 0; byte < 128; ++byte) {
      if (is_alnum(static_cast<char>(byte))) table[byte] = true;
    }
    return table;
  }();
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return kIsTokenByte[static_cast<unsigned char>(c)];
  });
}

}  // namespace wm::http
