#include "replay/rewrite/sniff.h"

#include <array>

#include "core/base/ascii.h"

namespace wm::rewrite {
namespace {

std::string_view past_blanks(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  return bytes;
}

}  // namespace

bool looks_binary(std::string_view bytes) {
  // UTF-16 is text with NULs; its byte order mark tells.
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return false;
  return bytes.find('\0') != std::string_view::npos;
}

bool looks_like_html(std::string_view bytes) {
  constexpr std::array<std::string_view, 17> kTags = {"<!doctype html",
                                                      "<html",
                                                      "<head",
                                                      "<script",
                                                      "<iframe",
                                                      "<h1",
                                                      "<div",
                                                      "<font",
                                                      "<table",
                                                      "<a",
                                                      "<style",
                                                      "<title",
                                                      "<b",
                                                      "<body",
                                                      "<br",
                                                      "<p",
                                                      "<!--"};
  bytes = past_blanks(bytes);
  for (const auto tag : kTags) {
    if (!istarts_with(bytes, tag)) continue;
    if (tag == "<!--") return true;
    if (bytes.size() > tag.size() && (is_space(bytes[tag.size()]) || bytes[tag.size()] == '>'))
      return true;
  }
  return false;
}

bool begins_with_tag(std::string_view bytes) {
  bytes = past_blanks(bytes);
  if (bytes.size() < 2 || bytes.front() != '<') return false;
  return is_alpha(bytes[1]) || bytes[1] == '?' || istarts_with(bytes, "<!doctype");
}

bool looks_like_json(std::string_view bytes) {
  bytes = past_blanks(bytes);
  if (bytes.empty() || (bytes.front() != '{' && bytes.front() != '[')) return false;
  const auto next = past_blanks(bytes.substr(1));
  return !next.empty() && (next.front() == '{' || next.front() == '"' || next.front() == '[');
}

bool looks_like_hls(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  return bytes.starts_with("#EXTM3U");
}

std::string_view xml_root(std::string_view bytes) {
  for (std::size_t at = bytes.find('<'); at != std::string_view::npos;) {
    const auto rest = bytes.substr(at);
    std::string_view ending = ">";
    if (rest.starts_with("<!--")) {
      ending = "-->";
    } else if (rest.starts_with("<?")) {
      ending = "?>";
    } else if (!rest.starts_with("<!")) {
      auto name = rest.substr(1, rest.find_first_of(" \t\r\n/>", 1) - 1);
      const std::size_t colon = name.find(':');
      return colon == std::string_view::npos ? name : name.substr(colon + 1);
    }
    const std::size_t end = bytes.find(ending, at);
    if (end == std::string_view::npos) return {};
    at = bytes.find('<', end);
  }
  return {};
}

}  // namespace wm::rewrite
