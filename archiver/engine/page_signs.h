#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wm::engine {

/// An element that scripts may be meant to fill.
struct Root {
  std::string name;      ///< its id, or its own name if that has a hyphen; lower case
  std::size_t text = 0;  ///< characters of text within it
};

/// What can be counted of an HTML page as the server sent it, without running anything.
struct PageSigns {
  std::size_t text = 0;     ///< characters that a reader would see, blanks not counted
  std::size_t scripts = 0;  ///< classic ones, inline or not
  std::size_t modules = 0;  ///< `<script type=module>`
  std::size_t links = 0;    ///< `<a href>`
  std::size_t images = 0;   ///< `<img>`, `<picture>`, `<video>`, `<svg>`
  std::size_t frames = 0;   ///< `<iframe>`, `<frame>`, `<object>`, `<embed>`
  std::size_t forms = 0;    ///< `<input>`, `<select>`, `<textarea>`, `<button>`
  std::string title;        ///< lower case, its first 200 bytes
  std::string noscript;     ///< the text of all noscript elements, lower case, its first 4 KiB
  std::vector<Root> roots;  ///< the first 64
};

/// Linear; any bytes of an ASCII-compatible encoding.
PageSigns signs_of(std::string_view html);

}  // namespace wm::engine
