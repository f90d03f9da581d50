#include "server/imports/intake.h"

#include <fmt/format.h>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/random.h"

namespace wm::imports {

namespace fs = std::filesystem;
using store::Family;

namespace {

constexpr std::uint64_t kToldEvery = 16 << 20;

std::string key_of(const std::string& collection, const std::string& sha256) { return "import:" + collection + ":" + sha256; }

/// Reads all of `file`, with its digest; `sink` gets the bytes.
Result<std::string> read_through(const fs::path& path, const std::stop_token& stop, const Intake::Told& told, const std::function<Result<>(std::string_view)>& sink) {
  const auto file = WM_TRY(ReadFile::open(path));
  const std::uint64_t size = WM_TRY(file->size());
  const auto source = file_source(file);
  Digester digester(Digester::Algorithm::kSha256);
  std::vector<char> buffer(1 << 20);
  std::uint64_t done = 0, said = 0;
  for (;;) {
    if (stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    const std::size_t got = WM_TRY(source->read(buffer));
    if (got == 0) return hex_encode(digester.finish());
    digester.update({buffer.data(), got});
    WM_TRY(sink(std::string_view(buffer.data(), got)));
    done += got;
    if (told && done - said >= kToldEvery) told(said = done, size);
  }
}

fs::path unfinished(const fs::path& folder) { return folder / (random_uuid() + ".open"); }

}  // namespace

std::string safe_name(const fs::path& path) {
  std::string name = path.filename().string();
  for (char& c : name) {
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') c = '_';
  }
  while (name.ends_with(".open")) name.resize(name.size() - 5);
  if (name.size() > 150) name.erase(0, name.size() - 150);
  while (!name.empty() && name.front() == '.') name.erase(0, 1);
  return name.empty() ? "import" : name;
}

std::string place_of(std::string_view collection, std::string_view folder, std::string_view sha256, std::string_view name) {
  return fmt::format("{}/{}/{}-{}", collection, folder, sha256.substr(0, 12), name);
}

Result<std::unique_ptr<Claims::Claim>> Claims::claim(const std::string& name, const std::stop_token& stop) {
  MutexLock lock(mutex_);
  while (!taken_.insert(name).second) {
    if (stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    freed_.wait_for(mutex_, std::chrono::milliseconds(200), [this, &name]() WM_REQUIRES(mutex_) { return !taken_.contains(name); });
  }
  return std::make_unique<Claim>(*this, name);
}

void Claims::release(const std::string& name) {
  {
    MutexLock lock(mutex_);
    taken_.erase(name);
  }
  freed_.notify_all();
}

Result<Intake::Held> Intake::copy(const fs::path& file, const std::string& collection, const std::stop_token& stop, const Told& told) {
  const fs::path open = unfinished(warcs_ / collection / "imported");
  auto to = WM_TRY(create_file(open));
  auto sha256 = read_through(file, stop, told, [&to](std::string_view bytes) { return to->append(bytes); });
  auto written = sha256 ? to->sync() : Result<>();
  if (sha256 && written) written = to->close();
  if (sha256 && written) return keep(open, place_of(collection, "imported", *sha256, safe_name(file)), collection, *sha256, stop);
  std::error_code ignored;
  fs::remove(open, ignored);
  return std::unexpected(sha256 ? written.error() : sha256.error());
}

Result<Intake::Held> Intake::link(const fs::path& file, const std::string& collection, const std::stop_token& stop, const Told& told) {
  std::error_code error;
  const fs::path target = fs::canonical(file, error);
  if (error) return fail(Error::Code::kNotFound, file.string() + ": " + error.message());
  const std::string sha256 = WM_TRY(sha256_of(target, stop, told));
  const fs::path open = unfinished(warcs_ / collection / "linked");
  fs::create_directories(open.parent_path(), error);
  if (!error) fs::create_symlink(target, open, error);
  if (error) return fail(Error::Code::kIo, "cannot make a link to " + target.string() + ": " + error.message());
  return keep(open, place_of(collection, "linked", sha256, safe_name(file)), collection, sha256, stop);
}

Result<Intake::Held> Intake::keep(const fs::path& open, const std::string& relative, const std::string& collection, const std::string& sha256, const std::stop_token& stop) {
  const auto kept = [&]() -> Result<Held> {
    const auto claim = WM_TRY(claims_.claim(key_of(collection, sha256), stop));
    if (const auto earlier = WM_TRY(find(collection, sha256))) return Held{.relative = *earlier, .known = true};
    WM_TRY(rename_durably(open, warcs_ / relative));
    WM_TRY(remember(collection, sha256, relative));
    return Held{.relative = relative, .known = false};
  }();
  if (!kept || kept->known) {
    std::error_code ignored;
    fs::remove(open, ignored);
  }
  return kept;
}

Result<std::string> Intake::sha256_of(const fs::path& file, const std::stop_token& stop, const Told& told) {
  return read_through(file, stop, told, [](std::string_view) -> Result<> { return {}; });
}

Result<std::optional<std::string>> Intake::find(const std::string& collection, const std::string& sha256) const {
  auto earlier = WM_TRY(store_.get(Family::kMeta, key_of(collection, sha256)));
  std::error_code error;
  if (!earlier || !fs::exists(warcs_ / *earlier, error)) return std::optional<std::string>();
  return std::optional<std::string>(std::move(*earlier));
}

Result<> Intake::remember(const std::string& collection, const std::string& sha256, const std::string& relative) {
  store::Batch batch;
  batch.put(Family::kMeta, key_of(collection, sha256), relative);
  return store_.write(std::move(batch));
}

}  // namespace wm::imports
