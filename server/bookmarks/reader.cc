#include "server/bookmarks/reader.h"

#include "core/base/ascii.h"
#include "core/charset/charset.h"
#include "server/bookmarks/csv_internal.h"
#include "server/bookmarks/item_internal.h"

namespace wm::bookmarks {
namespace {

bool is_bookmark_html(std::string_view head) {
  if (ifind(head, "netscape-bookmark-file") != head.npos ||
      ifind(head, "<title>pocket export") != head.npos)
    return true;
  // Without its doctype: folders and anchors as only these files write them.
  return ifind(head, "<dl") != head.npos && ifind(head, "<dt><a") != head.npos &&
         ifind(head, "add_date=") != head.npos;
}

/// HAR is JSON too, but of requests.
bool is_bookmark_json(std::string_view head) {
  const bool har = ifind(head.substr(0, 400), "\"log\"") != head.npos &&
                   ifind(head.substr(0, 2000), "\"creator\"") != head.npos;
  if (har) return false;
  for (const std::string_view key :
       {"\"url\"", "\"href\"", "\"uri\"", "\"roots\"", "\"bookmarks\"", "\"links\"", "\"children\"",
        "\"collections\"", "\"given_url\"", "\"http"}) {
    if (ifind(head, key) != head.npos) return true;
  }
  return false;
}

bool has_url_column(std::string_view head) {
  CsvReader csv(head, separator_of(head));
  std::vector<std::string> row;
  if (!csv.next(row) || row.size() < 2) return false;
  for (const std::string& name : row) {
    if (role_of(trim(name)) == Role::kUrl) return true;
  }
  return false;
}

bool begins_with_url(std::string_view text) {
  return istarts_with(text, "http://") || istarts_with(text, "https://");
}

std::optional<Format> format_of_text(std::string_view head) {
  head = trim(head);
  if (head.empty()) return std::nullopt;
  if (head.front() == '<')
    return is_bookmark_html(head) ? std::optional(Format::kNetscape) : std::nullopt;
  if (head.front() == '{' || head.front() == '[')
    return is_bookmark_json(head) ? std::optional(Format::kJson) : std::nullopt;
  if (has_url_column(head)) return Format::kCsv;
  if (begins_with_url(head)) {
    const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
    return line.find(',') != line.npos && line.find(' ') > line.find(',') ? Format::kCsv
                                                                          : Format::kList;
  }
  return std::nullopt;
}

Result<std::string> as_utf8(std::string_view bytes) {
  return charset::to_utf8(bytes, charset::sniff_charset(bytes, std::nullopt).encoding);
}

}  // namespace

std::string_view name_of(Format format) noexcept {
  switch (format) {
    case Format::kNetscape:
      return "netscape";
    case Format::kCsv:
      return "csv";
    case Format::kJson:
      return "json";
    case Format::kList:
      break;
  }
  return "list";
}

std::optional<Format> format_of(std::string_view head) {
  const auto text = as_utf8(head.substr(0, 64 << 10));
  return text ? format_of_text(*text) : std::nullopt;
}

Result<BookmarkFile> read_bookmarks(std::string_view bytes, const ReadLimits& limits) {
  if (bytes.size() > limits.bytes)
    return fail(Error::Code::kTooLarge, "a bookmark file of " + std::to_string(bytes.size()) +
                                            " bytes; the limit is " + std::to_string(limits.bytes));
  const std::string text = WM_TRY(as_utf8(bytes));
  const auto format = format_of_text(std::string_view(text).substr(0, 64 << 10));
  if (!format)
    return fail(Error::Code::kUnsupported,
                "no bookmark file: neither Netscape HTML, CSV with a column of addresses, JSON "
                "that holds bookmarks, nor a list of addresses");
  switch (*format) {
    case Format::kNetscape:
      return read_netscape(text, limits);
    case Format::kCsv:
      return read_csv(text, limits);
    case Format::kJson:
      return read_json(text, limits);
    case Format::kList:
      break;
  }
  return read_list(text, limits);
}

}  // namespace wm::bookmarks
