#include <string_view>

#include "core/base/result.h"
#include "core/url/url.h"

/// The first line is a base, the rest is parsed against it, or alone if the base is none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using wm::url::Url;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  const auto base = Url::parse(input.substr(0, line));
  const std::string_view reference =
      line == std::string_view::npos ? input : input.substr(line + 1);
  const auto url = Url::parse(reference, base ? &*base : nullptr);
  if (!url) return 0;
  const auto again = Url::parse(url->href());
  WM_CHECK(again.has_value());
  WM_CHECK(*again == *url);
  WM_CHECK(again->href() == url->href());
  // A URL against itself is itself.
  const auto resolved = Url::parse(url->href(), &*url);
  WM_CHECK(resolved.has_value() && *resolved == *url);
  (void)url->origin();
  return 0;
}
