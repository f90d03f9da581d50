#include <cstdint>

#include "core/base/result.h"
#include "core/warc/reader.h"
#include "core/warc/record_start.h"
#include "tests/fuzz/memory_file.h"

using namespace wm;
using namespace wm::warc;

namespace {

bool within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// Looking in two pieces finds what looking at once finds.
void search_in_two(std::string_view text, std::size_t cut) {
  Search at_once{.arc = true};
  const auto whole = find_record_start(text, true, at_once);
  Search search{.arc = true};
  const auto first = find_record_start(text.substr(0, cut), false, search);
  if (first) {
    WM_CHECK(whole == first);
    return;
  }
  WM_CHECK(search.looked <= cut);
  const std::size_t looked = search.looked;
  const auto second = find_record_start(text.substr(looked), true, search);
  WM_CHECK(whole.has_value() == second.has_value());
  if (second) WM_CHECK(*whole == looked + *second);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto line = parse_arc_line(text)) {
    for (const auto part : {line->url, line->ip, line->date, line->media_type, line->status,
                            line->checksum, line->location, line->written_length}) {
      WM_CHECK(within(part, text));
    }
  }
  if (size > 0 && size < 4096) search_in_two(text, data[size - 1] % (size + 1));
  auto reader = WarcReader::over(fuzz::memory_file(data, size)).value();
  for (auto record = reader.next(); record.value(); record = reader.next()) {
    WM_CHECK((*record)->fields.has("WARC-Type") || (*record)->version.starts_with("WARC/"));
    (void)(*record)->date();
    (void)(*record)->target_uri();
  }
  return 0;
}
