#include "server/links/tag.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "server/links/stored_json.h"
#include "server/links/text_order.h"

namespace wm::links {

using nlohmann::json;

namespace {

constexpr int kTagVersion = 1;
constexpr std::size_t kTagCharacters = 100;
constexpr std::size_t kTagLevels = 16;

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string_view without_marks(std::string_view tag) {
  for (;;) {
    if (tag.starts_with('#')) {
      tag.remove_prefix(1);
    } else if (tag.starts_with("\xef\xbc\x83")) {  // its full-width form
      tag.remove_prefix(3);
    } else {
      return trim(tag);
    }
  }
}

/// Blanks single, control characters refused.
Result<std::string> one_level(std::string_view written) {
  std::string level;
  for (const char c : trim(written)) {
    if ((static_cast<unsigned char>(c) < 0x20 && !is_space(c)) || c == 0x7f) return fail(Error::Code::kInvalid, "a tag holds a control character");
    if (!is_space(c)) {
      level.push_back(c);
    } else if (level.back() != ' ') {
      level.push_back(' ');
    }
  }
  return level;
}

void add_form(std::vector<std::string>& forms, std::string form) {
  if (!form.empty() && std::find(forms.begin(), forms.end(), form) == forms.end()) forms.push_back(std::move(form));
}

void add_latin_forms(std::vector<std::string>& forms, std::string_view level) {
  if (std::all_of(level.begin(), level.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return;
  std::string joined, initials;
  const std::string latin = in_latin(level);
  bool starts = true;
  for (const char c : latin) {
    if (!is_alnum(c)) {
      starts = true;
      continue;
    }
    joined.push_back(c);
    if (starts) initials.push_back(c);
    starts = false;
  }
  add_form(forms, std::move(joined));
  add_form(forms, std::move(initials));
}

}  // namespace

Result<std::string> clean_tag(std::string_view written) {
  std::string utf8 = nfc(valid_utf8(written));
  for (std::size_t at = utf8.find("\xef\xbc\x8f"); at != std::string::npos; at = utf8.find("\xef\xbc\x8f", at)) utf8.replace(at, 3, "/");  // full width
  std::string tag;
  std::size_t levels = 0;
  for (const std::string_view part : split(utf8, '/')) {
    const std::string level = WM_TRY(one_level(tag.empty() ? without_marks(trim(part)) : part));
    if (level.empty()) continue;
    if (!tag.empty()) tag.push_back('/');
    tag += level;
    ++levels;
  }
  if (tag.empty()) return fail(Error::Code::kInvalid, "a tag is empty");
  if (characters(tag) > kTagCharacters) return fail(Error::Code::kInvalid, "a tag is longer than 100 characters: " + valid_utf8(tag.substr(0, 60)) + "…");
  if (levels > kTagLevels) return fail(Error::Code::kInvalid, "a tag has more than 16 levels: " + valid_utf8(tag.substr(0, 60)) + "…");
  return tag;
}

std::string tag_key(std::string_view tag) { return folded(tag); }

std::vector<std::string> parents_of(std::string_view key) {
  std::vector<std::string> parents;
  for (std::size_t slash = key.rfind('/'); slash != std::string_view::npos && slash > 0; slash = key.rfind('/', slash - 1)) parents.emplace_back(key.substr(0, slash));
  return parents;
}

bool is_or_is_under(std::string_view key, std::string_view ancestor) {
  return key == ancestor || (key.size() > ancestor.size() && key.starts_with(ancestor) && key[ancestor.size()] == '/');
}

std::vector<std::string> typed_forms(std::string_view tag) {
  std::vector<std::string> forms;
  const std::string key = tag_key(tag);
  add_form(forms, key);
  for (std::size_t slash = key.find('/'); slash != std::string::npos; slash = key.find('/', slash + 1)) add_form(forms, key.substr(slash + 1));
  for (const std::string_view level : split(key, '/')) add_latin_forms(forms, level);
  return forms;
}

Result<std::string> clean_colour(std::string_view written) {
  const std::string colour = to_lower(trim(written));
  if (colour.empty()) return colour;
  const bool right = colour.size() == 7 && colour[0] == '#' && std::all_of(colour.begin() + 1, colour.end(), [](char c) { return hex_value(c) >= 0; });
  if (!right) return fail(Error::Code::kInvalid, "a colour is written #rrggbb, not " + std::string(written.substr(0, 40)));
  return colour;
}

Result<std::string> clean_schedule(std::string_view written) {
  const std::string schedule = to_lower(trim(written));
  if (schedule.empty()) return schedule;
  const auto number = parse_u64(std::string_view(schedule).substr(0, schedule.size() - 1));
  const char unit = schedule.back();
  if (!number || *number == 0 || *number > 10000 || (unit != 'h' && unit != 'd' && unit != 'w')) {
    return fail(Error::Code::kInvalid, "a schedule is written 12h, 7d or 4w, not " + std::string(written.substr(0, 40)));
  }
  return schedule;
}

Result<> check_engine(std::string_view engine) {
  for (const std::string_view known : {"auto", "http", "browser"}) {
    if (engine == known) return {};
  }
  return fail(Error::Code::kInvalid, "no engine is called " + std::string(engine.substr(0, 40)) + ": auto, http or browser");
}

std::string encode(const Tag& tag) {
  return stored_text(json{{"v", kTagVersion},
                          {"name", tag.name},
                          {"colour", tag.colour},
                          {"engine", tag.engine},
                          {"schedule", tag.schedule},
                          {"aliases", tag.aliases},
                          {"created", micros_of(tag.created)}});
}

Result<Tag> decode_tag(std::string_view stored) {
  return read_stored("tag", stored, kTagVersion, [](const json& j) {
    Tag tag{.name = j.at("name").get<std::string>()};
    take(j, "colour", tag.colour);
    take(j, "engine", tag.engine);
    take(j, "schedule", tag.schedule);
    take(j, "aliases", tag.aliases);
    take(j, "created", tag.created);
    return tag;
  });
}

}  // namespace wm::links
