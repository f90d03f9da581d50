#include "server/archive/served_exports.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/base/random.h"

namespace wm::archive {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kPieceBytes = 256 << 10;
constexpr std::uint64_t kToldEvery = 16 << 20;

bool is_id(std::string_view text) {
  return text.size() == 2 * kIdBytes && std::all_of(text.begin(), text.end(), [](char c) { return hex_value(c) >= 0; });
}

SysSeconds made_at(const fs::path& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  if (error) return {};
  return std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(written));
}

}  // namespace

Result<ServedExports::One> ServedExports::keep(Source& source, const std::string& name, const std::stop_token& stop, const std::function<void(std::uint64_t)>& written) {
  remove_old();
  One one{.id = hex_encode(random_bytes(kIdBytes)), .name = name, .bytes = 0, .made = {}};
  const fs::path folder = folder_ / one.id, part = folder / (name + ".part");
  const auto write = [&]() -> Result<> {
    auto file = WM_TRY(create_file(part));
    std::string piece(kPieceBytes, '\0');
    std::uint64_t told = 0;
    while (const std::size_t got = WM_TRY(source.read(piece))) {
      if (stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
      WM_TRY(file->append(std::string_view(piece).substr(0, got)));
      one.bytes += got;
      if (one.bytes - told >= kToldEvery) written(told = one.bytes);
    }
    WM_TRY(file->sync());
    WM_TRY(file->close());
    return rename_durably(part, folder / name);
  };
  if (auto done = write(); !done) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return std::unexpected(done.error());
  }
  one.made = made_at(folder / name);
  return one;
}

std::vector<ServedExports::One> ServedExports::list() const {
  std::vector<One> found;
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    const std::string id = at->path().filename().string();
    if (!is_id(id)) continue;
    std::error_code ignored;
    for (fs::directory_iterator file(at->path(), ignored), last; !ignored && file != last; file.increment(ignored)) {
      if (file->path().extension() == ".part" || !file->is_regular_file(ignored)) continue;
      found.push_back({.id = id, .name = file->path().filename().string(), .bytes = file->file_size(ignored), .made = made_at(file->path())});
    }
  }
  std::sort(found.begin(), found.end(), [](const One& a, const One& b) { return a.made != b.made ? a.made > b.made : a.id < b.id; });
  return found;
}

Result<> ServedExports::remove(std::string_view id) {
  std::error_code error;
  if (!is_id(id) || fs::remove_all(folder_ / id, error) == 0) return fail(Error::Code::kNotFound, "there is no such export");
  if (error) return fail(Error::Code::kIo, "cannot remove the export " + std::string(id) + ": " + error.message());
  return {};
}

void ServedExports::remove_old() {
  const auto now = std::chrono::floor<std::chrono::seconds>(now_micros());
  for (const One& one : list()) {
    if (now - one.made <= keep_) continue;
    if (const auto removed = remove(one.id); !removed) log::warning("{}", removed.error().what);
  }
}

}  // namespace wm::archive
