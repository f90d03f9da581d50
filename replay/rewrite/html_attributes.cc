#include "replay/rewrite/html_attributes.h"

#include <array>
#include <string>

#include "core/base/ascii.h"
#include "core/http/media_type.h"
#include "replay/rewrite/html_rewriter.h"

namespace wm::rewrite {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  for (const auto known : names) {
    if (name.size() == known.size() && iequals(name, known)) return true;
  }
  return false;
}

// The attributes that make up most of the web's markup and never matter here.
constexpr std::array<std::string_view, 22> kPlain = {
    "class",  "id",       "alt",      "title", "width",  "height",  "name",    "rel",
    "lang",   "dir",      "role",     "align", "for",    "colspan", "rowspan", "placeholder",
    "border", "tabindex", "itemprop", "size",  "valign", "hidden"};

constexpr std::array<std::string_view, 6> kRenamed = {"integrity", "crossorigin", "referrerpolicy",
                                                      "csp",       "ping",        "attributionsrc"};

constexpr std::array<std::string_view, 3> kNeutralHttpEquiv = {
    "content-security-policy", "content-security-policy-report-only", "x-dns-prefetch-control"};

}  // namespace

bool may_hold_edits(const std::vector<html::Attribute>& attributes) {
  for (const auto& attribute : attributes) {
    if (is_one_of(attribute.name, kPlain)) continue;
    if (attribute.name.size() > 5 && istarts_with(attribute.name, "aria-")) continue;
    return true;
  }
  return false;
}

AttributeAction action_for(const html::Token& tag, const html::Attribute& attribute) {
  const auto name = attribute.name;
  if (is_one_of(name, kRenamed)) return AttributeAction::kRename;
  if (name.size() > 2 && istarts_with(name, "on") && is_alpha(name[2]))
    return AttributeAction::kHandler;
  if (iequals(name, "target") || iequals(name, "formtarget")) {
    constexpr std::array<std::string_view, 4> kLeaving = {"_blank", "_parent", "_top", "_new"};
    return is_one_of(attribute.value, kLeaving) ? AttributeAction::kRetarget
                                                : AttributeAction::kNone;
  }
  if (iequals(name, "type") && iequals(tag.name, "script") &&
      iequals(trim(attribute.value), "speculationrules")) {
    return AttributeAction::kDisableType;
  }
  return AttributeAction::kNone;
}

bool is_neutral_meta(const html::Token& meta) {
  if (const auto* equiv = meta.find("http-equiv")) {
    if (is_one_of(trim(DecodedValue(equiv->value).text()), kNeutralHttpEquiv)) return true;
  }
  const auto* name = meta.find("name");
  return name != nullptr && iequals(trim(name->value), "referrer");
}

bool is_absolute(std::string_view value) {
  value = trim(value);
  return istarts_with(value, "http://") || istarts_with(value, "https://") ||
         value.starts_with("//");
}

bool is_javascript_url(std::string_view value) {
  return istarts_with(value, "javascript:");
}

std::optional<ScriptKind> script_kind(const html::Token& script) {
  const auto* type = script.find("type");
  const auto* language = script.find("language");
  if (type == nullptr || trim(type->value).empty()) {
    if (type == nullptr && language != nullptr && !trim(language->value).empty() &&
        !istarts_with(trim(language->value), "javascript") &&
        !istarts_with(trim(language->value), "jscript") &&
        !istarts_with(trim(language->value), "ecmascript")) {
      return std::nullopt;
    }
    return ScriptKind::kClassic;
  }
  const auto value = trim(type->value);
  if (iequals(value, "module")) return ScriptKind::kModule;
  if (iequals(value, "importmap")) return ScriptKind::kImportMap;
  const auto media_type = http::parse_media_type(value);
  if (media_type && media_type->is_javascript()) return ScriptKind::kClassic;
  return std::nullopt;
}

Modifier modifier_for(html::UrlRole role, Modifier page) {
  using html::UrlRole;
  switch (role) {
    case UrlRole::kDocument:
      return Modifier::kFrame;
    case UrlRole::kFrame:
      return Modifier::kFrameset;
    case UrlRole::kStyle:
      return Modifier::kStyle;
    case UrlRole::kScript:
      return Modifier::kScript;
    case UrlRole::kModule:
      return Modifier::kModule;
    case UrlRole::kImage:
    case UrlRole::kIcon:
    case UrlRole::kMetaImage:
    case UrlRole::kLazy:
      return Modifier::kImage;
    case UrlRole::kFont:
    case UrlRole::kMedia:
    case UrlRole::kObject:
    case UrlRole::kManifest:
    case UrlRole::kHint:
    case UrlRole::kPrefetch:
      return Modifier::kOther;
    case UrlRole::kFetch:
      return Modifier::kMainPage;
    case UrlRole::kNavigation:
    case UrlRole::kFeed:
    case UrlRole::kCanonical:
    case UrlRole::kRefresh:
    case UrlRole::kBase:
    case UrlRole::kCite:
      break;
  }
  return memento::is_page(page) ? page : Modifier::kNone;
}

}  // namespace wm::rewrite
