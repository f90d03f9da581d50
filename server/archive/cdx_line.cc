#include "server/archive/cdx_line.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace wm::archive {

namespace {

/// Blanks end a field.
std::string field(std::string_view value) {
  std::string safe(value);
  for (std::size_t at = 0; at < safe.size(); ++at) {
    const auto c = static_cast<unsigned char>(safe[at]);
    if (c <= 0x20 || c == 0x7f) {
      std::string hex = "%" + hex_encode(safe.substr(at, 1));
      std::transform(hex.begin(), hex.end(), hex.begin(), [](char digit) { return to_upper(digit); });
      safe.replace(at, 1, hex);
      at += 2;
    }
  }
  return safe.empty() ? "-" : safe;
}

}  // namespace

std::string to_cdx11(const cdx::Capture& capture) {
  // No label: SHA-1 in base32 is what the field has always held.
  const std::string_view digest = std::string_view(capture.digest).substr(capture.digest.find(':') + 1);
  std::string line = field(capture.surt) + " " + capture.time.text();
  for (const std::string& one : {field(capture.url), field(capture.mime), capture.status ? std::to_string(*capture.status) : "-", field(digest),
                                 field(capture.redirect.value_or("")), std::string("-"), std::to_string(capture.length), std::to_string(capture.offset), field(capture.file)}) {
    line += " " + one;
  }
  return line;
}

}  // namespace wm::archive
