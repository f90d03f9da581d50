// WACZ 1.1.1 §5 (datapackage.json, pages.jsonl), wacz-auth 0.1.0 (datapackage-digest.json).
#include "server/archive/package.h"

#include <nlohmann/json.hpp>

#include "core/base/digest.h"

namespace wm::archive {

using json = nlohmann::ordered_json;

namespace {

std::string text_of(const json& value, int indent = -1) { return value.dump(indent, ' ', false, json::error_handler_t::replace); }

std::string name_of(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

}  // namespace

std::string pages_head() {
  return text_of({{"format", "json-pages-1.0"}, {"id", "pages"}, {"title", "All Pages"}, {"hasText", "true"}}) + "\n";
}

std::string page_line(const ListedPage& page) {
  json line = {{"id", sha256_hex(page.ts + " " + page.url).substr(0, 32)}, {"url", page.url}, {"ts", page.ts}};
  if (!page.title.empty()) line["title"] = page.title;
  if (!page.tags.empty()) line["tags"] = page.tags;
  if (!page.text.empty()) line["text"] = page.text;
  return text_of(line) + "\n";
}

std::string package_json(const PackageFacts& facts) {
  json resources = json::array();
  for (const PackagedFile& file : facts.files) {
    resources.push_back({{"name", name_of(file.path)}, {"path", file.path}, {"hash", "sha256:" + file.sha256}, {"bytes", file.bytes}});
  }
  // Whole seconds: who checks a signature compares this text with the one in it.
  json package = {{"profile", "data-package"}, {"wacz_version", "1.1.1"}, {"software", "Waymark " WM_VERSION}, {"created", w3c_date(facts.created)}};
  if (!facts.title.empty()) package["title"] = facts.title;
  if (facts.main_page) {
    package["mainPageUrl"] = facts.main_page->url;
    package["mainPageDate"] = facts.main_page->ts;
  }
  package["resources"] = std::move(resources);
  return text_of(package, 2) + "\n";
}

std::string package_hash(std::string_view package) { return "sha256:" + sha256_hex(package); }

std::string digest_json(std::string_view package, SysSeconds created, const std::optional<Signature>& signature) {
  const std::string hash = package_hash(package);
  json digest = {{"path", "datapackage.json"}, {"hash", hash}};
  if (signature) {
    digest["signedData"] = {{"hash", hash},           {"created", w3c_date(created)},        {"software", "Waymark " WM_VERSION},
                            {"version", "0.1.0"}, {"signature", signature->signature}, {"publicKey", signature->public_key}};
  }
  return text_of(digest, 2) + "\n";
}

}  // namespace wm::archive
