#include "server/journal/change_json.h"

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/url/url.h"
#include "indexer/store/coding.h"

namespace wm::journal {

using nlohmann::json;
using store::Family;
using store::RowChange;

namespace {

constexpr int kVersion = 1;
constexpr std::size_t kChanges = 1'000'000;

std::unexpected<Error> corrupt(const std::string& why) { return fail(Error::Code::kCorrupt, "a record of changes that cannot be read: " + why); }

/// A value as JSON where it is an object that is spelled as we spell it, as text where it is UTF-8, else in hex: it has to come back byte for byte.
void put_value(json& into, const std::string& value) {
  if (value.starts_with('{')) {
    json object = json::parse(value, nullptr, false);
    if (object.is_object() && object.dump() == value) {
      into["json"] = std::move(object);
      return;
    }
  }
  const bool text = is_valid_utf8(value) && value.find('\0') == std::string::npos;
  into[text ? "text" : "hex"] = text ? value : hex_encode(value);
}

Result<std::string> value_of(const json& change) {
  if (const auto object = change.find("json"); object != change.end()) return object->dump(-1, ' ', false, json::error_handler_t::replace);
  if (const auto text = change.find("text"); text != change.end() && text->is_string()) return text->get<std::string>();
  const auto hex = change.find("hex");
  const auto bytes = hex != change.end() && hex->is_string() ? hex_decode(hex->get_ref<const std::string&>()) : std::nullopt;
  if (!bytes) return corrupt("a value that is none");
  return *bytes;
}

std::string key_at(const json& change, const char* name) {
  const auto key = change.find(name);
  return key != change.end() && key->is_string() ? url::percent_decode(key->get_ref<const std::string&>()) : std::string();
}

Result<RowChange> change_of(const json& item) {
  if (!item.is_object()) return corrupt("a change that is no object");
  RowChange change;
  const auto family = store::family_of(item.contains("family") && item["family"].is_string() ? item["family"].get<std::string>() : "");
  if (!family) return corrupt("a change of no family");
  change.family = *family;
  change.key = key_at(item, "key");
  if (change.key.empty() || !store::is_recorded(change.family, change.key)) return corrupt("a change of a row that is not kept here");
  if (item.contains("until")) {
    change.kind = RowChange::Kind::kEraseRange;
    change.value = key_at(item, "until");
    const bool within = change.family != Family::kMeta || store::is_recorded(change.family, change.value);
    if (change.value <= change.key || !within) return corrupt("a range that is none");
  } else if (item.contains("gone")) {
    change.kind = RowChange::Kind::kErase;
  } else {
    change.value = WM_TRY(value_of(item));
  }
  return change;
}

}  // namespace

std::string to_json(const std::vector<RowChange>& changes) {
  json list = json::array();
  for (const RowChange& change : changes) {
    json item = {{"family", store::name_of(change.family)}, {"key", url::percent_encode_component(change.key)}};
    switch (change.kind) {
      case RowChange::Kind::kPut: put_value(item, change.value); break;
      case RowChange::Kind::kErase: item["gone"] = true; break;
      case RowChange::Kind::kEraseRange: item["until"] = url::percent_encode_component(change.value); break;
    }
    list.push_back(std::move(item));
  }
  return json{{"v", kVersion}, {"changes", std::move(list)}}.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<std::vector<RowChange>> from_json(std::string_view text) {
  const auto deep = [](int depth, json::parse_event_t, json&) {
    if (depth > 64) throw std::length_error("too deep");
    return true;
  };
  json content;
  try {
    content = json::parse(text, deep, false);
  } catch (const std::length_error&) {
    return corrupt("it is nested too deep");
  }
  if (!content.is_object() || !content.contains("v") || !content["v"].is_number_integer()) return corrupt("it is no JSON object with a version");
  if (content["v"].get<std::int64_t>() != kVersion) return fail(Error::Code::kUnsupported, "a record of changes of another version");
  const auto list = content.find("changes");
  if (list == content.end() || !list->is_array() || list->size() > kChanges) return corrupt("it lists no changes");
  std::vector<RowChange> changes;
  for (const json& item : *list) changes.push_back(WM_TRY(change_of(item)));
  return changes;
}

std::string subject_of(const std::vector<RowChange>& changes) {
  constexpr std::size_t kIdBytes = 9;
  for (const RowChange& change : changes) {
    const bool link = change.family == Family::kLinks && change.key.size() >= kIdBytes && (change.key.front() == 'l' || change.key.front() == 's');
    if (link) return "urn:waymark:link:" + std::to_string(store::number_of_key(change.key));
  }
  return "urn:waymark:" + std::string(changes.empty() ? "none" : store::name_of(changes.front().family));
}

}  // namespace wm::journal
