#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace wm::browser {

/// How much of the system a browser process sees.
enum class Isolation {
  kAuto,     ///< a network namespace of its own; where the system forbids it, flags alone, with a
             ///< warning
  kRequire,  ///< a network namespace of its own, or no browser
  kOff,      ///< flags alone
};

/// What one browser process is given. config/waymark.toml [browser] holds the defaults in words.
struct ProcessSettings {
  std::filesystem::path path =
      {};  ///< the program; "" = Debian's chromium-headless-shell, then chromium
  std::string user =
      "nobody";  ///< who it runs as when we are root, whom Chromium's sandbox refuses
  Isolation isolation = Isolation::kAuto;
  bool sandbox = true;                      ///< Chromium's own
  std::uint64_t memory_bytes = 2ull << 30;  ///< of all its processes together
  std::chrono::milliseconds start_timeout{20000};
  std::size_t contexts = 2;  ///< captures at a time, each with a port of its own
};

/// How a page is looked at.
struct PageSettings {
  std::chrono::milliseconds budget{45000};        ///< from the first request to the last picture
  std::chrono::milliseconds load_timeout{15000};  ///< until the load event
  std::chrono::milliseconds scroll_timeout{10000};
  std::size_t scroll_steps = 30;
  std::size_t scroll_pixels = 60000;
  unsigned width = 1280;
  unsigned height = 900;
  std::string user_agent = {};  ///< "" = the browser's own, without "Headless"
  std::string language = "en-US,en";
  std::string time_zone = {};  ///< "Europe/Vienna"; "" = the machine's
  bool screenshots = true;
  std::size_t picture_pixels = 16384;     ///< height of the picture of the whole page at most
  std::uint64_t text_bytes = 8ull << 20;  ///< of the rendered text
  std::uint64_t dom_bytes = 16ull << 20;  ///< of the final DOM
  std::filesystem::path behaviours = {};  ///< rule file; "" = the built-in rules
};

struct Settings {
  ProcessSettings process = {};
  PageSettings page = {};
  std::size_t recycle_pages = 50;                 ///< captures after which a browser is renewed
  std::chrono::milliseconds idle_timeout{60000};  ///< without captures it is ended
};

}  // namespace wm::browser
