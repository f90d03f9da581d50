#include "server/journal/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/warc/reader.h"
#include "core/warc/writer.h"
#include "server/journal/change_json.h"

namespace wm::journal {

namespace fs = std::filesystem;
using store::Family;

namespace {

constexpr std::size_t kAtOnce = 500;
constexpr std::size_t kBytesAtOnce = 8 << 20;
constexpr std::string_view kPrefix = "links-", kSuffix = ".warc.gz";

std::optional<std::uint64_t> number_of(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix) || name.size() <= kPrefix.size() + kSuffix.size()) return std::nullopt;
  return parse_u64(name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size()));
}

std::string name_of(std::uint64_t number) { return fmt::format("{}{:08}{}", kPrefix, number, kSuffix); }

Result<std::vector<std::uint64_t>> numbers_in(const fs::path& folder) {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  if (!fs::exists(folder, error)) return numbers;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (const auto number = number_of(at->path().filename().string())) numbers.push_back(*number);
  }
  if (error) return fail(Error::Code::kIo, "cannot look into " + folder.string() + ": " + error.message());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// Hands on to a file that its owner has to sync.
class Borrowed final : public WritableFile {
 public:
  explicit Borrowed(WritableFile& file) : file_(file) {}
  Result<> append(std::string_view bytes) override { return file_.append(bytes); }
  Result<> sync() override { return file_.sync(); }
  Result<> close() override { return {}; }

 private:
  WritableFile& file_;
};

bool has_rows(const store::Store& store) {
  auto links = store.cursor(Family::kLinks);
  auto meta = store.cursor(Family::kMeta);
  links.seek_to_first();
  meta.seek("import:");
  return links.valid() || (meta.valid() && store::is_recorded(Family::kMeta, meta.key()));
}

}  // namespace

/// One file that is written at its end.
class Journal::File {
 public:
  static Result<std::unique_ptr<File>> create(const fs::path& path) {
    auto file = std::make_unique<File>();
    file->file_ = WM_TRY(create_file(path));
    file->writer_ = WM_TRY(warc::WarcWriter::over(std::make_unique<Borrowed>(*file->file_), path.filename().string(), now_micros(),
                                                  {.info = {{"description", "links, tags and notes of a Waymark data folder, a record a change"}}}));
    WM_TRY(file->sync());
    WM_TRY(sync_folder(path.parent_path()));
    return file;
  }

  /// nullptr if nothing whole is in it: it is removed.
  static Result<std::unique_ptr<File>> resume(const fs::path& path) {
    if (WM_TRY(warc::recover_open_file(path)) == 0) {
      std::error_code error;
      fs::remove(path, error);
      if (error) return fail(Error::Code::kIo, "cannot remove " + path.string() + ": " + error.message());
      return std::unique_ptr<File>();
    }
    const auto read = WM_TRY(ReadFile::open(path));
    const auto first = WM_TRY(warc::read_record_at(read, 0, 0));
    auto file = std::make_unique<File>();
    file->file_ = WM_TRY(append_to_file(path));
    file->writer_ = warc::WarcWriter::resume(std::make_unique<Borrowed>(*file->file_), WM_TRY(read->size()), std::string(first.id()));
    return file;
  }

  Result<> write(const std::vector<store::RowChange>& changes) {
    const warc::Event event{.target_uri = subject_of(changes), .date = now_micros()};
    WM_TRY(writer_->write(warc::metadata(event, "application/json"), {to_json(changes)}));
    return {};
  }
  Result<> sync() { return file_->sync(); }
  std::uint64_t bytes() const { return writer_->bytes_written(); }

 private:
  std::unique_ptr<WritableFile> file_;
  std::unique_ptr<warc::WarcWriter> writer_;
};

Result<std::vector<std::string>> files_of(const fs::path& warcs) {
  std::vector<std::string> files;
  for (const std::uint64_t number : WM_TRY(numbers_in(warcs / kFolder))) files.push_back(fmt::format("{}/{}", kFolder, name_of(number)));
  return files;
}

Journal::Journal(store::Store& store, fs::path warcs, JournalOptions options) : store_(store), warcs_(std::move(warcs)), options_(options) {}

Result<std::unique_ptr<Journal>> Journal::open(store::Store& store, const fs::path& warcs, JournalOptions options) {
  std::unique_ptr<Journal> journal(new Journal(store, warcs, options));
  store.on_recorded([made = journal.get()] { made->wake(); });
  if (WM_TRY(files_of(warcs)).empty() && has_rows(store)) WM_TRY(store.record_all());
  journal->wake();
  return journal;
}

Journal::~Journal() {
  store_.on_recorded(nullptr);
  if (const auto written = flush(); !written) log::error("journal of links: {}", written.error().what);
}

Result<> Journal::flush() {
  return writer_.run([this] { return write_waiting(); });
}

void Journal::wake() {
  if (awake_.exchange(true)) return;
  const bool queued = writer_.submit([this] {
    awake_ = false;
    if (const auto written = write_waiting(); !written) log::error("journal of links: {}", written.error().what);
  });
  if (!queued) awake_ = false;
}

Result<> Journal::write_waiting() {
  for (;;) {
    const auto more = write_some();
    if (!more) file_.reset();  // its end is unknown: it is cut when it is opened again
    if (!WM_TRY(more)) return {};
  }
}

/// In this order: a record is on disk before its entry goes, and what is written twice says the same.
Result<bool> Journal::write_some() {
  store::Batch cleared;
  std::size_t bytes = 0;
  auto cursor = store_.cursor(Family::kOutbox);
  for (cursor.seek(std::string(1, store::kRecordPrefix)); cursor.valid() && cursor.key().front() == store::kRecordPrefix && cleared.size() < kAtOnce && bytes < kBytesAtOnce; cursor.next()) {
    WM_TRY(open_file());
    const auto changes = store::decode_changes(cursor.value());
    if (changes) WM_TRY(file_->write(*changes));
    if (!changes) log::error("journal of links: an outbox entry is left out: {}", changes.error().what);
    cleared.erase(Family::kOutbox, cursor.key());
    bytes += cursor.value().size();
  }
  WM_TRY(cursor.status());
  if (cleared.size() == 0) return false;
  WM_TRY(file_->sync());
  WM_TRY(store_.write(std::move(cleared), store::Store::Sync::kNo));
  return true;
}

Result<> Journal::open_file() {
  if (file_ && file_->bytes() < options_.file_bytes) return {};
  const fs::path folder = warcs_ / kFolder;
  std::uint64_t number = 1;
  if (const auto numbers = WM_TRY(numbers_in(folder)); !numbers.empty()) {
    number = numbers.back();
    if (!file_) file_ = WM_TRY(File::resume(folder / name_of(number)));
    if (file_ && file_->bytes() < options_.file_bytes) return {};
    if (file_) ++number;
  }
  file_.reset();
  file_ = WM_TRY(File::create(folder / name_of(number)));
  return {};
}

}  // namespace wm::journal
