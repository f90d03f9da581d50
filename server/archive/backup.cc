#include "server/archive/backup.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/base/file.h"
#include "core/base/step_source.h"
#include "core/base/time14.h"
#include "core/warc/writer.h"
#include "indexer/pipeline/index_warc.h"
#include "server/archive/known_files.h"
#include "server/journal/journal.h"

namespace wm::archive {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr const char* kMark = "backup.json";
constexpr std::uint64_t kStepBytes = 256ull << 20;
constexpr std::size_t kMarkBytes = 64 << 10;

Result<> checked(const std::error_code& error, const std::string& doing) {
  return error ? Result<>(fail(Error::Code::kIo, "cannot " + doing + ": " + error.message())) : Result<>();
}

/// Files below `folder` that are whole, by relative path, sorted.
Result<std::vector<std::string>> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  if (!fs::exists(folder, error)) return files;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const auto suffix = at->path().extension();
    if (at->is_regular_file(error) && suffix != ".open" && suffix != ".part") files.push_back(at->path().lexically_relative(folder).generic_string());
  }
  WM_TRY(checked(error, "look through " + folder.string()));
  std::sort(files.begin(), files.end());
  return files;
}

/// Copies one file, durable under its name only when it is whole.
class Copying {
 public:
  static Result<Copying> start(const fs::path& from, fs::path to) {
    Copying copy;
    copy.from_ = WM_TRY(ReadFile::open(from));
    copy.part_ = to;
    copy.part_ += ".part";
    copy.to_ = std::move(to);
    std::error_code ignored;
    fs::remove(copy.part_, ignored);
    copy.out_ = WM_TRY(create_file(copy.part_));
    return copy;
  }
  /// Up to `most` bytes more; false when all of it is there.
  Result<bool> go_on(std::uint64_t most) {
    std::string buffer(1 << 20, '\0');
    for (const std::uint64_t until = at_ + most; at_ < until;) {
      const std::size_t got = WM_TRY(from_->read_at(at_, buffer));
      if (got == 0) {
        WM_TRY(out_->sync());
        WM_TRY(out_->close());
        WM_TRY(rename_durably(part_, to_));
        return false;
      }
      WM_TRY(out_->append(std::string_view(buffer).substr(0, got)));
      at_ += got;
    }
    return true;
  }
  std::uint64_t bytes() const { return at_; }

 private:
  std::shared_ptr<const ReadFile> from_;
  std::unique_ptr<WritableFile> out_;
  fs::path part_, to_;
  std::uint64_t at_ = 0;
};

Result<std::uint64_t> copy_whole(const fs::path& from, const fs::path& to) {
  auto copy = WM_TRY(Copying::start(from, to));
  while (WM_TRY(copy.go_on(kStepBytes))) {
  }
  return copy.bytes();
}

/// All of `part`, a folder of keys or of the database; a key is for its owner alone.
Result<std::uint64_t> copy_folder(const fs::path& from, const fs::path& to) {
  std::uint64_t bytes = 0;
  for (const std::string& file : WM_TRY(files_below(from))) {
    const mode_t before = ::umask(077);
    const auto copied = copy_whole(from / file, to / file);
    ::umask(before);
    bytes += WM_TRY(copied);
  }
  return bytes;
}

/// Held while a backup goes into a folder.
class Lock {
 public:
  explicit Lock(const fs::path& path) : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) { held_ = fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0; }
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)), held_(other.held_) {}
  Lock& operator=(Lock&&) = delete;
  bool held() const { return held_; }

 private:
  int fd_;
  bool held_ = false;
};

class Backup final : public StepSource {
 public:
  Backup(const store::Store& store, fs::path data, fs::path into, Lock lock) : store_(store), data_(std::move(data)), into_(std::move(into)), lock_(std::move(lock)) {}

 private:
  Result<bool> step(std::string& out) override {
    if (!begun_) {
      begun_ = true;
      WM_TRY(take_database());
      files_ = WM_TRY(files_below(data_ / "warcs"));
      return true;
    }
    if (copy_) return WM_TRY(go_on(out));
    if (at_ < files_.size()) return WM_TRY(one_file());
    WM_TRY(finish());
    put(out, {{"files", files_.size()}, {"copied", copied_}, {"bytes", bytes_}});
    return false;
  }

  Result<> take_database() {
    std::error_code error;
    fs::remove_all(into_ / "db.new", error);
    WM_TRY(checked(error, "remove what an interrupted backup left"));
    return store_.checkpoint(into_ / "db.new");
  }

  Result<bool> one_file() {
    const std::string& file = files_[at_++];
    const fs::path to = into_ / "warcs" / file;
    std::error_code error, other;
    // A WARC with its final name never changes.
    if (fs::exists(to, error) && fs::file_size(to, error) == fs::file_size(data_ / "warcs" / file, other) && !error && !other) return true;
    copy_ = WM_TRY(Copying::start(data_ / "warcs" / file, to));
    return true;
  }

  Result<bool> go_on(std::string& out) {
    const bool more = WM_TRY(copy_->go_on(kStepBytes));
    put(out, {{"file", files_[at_ - 1]}, {"bytes", copy_->bytes()}});
    if (more) return true;
    // A file of the journal grows while it is copied: it is to end with a whole record.
    if (files_[at_ - 1].starts_with(journal::kFolder)) static_cast<void>(WM_TRY(warc::recover_open_file(into_ / "warcs" / files_[at_ - 1])));
    ++copied_;
    bytes_ += copy_->bytes();
    copy_.reset();
    return true;
  }

  /// The old database goes when the new one is in its place. In between, restore() takes db.new.
  Result<> finish() {
    static_cast<void>(WM_TRY(copy_folder(data_ / "keys", into_ / "keys")));
    std::error_code error;
    fs::remove_all(into_ / "db", error);
    WM_TRY(checked(error, "replace the database of the backup before"));
    WM_TRY(rename_durably(into_ / "db.new", into_ / "db"));
    return replace_file(into_ / kMark, json{{"format", 1}, {"time", w3c_date(std::chrono::floor<std::chrono::seconds>(now_micros()))}, {"files", files_.size()}}.dump() + "\n");
  }

  static void put(std::string& out, const json& line) { out += line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"; }

  const store::Store& store_;
  const fs::path data_, into_;
  const Lock lock_;
  bool begun_ = false;
  std::vector<std::string> files_;
  std::size_t at_ = 0;
  std::optional<Copying> copy_;
  std::uint64_t copied_ = 0;
  std::uint64_t bytes_ = 0;
};

bool is_below(const fs::path& path, const fs::path& folder) {
  std::error_code ignored;
  const auto relative = fs::weakly_canonical(path, ignored).lexically_relative(fs::weakly_canonical(folder, ignored));
  return !relative.empty() && *relative.begin() != "..";
}

/// Is it a folder that a backup was begun in, or one with nothing in it?
Result<> check_target(const fs::path& into) {
  std::error_code error;
  fs::create_directories(into, error);
  WM_TRY(checked(error, "make " + into.string()));
  const bool ours = fs::exists(into / kMark, error) || fs::exists(into / "backup.lock", error);
  if (!ours && !fs::is_empty(into, error)) return fail(Error::Code::kConflict, into.string() + " holds something that is no backup");
  return checked(error, "look into " + into.string());
}

Result<> index_all(const fs::path& data, const fs::path& database) {
  const auto store = WM_TRY(store::Store::open(database, {.record = true}));
  // The journal was copied after the database and may know more: from here on it says what the database says.
  WM_TRY(store->record_all());
  WM_TRY(links::LinkStore::prepare(*store));
  const cdx::CdxIndex index(*store);
  const links::LinkStore links(*store, nullptr);
  KnownFiles known(index, links);
  for (const std::string& file : WM_TRY(capture_files(data / "warcs"))) {
    const auto options = WM_TRY(known.options_of(file));
    WM_TRY(pipeline::index_warc(*store, data / "warcs", file, options));
  }
  // Links without a page, too, are to be found.
  constexpr std::size_t kAtOnce = 1000;
  for (std::size_t offset = 0;; offset += kAtOnce) {
    store::Batch batch;
    const auto some = WM_TRY(links.list(kAtOnce, offset));
    for (const links::Link& link : some) pipeline::put_link_change(batch, link.id);
    if (!some.empty()) WM_TRY(store->write(std::move(batch)));
    if (some.size() < kAtOnce) return {};
  }
}

}  // namespace

Result<std::unique_ptr<Source>> backup(const store::Store& store, const fs::path& data, const fs::path& into) {
  if (!into.is_absolute()) return fail(Error::Code::kInvalid, "the path of a backup must be absolute");
  if (is_below(into, data) || is_below(data, into)) return fail(Error::Code::kInvalid, "a backup cannot lie within the data folder, nor around it");
  WM_TRY(check_target(into));
  Lock lock(into / "backup.lock");
  if (!lock.held()) return fail(Error::Code::kBusy, "another backup goes into " + into.string());
  return std::make_unique<Backup>(store, data, into, std::move(lock));
}

Result<Restored> restore(const fs::path& from, const fs::path& data) {
  std::error_code error;
  const auto mark = read_file(from / kMark, kMarkBytes);
  const json told = mark ? json::parse(*mark, nullptr, false) : json();
  if (!told.is_object() || told.value("format", 0) != 1) return fail(Error::Code::kInvalid, from.string() + " is no whole backup");
  const fs::path database = fs::exists(from / "db", error) ? from / "db" : from / "db.new";
  if (fs::exists(data / "db", error) || !WM_TRY(files_below(data / "warcs")).empty()) return fail(Error::Code::kConflict, data.string() + " holds an archive already");
  Restored restored;
  for (const std::string& file : WM_TRY(files_below(from / "warcs"))) {
    restored.bytes += WM_TRY(copy_whole(from / "warcs" / file, data / "warcs" / file));
    ++restored.files;
  }
  static_cast<void>(WM_TRY(copy_folder(from / "keys", data / "keys")));
  fs::remove_all(data / "search", error);
  // Under its name only when all is done: who finds it finds it whole.
  const fs::path unfinished = data / "db.restoring";
  fs::remove_all(unfinished, error);
  static_cast<void>(WM_TRY(copy_folder(database, unfinished)));
  WM_TRY(index_all(data, unfinished));
  WM_TRY(rename_durably(unfinished, data / "db"));
  return restored;
}

}  // namespace wm::archive
