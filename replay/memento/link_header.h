#pragma once

#include <string>
#include <string_view>

#include "replay/memento/lookup.h"
#include "replay/memento/wayback_url.h"

namespace wm::memento {

/// Where the addresses of RFC 7089 are. `origin` is absolute without a slash at its end, "" makes
/// them relative.
struct Addresses {
  std::string origin;
  std::string collection;

  std::string memento(std::string_view timestamp, Modifier modifier, std::string_view url) const;
  std::string timegate(std::string_view url) const;
  /// `page`: 14 digits where a page of it starts, "" = the first.
  std::string timemap(WaybackUrl::TimeMapFormat format, std::string_view url,
                      std::string_view page = {}) const;
};

std::string_view name_of(WaybackUrl::TimeMapFormat format) noexcept;

/// `url` so that it can stand in "<>" of a Link header.
std::string link_target(std::string_view url);

/// `<address>; rel="relation"; datetime="…"; collection="…"` of one capture.
void append_memento_link(std::string& out, const Addresses& at, const cdx::Capture& capture,
                         Modifier modifier = Modifier::kNone,
                         std::string_view relation = "memento");

/// "original", "timegate" and "timemap".
std::string link_header(const Addresses& at, std::string_view url);

/// The same and the memento itself with its neighbours: "memento", "first memento", "prev memento",
/// "next memento", "last memento".
std::string link_header(const Addresses& at, const cdx::Capture& capture, Modifier modifier,
                        const Neighbours& neighbours);

}  // namespace wm::memento
