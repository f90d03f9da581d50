#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/wacz/package_internal.h"

namespace wm::wacz {

using nlohmann::json;

namespace {

std::string text_of(const json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::optional<std::uint64_t> number_of(const json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end()) return std::nullopt;
  if (it->is_number_unsigned()) return it->get<std::uint64_t>();
  return it->is_string() ? parse_u64(it->get_ref<const std::string&>()) : std::nullopt;
}

json parsed(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return json::parse(text, nullptr, false);
}

/// Milliseconds since 1970 too, as early tools wrote them.
std::optional<SysMicros> time_of(const json& page) {
  for (const char* name : {"ts", "timestamp"}) {
    const auto it = page.find(name);
    if (it == page.end()) continue;
    if (it->is_number_unsigned() && it->get<std::uint64_t>() < 100'000'000'000'000) return SysMicros(std::chrono::milliseconds(it->get<std::int64_t>()));
    if (!it->is_string()) continue;
    const auto& text = it->get_ref<const std::string&>();
    if (const auto time = parse_w3c_date(text)) return time;
    if (const auto time = Time14::parse(text)) return SysMicros(time->time());
  }
  return std::nullopt;
}

}  // namespace

Result<PackageFile> parse_package(std::string_view text) {
  const json root = parsed(text);
  if (!root.is_object()) return fail(Error::Code::kCorrupt, "datapackage.json is no JSON object");
  PackageFile file;
  file.package = {.title = text_of(root, "title"), .description = text_of(root, "description"), .software = text_of(root, "software"), .version = text_of(root, "wacz_version")};
  file.created = text_of(root, "created");
  const auto resources = root.find("resources");
  if (resources == root.end() || !resources->is_array()) return file;
  for (const json& resource : *resources) {
    if (!resource.is_object()) continue;
    const std::string path = text_of(resource, "path");
    if (istarts_with(path, "http://") || istarts_with(path, "https://")) file.remote.push_back(path);
    else if (!path.empty()) file.hashes.emplace(path, text_of(resource, "hash"));
  }
  return file;
}

std::string digest_complaint(std::string_view digest_json, std::string_view package_json, const std::string& created) {
  const json root = parsed(digest_json);
  if (!root.is_object()) return "datapackage-digest.json is no JSON object";
  const std::string hash = "sha256:" + sha256_hex(package_json);
  if (const std::string told = text_of(root, "hash"); told != hash) return "datapackage.json has not the hash that datapackage-digest.json says";
  const auto signature = root.find("signedData");
  if (signature == root.end() || !signature->is_object()) return {};
  if (text_of(*signature, "created") != created) return "the signature has another date than datapackage.json";
  return {};
}

std::optional<Page> parse_page(std::string_view line) {
  const json root = parsed(line);
  if (!root.is_object()) return std::nullopt;
  Page page{.url = text_of(root, "url"), .time = time_of(root), .title = text_of(root, "title"), .text = text_of(root, "text")};
  if (page.url.empty()) return std::nullopt;
  return page;
}

std::optional<IndexLine> parse_index_line(std::string_view line) {
  const std::size_t brace = line.find('{');
  if (brace == line.npos) return std::nullopt;
  const json root = json::parse(line.substr(brace), nullptr, false);
  if (!root.is_object()) return std::nullopt;
  const auto offset = number_of(root, "offset"), length = number_of(root, "length");
  if (!offset || !length) return std::nullopt;
  return IndexLine{.file = text_of(root, "filename"), .offset = *offset, .length = *length};
}

}  // namespace wm::wacz
