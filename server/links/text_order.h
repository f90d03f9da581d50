#pragma once

#include <string>
#include <string_view>

namespace wm::links {

/// NFC, and NFKC with case folded.
std::string nfc(std::string_view utf8);
std::string folded(std::string_view utf8);

/// Bytes that sort as a reader expects (CLDR, Chinese by pinyin), 64 of them at most, the last a NUL and none before it.
std::string order_key(std::string_view utf8);

/// In Latin letters without marks, lower case, words apart: "图书馆" → "tu shu guan". Any thread.
std::string in_latin(std::string_view utf8);

}  // namespace wm::links
