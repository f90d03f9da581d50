#pragma once

#include <cstdint>
#include <string>

namespace wm {

/// Appends a Unicode scalar value as UTF-8 (Unicode 15, table 3-6). The caller has put surrogates and what is over U+10FFFF right.
void append_utf8(std::uint32_t scalar, std::string& out);

}  // namespace wm
