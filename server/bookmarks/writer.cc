#include "server/bookmarks/writer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"

namespace wm::bookmarks {
namespace {

std::int64_t seconds_of(SysMicros time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string joined(const std::vector<std::string>& tags, std::string_view separator) {
  std::string all;
  for (const std::string& tag : tags) all += (all.empty() ? "" : std::string(separator)) + tag;
  return all;
}

std::string netscape(const Bookmark& b) {
  const auto attribute = [](std::string_view name, std::string_view value) {
    return fmt::format(" {}=\"{}\"", name, html::escape_attribute(value, '"'));
  };
  std::string entry = "    <DT><A" + attribute("HREF", b.url);
  if (b.created) entry += attribute("ADD_DATE", std::to_string(seconds_of(*b.created)));
  if (b.modified) entry += attribute("LAST_MODIFIED", std::to_string(seconds_of(*b.modified)));
  entry += attribute("PRIVATE", b.shared ? "0" : "1") + attribute("TOREAD", b.unread ? "1" : "0");
  if (b.shared) entry += attribute("SHARED", "1");
  if (b.favourite) entry += attribute("FAVOURITE", "1");
  if (b.archived) entry += attribute("ARCHIVED", "1");
  // A comma at the end where blanks would else be taken to part tags.
  std::string tags = joined(b.tags, ",");
  if (tags.find(' ') != tags.npos && tags.find(',') == tags.npos) tags += ',';
  entry += attribute("TAGS", tags) + ">" + html::escape_text(b.title) + "</A>\n";
  if (!b.description.empty() || !b.notes.empty()) {
    entry += "    <DD>" + html::escape_text(b.description);
    if (!b.notes.empty())
      entry += "[linkding-notes]" + html::escape_text(b.notes) + "[/linkding-notes]";
    entry += "\n";
  }
  return entry;
}

std::string csv_field(std::string_view text) {
  const bool quote = text.find_first_of("\",;\r\n\t") != text.npos ||
                     (!text.empty() && (text.front() == ' ' || text.back() == ' '));
  if (!quote) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string csv(const Bookmark& b) {
  const auto flag = [](bool set) { return set ? "1" : "0"; };
  const auto date = [](const std::optional<SysMicros>& time) {
    return time ? w3c_date_micros(*time) : std::string();
  };
  // '|' parts tags; one alone that holds a comma needs it too.
  std::string tags = joined(b.tags, "|");
  if (b.tags.size() == 1 && tags.find_first_of(",;") != tags.npos) tags += '|';
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(b.url), csv_field(b.title),
                     csv_field(b.description), csv_field(b.notes), csv_field(tags), date(b.created),
                     date(b.modified), flag(b.unread), flag(b.archived), flag(b.favourite),
                     flag(b.shared));
}

std::string json(const Bookmark& b) {
  nlohmann::ordered_json item = {{"url", b.url},
                                 {"title", b.title},
                                 {"description", b.description},
                                 {"notes", b.notes},
                                 {"tags", b.tags}};
  if (b.created) item["created"] = w3c_date_micros(*b.created);
  if (b.modified) item["modified"] = w3c_date_micros(*b.modified);
  item.update({{"unread", b.unread},
               {"archived", b.archived},
               {"favourite", b.favourite},
               {"shared", b.shared}});
  return item.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string Writer::begin() {
  first_ = true;
  switch (format_) {
    case Format::kNetscape:
      return "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV=\"Content-Type\" "
             "CONTENT=\"text/html; "
             "charset=UTF-8\">\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n";
    case Format::kJson:
      return "{\"bookmarks\":[";
    case Format::kCsv:
    case Format::kList:
      break;
  }
  return "url,title,description,notes,tags,created,modified,unread,archived,favourite,shared\r\n";
}

std::string Writer::entry(const Bookmark& bookmark) {
  if (format_ == Format::kNetscape) return netscape(bookmark);
  if (format_ != Format::kJson) return csv(bookmark);
  return std::string(std::exchange(first_, false) ? "\n" : ",\n") + json(bookmark);
}

std::string Writer::end() {
  if (format_ == Format::kNetscape) return "</DL><p>\n";
  return format_ == Format::kJson ? "\n]}\n" : "";
}

std::string_view Writer::media_type() const {
  if (format_ == Format::kNetscape) return "text/html; charset=utf-8";
  return format_ == Format::kJson ? "application/json" : "text/csv; charset=utf-8";
}

std::string_view Writer::file_suffix() const {
  if (format_ == Format::kNetscape) return ".html";
  return format_ == Format::kJson ? ".json" : ".csv";
}

}  // namespace wm::bookmarks
