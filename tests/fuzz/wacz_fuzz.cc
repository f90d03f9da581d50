// A zip and what a WACZ has in it, from any bytes: no crash, no endless work, limits kept, safe names.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/file.h"
#include "core/wacz/wacz.h"

namespace {

using namespace wm;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The reader reads files; one that is written anew for each input, in memory where the system has that.
  static const std::filesystem::path path = (std::filesystem::exists("/dev/shm") ? "/dev/shm/wacz_fuzz." : "/tmp/wacz_fuzz.") + std::to_string(::getpid());
  std::filesystem::remove(path);
  {
    auto file = create_file(path);
    require(file && (*file)->append({reinterpret_cast<const char*>(data), size}) && (*file)->close());
  }
  auto opened = ReadFile::open(path);
  std::filesystem::remove(path);
  require(opened.has_value());

  wacz::WaczLimits limits;
  limits.decoded_bytes = 1 << 20;
  limits.zip.decoded_bytes = 1 << 20;
  limits.zip.entries = 1000;
  auto reader = wacz::WaczReader::open(*opened, limits);
  if (!reader) return 0;
  for (const wacz::Member& member : reader->members()) {
    require(wacz::is_safe_path(member.path) && wacz::is_safe_path(member.name) && member.name.find('/') == std::string::npos);
    if (member.offset) require(*member.offset <= size);
    std::uint64_t bytes = 0;
    const auto extracted = reader->extract(member, [&bytes](std::string_view piece) -> Result<> {
      bytes += piece.size();
      return {};
    });
    require(bytes <= limits.decoded_bytes && (!extracted || extracted->bytes == bytes));
  }
  (void)reader->for_each_page([](const wacz::Page& page) { return !page.url.empty(); });
  (void)reader->check_lists();
  require(reader->take_complaints().size() <= 1000);
  return 0;
}
