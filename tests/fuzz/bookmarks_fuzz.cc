// Any bytes as a bookmark file: what was read is within the limits, and goes through the writer
// without loss.
#include <cstdint>
#include <cstdlib>

#include "server/bookmarks/reader.h"
#include "server/bookmarks/writer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wm::bookmarks;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto file = read_bookmarks(
      bytes, {.bytes = 1 << 20, .bookmarks = 100, .text_bytes = 1000, .skipped = 10});
  if (!file) return 0;
  if (file->bookmarks.size() > 100 || file->skipped.size() > 10) std::abort();
  Writer writer(Format::kJson);
  std::string text = writer.begin();
  for (const Bookmark& bookmark : file->bookmarks) text += writer.entry(bookmark);
  text += writer.end();
  const auto again = read_bookmarks(text, {.bytes = 64 << 20});
  if (!again || again->bookmarks.size() != file->bookmarks.size()) std::abort();
  return 0;
}
