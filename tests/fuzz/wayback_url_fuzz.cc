#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay/memento/link_header.h"
#include "replay/memento/wayback_url.h"
#include "replay/range.h"

// Any target is read or refused; what was read is read the same again from the path it gives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view target(reinterpret_cast<const char*>(data), size);
  const auto parsed = wm::memento::parse_wayback_url(target);
  wm::replay::answer_range(target, 1000);
  wm::replay::parse_content_range(target);
  if (!parsed || parsed->kind != wm::memento::WaybackUrl::Kind::kMemento) return 0;
  const auto path = wm::memento::replay_path(parsed->collection, parsed->timestamp,
                                             parsed->modifier, parsed->url);
  const auto again = wm::memento::parse_wayback_url(path);
  if (!again || again->url != parsed->url || again->timestamp != parsed->timestamp ||
      again->modifier != parsed->modifier)
    std::abort();
  if (wm::memento::link_target(parsed->url).find_first_of("<>\"\r\n ") != std::string::npos)
    std::abort();
  return 0;
}
