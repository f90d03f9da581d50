// A HAR and a saved page from any bytes: no crash, and what was written is a WARC that is read back without damage.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/file.h"
#include "core/warc/reader.h"
#include "server/imports/conversion.h"
#include "server/imports/kind.h"

namespace {

using namespace wm;
namespace fs = std::filesystem;

void require(bool holds) {
  if (!holds) std::abort();
}

void written_is_whole(const fs::path& path, std::uint64_t captures) {
  auto reader = warc::WarcReader::open(path);
  require(reader.has_value());
  std::uint64_t found = 0;
  while (auto record = reader->next().value()) {
    require(record->damage.empty());
    if (record->type() == warc::RecordType::kResponse || record->type() == warc::RecordType::kResource) ++found;
    require(reader->finish_record().value().damage.empty());
  }
  require(reader->take_damage().empty() && found == captures);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fs::path folder = (fs::exists("/dev/shm") ? "/dev/shm/import_fuzz." : "/tmp/import_fuzz.") + std::to_string(::getpid());
  fs::remove_all(folder);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)imports::origin_of_page(bytes);
  {
    auto file = create_file(folder / "in");
    require(file && (*file)->append(bytes) && (*file)->close());
  }
  (void)imports::kind_of(folder / "in");
  for (const bool har : {true, false}) {
    const fs::path made = folder / (har ? "har.warc.gz" : "page.warc.gz");
    auto writer = warc::WarcWriter::create(made, SysMicros{});
    require(writer.has_value());
    const auto converted = har ? imports::har_to_warc(folder / "in", **writer) : imports::page_to_warc(folder / "in", "", **writer);
    if (!converted) continue;
    require((*writer)->finish().has_value());
    written_is_whole(made, converted->captures);
  }
  fs::remove_all(folder);
  return 0;
}
