#include "replay/memento/link_header.h"

#include "core/base/ascii.h"

namespace wm::memento {
void append_memento_link(std::string& out, const Addresses& at, const cdx::Capture& capture,
                         Modifier modifier, std::string_view relation) {
  out += '<';
  out += link_target(at.memento(capture.time.text(), modifier, capture.url));
  out += ">; rel=\"";
  out += relation;
  out += "\"; datetime=\"";
  out += http_date(capture.time.time());
  out += "\"; collection=\"";
  out += at.collection;
  out += '"';
}

std::string Addresses::memento(std::string_view timestamp, Modifier modifier,
                               std::string_view url) const {
  return origin + replay_path(collection, timestamp, modifier, url);
}

std::string Addresses::timegate(std::string_view url) const {
  return origin + replay_path(collection, "", Modifier::kNone, url);
}

std::string Addresses::timemap(WaybackUrl::TimeMapFormat format, std::string_view url,
                               std::string_view page) const {
  std::string address = origin + "/" + collection + "/timemap/";
  address += name_of(format);
  address += '/';
  if (!page.empty()) (address += page) += '/';
  address += url;
  return address;
}

std::string_view name_of(WaybackUrl::TimeMapFormat format) noexcept {
  switch (format) {
    case WaybackUrl::TimeMapFormat::kLink:
      return "link";
    case WaybackUrl::TimeMapFormat::kJson:
      return "json";
    case WaybackUrl::TimeMapFormat::kCdxj:
      return "cdxj";
  }
  return "link";
}

std::string link_target(std::string_view url) {
  std::string safe;
  safe.reserve(url.size());
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '<' && c != '>' && c != '"' && c != '\\') {
      safe += c;
    } else {
      safe += '%';
      safe += kHex[byte >> 4];
      safe += kHex[byte & 15];
    }
  }
  return safe;
}

std::string link_header(const Addresses& at, std::string_view url) {
  std::string link = "<" + link_target(url) + ">; rel=\"original\", <";
  link += link_target(at.timegate(url));
  link += ">; rel=\"timegate\", <";
  link += link_target(at.timemap(WaybackUrl::TimeMapFormat::kLink, url));
  link += ">; rel=\"timemap\"; type=\"application/link-format\"";
  return link;
}

std::string link_header(const Addresses& at, const cdx::Capture& capture, Modifier modifier,
                        const Neighbours& neighbours) {
  std::string link = link_header(at, capture.url);
  const auto add_memento = [&](const cdx::Capture& one, std::string_view relation) {
    link += ", ";
    append_memento_link(link, at, one, modifier, relation);
  };
  const bool is_first = !neighbours.first || neighbours.first->time == capture.time;
  const bool is_last = !neighbours.last || neighbours.last->time == capture.time;
  if (!is_first) add_memento(*neighbours.first, "first memento");
  if (neighbours.previous) add_memento(*neighbours.previous, "prev memento");
  std::string own;
  if (is_first && neighbours.first) own += "first ";
  if (is_last && neighbours.last) own += "last ";
  add_memento(capture, own + "memento");
  if (neighbours.following) add_memento(*neighbours.following, "next memento");
  if (!is_last) add_memento(*neighbours.last, "last memento");
  return link;
}

}  // namespace wm::memento
