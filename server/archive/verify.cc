#include "server/archive/verify.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/step_source.h"
#include "core/warc/reader.h"
#include "indexer/cdx/dropped.h"
#include "indexer/pipeline/index_warc.h"
#include "server/archive/known_files.h"
#include "server/archive/record_check.h"
#include "server/journal/journal.h"
#include "server/journal/replay.h"

namespace wm::archive {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::size_t kRowsAtOnce = 5000;
constexpr std::chrono::seconds kTooNew{60};

/// Why a row is not what the record says; "" if it is.
std::string row_complaint(const cdx::Capture& row, const cdx::Capture& record) {
  std::string wrong;
  const auto compare = [&wrong](const char* name, bool same) {
    if (!same) wrong += (wrong.empty() ? "the index has another " : ", ") + std::string(name);
  };
  compare("URL", row.url == record.url);
  compare("key", row.method || row.surt == record.surt);  // that of a POST is made from its request
  compare("time", row.time == record.time);
  compare("media type", row.mime == record.mime);
  compare("status", row.status == record.status);
  compare("digest", row.digest == record.digest);
  compare("length", row.length == record.length);
  return wrong;
}

class FileCheck {
 public:
  FileCheck(const cdx::CdxIndex& index, const fs::path& warcs, std::shared_ptr<const ReadFile> file, const std::string& name, const std::function<void(Finding)>& tell)
      : index_(index), warcs_(warcs), file_(std::move(file)), name_(name), tell_(tell) {}

  Result<std::uint64_t> run(const store::Store& store) {
    dropped_ = WM_TRY(cdx::dropped_of(store, name_));
    auto reader = WM_TRY(warc::WarcReader::over(file_));
    std::uint64_t records = 0;
    for (;;) {
      auto record = reader.next();
      if (!record) {
        tell(0, record.error().what);
        break;
      }
      tell_all(reader.take_damage());
      if (!*record) break;
      ++records;
      WM_TRY(take(reader, **record));
    }
    WM_TRY(look_for_others());
    return records;
  }

 private:
  void tell(std::uint64_t offset, std::string what, bool of_index = false) { tell_({.file = name_, .offset = offset, .what = std::move(what), .of_index = of_index}); }
  void tell_all(const std::vector<warc::Damage>& damage) {
    for (const auto& one : damage) tell(one.offset, one.reason);
  }

  /// A second reading of the same record: of what lies in memory, else of the file.
  warc::WarcRecord again(const warc::WarcRecord& record) {
    warc::WarcRecord copy;
    copy.version = record.version;
    copy.fields = record.fields;
    copy.offset = record.offset;
    copy.content_length = record.content_length;
    if (record.block_bytes) {
      copy.block_ = std::make_unique<ViewSource>(*record.block_bytes);
      return copy;
    }
    auto read = warc::read_record_at(file_, record.offset, 0);
    if (read) return std::move(*read);
    return without_block(std::move(copy));
  }

  static warc::WarcRecord without_block(warc::WarcRecord copy) {
    copy.block_ = std::make_unique<ViewSource>(std::string_view());
    return copy;
  }

  /// The payload of what was cut into segments is in all of them.
  Result<warc::WarcRecord> joined(const warc::WarcRecord& record) {
    cdx::Capture place = WM_TRY(index_.at(name_, record.offset)).value_or(cdx::Capture{});
    place.file = name_;
    place.offset = record.offset;
    const cdx::OpenFile open = [this](const std::string& relative) { return ReadFile::open(warcs_ / relative); };
    auto whole = WM_TRY(cdx::open_record(index_.segments(), open, place));
    tell_all(whole.damage);
    if (!whole.damage.empty()) whole.fields.remove("WARC-Payload-Digest");  // of what is not there
    return whole;
  }

  Result<> take(warc::WarcReader& reader, warc::WarcRecord& record) {
    tell_all(record.damage);
    auto second = cdx::is_first_segment(record) ? WM_TRY(joined(record)) : again(record);
    auto checked = check_record(record, std::move(second));
    const auto finished = reader.finish_record();
    if (finished) tell_all(finished->damage);
    if (!checked) tell(record.offset, checked.error().what);
    if (!finished) tell(record.offset, finished.error().what);
    if (!checked || !finished) return {};
    for (const std::string& wrong : checked->wrong) tell(record.offset, wrong);
    if (!checked->capture || !record.own_member || cdx::is_in(dropped_, record.offset)) return {};
    cdx::Capture& capture = checked->capture->capture;
    capture.length = finished->length;
    seen_.push_back(record.offset);
    const auto row = WM_TRY(index_.at(name_, record.offset));
    const std::string wrong = row ? row_complaint(*row, capture) : "the index does not know this record";
    if (!wrong.empty()) tell(record.offset, wrong, true);
    return {};
  }

  Result<> look_for_others() {
    std::sort(seen_.begin(), seen_.end());
    return index_.for_each_in_file(name_, [this](const cdx::Capture& capture) {
      if (!std::binary_search(seen_.begin(), seen_.end(), capture.offset)) tell(capture.offset, "the index names a record that is not there", true);
      return true;
    });
  }

  const cdx::CdxIndex& index_;
  const fs::path& warcs_;
  std::shared_ptr<const ReadFile> file_;
  const std::string& name_;
  const std::function<void(Finding)>& tell_;
  std::vector<std::uint64_t> seen_;
  std::vector<cdx::Stretch> dropped_;
};

/// One file a step.
class Verification final : public StepSource {
 public:
  Verification(store::Store& store, const links::LinkStore& links, fs::path warcs, FixIndex fix)
      : store_(store), index_(store), known_(index_, links), warcs_(std::move(warcs)), fix_(fix) {}

 private:
  enum class Phase { kList, kFiles, kGone, kOver };

  Result<bool> step(std::string& out) override {
    switch (phase_) {
      case Phase::kList:
        WM_TRY(list());
        phase_ = Phase::kFiles;
        return true;
      case Phase::kFiles:
        if (at_ < journal_files_) {
          WM_TRY(journal_file(files_[at_++], out));
          return true;
        }
        if (at_ < files_.size()) return WM_TRY(one_file(files_[at_++], out));
        phase_ = Phase::kGone;
        return true;
      case Phase::kGone: return WM_TRY(one_name(out));
      case Phase::kOver: break;
    }
    put(out, {{"files", report_.files}, {"records", report_.records}, {"findings", report_.findings}, {"of_index", report_.of_index}, {"fixed", report_.fixed}});
    return false;
  }

  Result<> list() {
    files_ = WM_TRY(journal::files_of(warcs_));
    journal_files_ = files_.size();
    for (std::string& file : WM_TRY(capture_files(warcs_))) files_.push_back(std::move(file));
    return {};
  }

  Result<> journal_file(const std::string& file, std::string& out) {
    ++report_.files;
    const auto records = journal::check(warcs_, file, [&](const std::string& name, std::uint64_t offset, const std::string& what) { tell(out, {.file = name, .offset = offset, .what = what}); });
    if (!records) tell(out, {.file = file, .offset = 0, .what = records.error().what});
    report_.records += records.value_or(0);
    return {};
  }

  Result<bool> one_file(const std::string& file, std::string& out) {
    if (WM_TRY(is_on_its_way(file))) return true;
    ++report_.files;
    bool wrong_index = false;
    report_.records += WM_TRY(verify_file(store_, warcs_, file, [&](const Finding& finding) {
      wrong_index |= finding.of_index;
      tell(out, finding);
    }));
    if (wrong_index && fix_ == FixIndex::kYes) WM_TRY(index_anew(file));
    return true;
  }

  /// Finished, and its capture may be about to index it.
  Result<bool> is_on_its_way(const std::string& file) const {
    if (WM_TRY(has_rows(file))) return false;
    std::error_code error;
    const auto written = fs::last_write_time(warcs_ / file, error);
    return !error && fs::file_time_type::clock::now() - written < kTooNew;
  }

  Result<bool> has_rows(const std::string& file) const {
    bool found = false;
    WM_TRY(index_.for_each_in_file(file, [&found](const cdx::Capture&) {
      found = true;
      return false;
    }));
    return found;
  }

  Result<> index_anew(const std::string& file) {
    const pipeline::IndexOptions options = WM_TRY(known_.options_of(file));
    WM_TRY(pipeline::index_warc(store_, warcs_, file, options));
    ++report_.fixed;
    return {};
  }

  /// Names of files are numbered from 1 on.
  Result<bool> one_name(std::string& out) {
    const auto name = WM_TRY(store_.name_of(cdx::kFileSpace, ++number_));
    if (!name) {
      phase_ = Phase::kOver;
      return true;
    }
    std::error_code error;
    if (std::binary_search(files_.begin() + static_cast<std::ptrdiff_t>(journal_files_), files_.end(), *name) || fs::exists(warcs_ / *name, error) || !WM_TRY(has_rows(*name))) return true;
    tell(out, {.file = *name, .offset = 0, .what = "the index has rows of this file, which is gone", .of_index = true});
    if (fix_ == FixIndex::kNo) return true;
    while (WM_TRY(remove_rows(*name))) {
    }
    ++report_.fixed;
    return true;
  }

  Result<bool> remove_rows(const std::string& file) {
    std::vector<cdx::Capture> rows;
    WM_TRY(index_.for_each_in_file(file, [&rows](const cdx::Capture& capture) {
      rows.push_back(capture);
      return rows.size() < kRowsAtOnce;
    }));
    store::Batch batch;
    for (const cdx::Capture& row : rows) WM_TRY(index_.remove(batch, row));
    if (!rows.empty()) WM_TRY(store_.write(std::move(batch)));
    return !rows.empty();
  }

  void tell(std::string& out, const Finding& finding) {
    ++report_.findings;
    if (finding.of_index) ++report_.of_index;
    put(out, {{"file", finding.file}, {"offset", finding.offset}, {"what", finding.what}});
  }
  static void put(std::string& out, const json& line) { out += line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"; }

  store::Store& store_;
  const cdx::CdxIndex index_;
  KnownFiles known_;
  const fs::path warcs_;
  const FixIndex fix_;
  Phase phase_ = Phase::kList;
  std::vector<std::string> files_;
  std::size_t journal_files_ = 0;  // they come first
  std::size_t at_ = 0;
  std::uint32_t number_ = 0;
  VerifyReport report_;
};

}  // namespace

Result<std::uint64_t> verify_file(store::Store& store, const fs::path& warcs, const std::string& relative, const std::function<void(Finding)>& tell) {
  const cdx::CdxIndex index(store);
  auto file = ReadFile::open(warcs / relative);
  if (!file) {
    tell({.file = relative, .offset = 0, .what = file.error().what});
    return std::uint64_t{0};
  }
  return FileCheck(index, warcs, std::move(*file), relative, tell).run(store);
}

std::unique_ptr<Source> verify(store::Store& store, const links::LinkStore& links, fs::path warcs, FixIndex fix) {
  return std::make_unique<Verification>(store, links, std::move(warcs), fix);
}

}  // namespace wm::archive
