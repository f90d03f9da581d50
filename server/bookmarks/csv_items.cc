#include <algorithm>
#include <utility>

#include "core/base/ascii.h"
#include "server/bookmarks/csv_internal.h"
#include "server/bookmarks/item_internal.h"

namespace wm::bookmarks {
namespace {

bool looks_like_url(std::string_view text) {
  text = trim(text);
  return istarts_with(text, "http://") || istarts_with(text, "https://");
}

/// Without a row of names: the first cell that is an address, and the first other one as its title.
std::vector<Role> roles_of_cells(const std::vector<std::string>& row) {
  std::vector<Role> roles(row.size(), Role::kNone);
  const auto url = std::find_if(row.begin(), row.end(), looks_like_url);
  if (url == row.end()) return {};
  const auto at = static_cast<std::size_t>(url - row.begin());
  roles[at] = Role::kUrl;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i == at || trim(row[i]).empty()) continue;
    roles[i] = Role::kTitle;
    break;
  }
  return roles;
}

}  // namespace

Result<BookmarkFile> read_csv(std::string_view text, const ReadLimits& limits) {
  CsvReader csv(text, separator_of(text));
  Collector out(limits);
  std::vector<std::string> row;
  if (!csv.next(row)) return out.take(Format::kCsv);
  std::vector<Role> roles;
  for (const std::string& name : row) roles.push_back(role_of(trim(name)));
  bool more = true;
  if (std::find(roles.begin(), roles.end(), Role::kUrl) == roles.end()) {
    roles = roles_of_cells(row);
    if (roles.empty())
      return fail(Error::Code::kUnsupported,
                  "the first line names no column of addresses (url, href, link …)");
  } else {
    more = csv.next(row);
  }
  for (; more; more = csv.next(row)) {
    Bookmark bookmark;
    bookmark.line = csv.line();
    for (std::size_t i = 0; i < row.size() && i < roles.size(); ++i)
      apply(bookmark, roles[i], row[i]);
    if (!out.add(std::move(bookmark))) break;
  }
  return out.take(Format::kCsv);
}

Result<BookmarkFile> read_list(std::string_view text, const ReadLimits& limits) {
  Collector out(limits);
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    at = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    Bookmark bookmark;
    bookmark.line = number;
    // "https://example.org/ A title", and OneTab's "https://example.org/ | A title"
    const std::size_t blank = line.find_first_of(" \t");
    bookmark.url = line.substr(0, blank);
    if (blank != line.npos) {
      std::string_view title = trim(line.substr(blank));
      if (title.starts_with('|')) title = trim(title.substr(1));
      bookmark.title = title;
    }
    if (!out.add(std::move(bookmark))) break;
  }
  return out.take(Format::kList);
}

}  // namespace wm::bookmarks
