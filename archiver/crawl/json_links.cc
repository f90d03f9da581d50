// Web App Manifest (W3C) 1.x members that hold image resources; import maps (HTML
// Standard 8.1.5.2).
#include <nlohmann/json.hpp>

#include "archiver/crawl/link_collector_internal.h"
#include "core/base/ascii.h"

namespace wm::crawl {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargest = 4 << 20;
constexpr int kDeepest = 64;

/// Discarded when it is no JSON, too large, or nested deeper than any manifest is (the library
/// destroys values recursively).
Json parse(std::string_view text) {
  if (text.size() > kLargest) return Json(Json::value_t::discarded);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  bool deep = false;
  Json value = Json::parse(
      text,
      [&deep](int depth, Json::parse_event_t, Json&) { return !(deep = deep || depth > kDeepest); },
      false);
  return deep ? Json(Json::value_t::discarded) : value;
}

void collect_images(const Json& list, const url::Url& url, html::UrlRole role,
                    LinkCollector& into) {
  if (!list.is_array()) return;
  for (const Json& image : list) {
    if (!image.is_object()) continue;
    const auto src = image.find("src");
    if (src != image.end() && src->is_string())
      into.add(src->get_ref<const std::string&>(), url, role);
  }
}

const Json& member(const Json& object, const char* name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

void collect_addresses(const Json& map, const url::Url& base, LinkCollector& into) {
  if (!map.is_object()) return;
  for (const auto& [specifier, address] : map.items()) {
    if (!address.is_string()) continue;
    const auto& text = address.get_ref<const std::string&>();
    if (!text.ends_with('/')) into.add(text, base, html::UrlRole::kModule);
  }
}

}  // namespace

void collect_import_map(std::string_view json, const url::Url& base, LinkCollector& into) {
  const Json map = parse(json);
  collect_addresses(member(map, "imports"), base, into);
  const Json& scopes = member(map, "scopes");
  if (!scopes.is_object()) return;
  for (const Json& scope : scopes) collect_addresses(scope, base, into);
}

Extracted links_of_import_map(std::string_view json, const url::Url& base, ExtractLimits limits) {
  LinkCollector collector(limits);
  collect_import_map(json, base, collector);
  return collector.take();
}

Extracted links_of_manifest(std::string_view json, const url::Url& url, ExtractLimits limits) {
  LinkCollector collector(limits);
  const Json manifest = parse(json);
  collect_images(member(manifest, "icons"), url, html::UrlRole::kIcon, collector);
  collect_images(member(manifest, "screenshots"), url, html::UrlRole::kImage, collector);
  const Json& shortcuts = member(manifest, "shortcuts");
  if (shortcuts.is_array()) {
    for (const Json& shortcut : shortcuts) {
      collect_images(member(shortcut, "icons"), url, html::UrlRole::kIcon, collector);
    }
  }
  return collector.take();
}

}  // namespace wm::crawl
