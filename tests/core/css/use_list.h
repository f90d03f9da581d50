#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/css/css_scanner.h"

namespace wm::css::test {

/// What a scanner gave: one line a URL, such as `import "a.css"` or `resource a.png` for an
/// unquoted one.
struct UseList final : CssScanner::Sink {
  std::string joined;  ///< all bytes, whichever way they came
  std::vector<std::string> lines;
  bool ranges_right = true;

  void on_bytes(std::string_view bytes) override { joined += bytes; }
  void on_url(const UrlUse& use) override;
};

UseList uses_of(const std::vector<std::string_view>& pieces);
/// Of the whole sheet, after checking that it is given back byte for byte, and the same for every
/// split into two and byte by byte.
std::string checked_uses(std::string_view sheet);
std::string shown(const std::vector<std::string>& lines);

}  // namespace wm::css::test
