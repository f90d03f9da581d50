#include "server/api/linkding_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/url/url.h"
#include "server/links/tag.h"

namespace wm::api::linkding {

using nlohmann::json;
using server::Request;
using server::Response;

namespace {

/// Our newest snapshot; without one the address that linkding falls back to.
json snapshot_address(const Services& s, const Request& request, const links::Link& link) {
  const auto snapshot = s.links.latest_snapshot(link.id);
  if (snapshot && *snapshot) return base_of(s, request) + "/open" + (*snapshot)->replay_path();
  return "https://web.archive.org/web/" + Time14(std::chrono::floor<std::chrono::seconds>(link.created)).text() + "/" + link.url;
}

/// The request's own address with other limits.
std::string page_address(const Services& s, const Request& request, std::size_t limit, std::size_t offset) {
  std::string query;
  for (const std::string_view pair : split(request.query(), '&')) {
    if (pair.empty() || pair.starts_with("limit=") || pair.starts_with("offset=")) continue;
    query += std::string(pair) + "&";
  }
  return fmt::format("{}{}?{}limit={}&offset={}", base_of(s, request), request.path(), query, limit, offset);
}

}  // namespace

std::string base_of(const Services& s, const Request& request) {
  return (s.secure_cookies ? "https://" : "http://") + std::string(request.header("Host").value_or("localhost"));
}

json bookmark(const Services& s, const Request& request, const links::Link& link) {
  std::vector<std::string> tags = link.tags;
  std::sort(tags.begin(), tags.end());
  const std::string path = base_of(s, request) + "/api/v1/links/" + std::to_string(link.id);
  return {{"id", link.id},
          {"url", link.url},
          {"title", link.title},
          {"description", link.description},
          {"notes", link.notes},
          {"web_archive_snapshot_url", snapshot_address(s, request, link)},
          {"favicon_url", link.icon.empty() ? json(nullptr) : json(path + "/favicon")},
          {"preview_image_url", link.preview.empty() ? json(nullptr) : json(path + "/preview")},
          {"is_archived", link.archived},
          {"unread", link.unread},
          {"shared", link.shared},
          {"tag_names", std::move(tags)},
          {"date_added", w3c_date_micros(link.created)},
          {"date_modified", w3c_date_micros(link.modified)},
          {"website_title", nullptr},
          {"website_description", nullptr}};
}

json envelope(const Services& s, const Request& request, const Page& page, std::uint64_t count, json results) {
  const bool more = page.offset + page.limit < count;
  const std::size_t before = page.offset > page.limit ? page.offset - page.limit : 0;
  return {{"count", count},
          {"next", more ? json(page_address(s, request, page.limit, page.offset + page.limit)) : json(nullptr)},
          {"previous", page.offset > 0 ? json(page_address(s, request, page.limit, before)) : json(nullptr)},
          {"results", std::move(results)}};
}

std::uint64_t tag_number(std::string_view tag) {
  // 48 bits: JavaScript counts no further than 53.
  std::uint64_t number = 0;
  const std::string digest = sha256_hex(links::tag_key(tag)).substr(0, 12);
  for (const char c : digest) number = number * 16 + static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  return number;
}

std::string tag_name(std::string_view written) {
  std::string name(trim(written));
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

Response refused(const Error& error) {
  Response response = refuse(error);
  if (response.status == 404) return answer(404, {{"detail", "No such thing: " + error.what}});
  const json told = json::parse(response.body, nullptr, false);
  return answer(response.status, {{"detail", told.is_object() && told.contains("error") ? told["error"].value("message", "") : error.what}});
}

Response field_error(const char* field, std::string_view message) { return answer(400, {{field, json::array({message})}}); }

void add(std::vector<server::Route>& routes, const char* method, const std::string& path, server::Permission permission, server::RouteHandler handler) {
  routes.push_back({method, path, permission, handler});
  routes.push_back({method, path + "/", permission, std::move(handler)});
}

}  // namespace wm::api::linkding
