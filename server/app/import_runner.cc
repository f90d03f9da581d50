#include "server/app/import_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/warc/reader.h"

namespace wm::app {

namespace fs = std::filesystem;
using nlohmann::json;
using store::Family;

namespace {

constexpr std::size_t kErrorsTold = 1000;

/// A file name that cannot leave its folder or hide in it.
std::string safe_name(const fs::path& path) {
  std::string name = path.filename().string();
  for (char& c : name) {
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') c = '_';
  }
  while (!name.empty() && name.front() == '.') name.erase(0, 1);
  if (name.size() > 150) name.erase(0, name.size() - 150);
  return name.empty() ? "import.warc" : name;
}

json errors_json(const std::vector<warc::Damage>& damage) {
  json errors = json::array();
  for (const warc::Damage& one : damage) {
    if (errors.size() == kErrorsTold) break;
    errors.push_back({{"offset", one.offset}, {"reason", one.reason}});
  }
  return errors;
}

/// Stops with kBusy, which the queue takes as "interrupted".
Result<> copy_with_digest(const fs::path& from, WritableFile& to, Digester& digester, std::stop_token stop) {
  auto source = file_source(WM_TRY(ReadFile::open(from)));
  std::vector<char> buffer(1 << 20);
  for (;;) {
    if (stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    const std::size_t got = WM_TRY(source->read(buffer));
    if (got == 0) return to.sync();
    digester.update({buffer.data(), got});
    WM_TRY(to.append({buffer.data(), got}));
  }
}

/// What a dry run tells: the file is read as an import would read it, and nothing is kept.
Result<std::string> examine(const fs::path& path, std::stop_token stop) {
  warc::WarcReader reader = WM_TRY(warc::WarcReader::open(path));
  std::uint64_t records = 0, captures = 0;
  std::vector<warc::Damage> damage;
  const auto keep = [&damage](std::vector<warc::Damage> found) {
    for (auto& one : found) {
      if (damage.size() < kErrorsTold) damage.push_back(std::move(one));
    }
  };
  for (;;) {
    if (stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    auto record = WM_TRY(reader.next());
    keep(reader.take_damage());
    if (!record) break;
    ++records;
    const warc::RecordType type = record->type();
    if (type == warc::RecordType::kResponse || type == warc::RecordType::kResource || type == warc::RecordType::kRevisit) ++captures;
    keep(record->damage);
    keep(WM_TRY(reader.finish_record()).damage);
  }
  return json{{"file", path.string()}, {"kind", "warc"}, {"records", records}, {"captures", captures}, {"links", 0}, {"skipped", records - captures}, {"errors", errors_json(damage)}}.dump();
}

}  // namespace

bool is_collection_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 64 && name != "static" && name != "cdx" && name.front() != '_' &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; });
}

ImportRunner::ImportRunner(store::Store& store, fs::path warcs, const Settings& settings, std::function<void()> indexed)
    : store_(store), warcs_(std::move(warcs)), settings_(settings), indexed_(std::move(indexed)) {}

Result<ImportRunner::Wanted> ImportRunner::wanted(const jobs::Job& job) {
  const json j = json::parse(job.parameters, nullptr, false);
  if (!j.is_object()) return fail(Error::Code::kCorrupt, fmt::format("job {} has no parameters", job.id));
  Wanted wanted{.path = j.value("path", ""), .collection = j.value("collection", "web"), .dry_run = j.value("dry_run", false)};
  if (!is_collection_name(wanted.collection)) return fail(Error::Code::kInvalid, "a collection is called by a-z, 0-9, - and _, not " + wanted.collection);
  return wanted;
}

Result<std::string> ImportRunner::take_in(const Wanted& wanted, std::stop_token stop, bool& known) {
  const std::string folder = wanted.collection + "/imported";
  const fs::path open = warcs_ / folder / (safe_name(wanted.path) + fmt::format(".{}.open", now_micros().time_since_epoch().count()));
  auto file = WM_TRY(create_file(open));
  Digester digester(Digester::Algorithm::kSha256);
  auto copied = copy_with_digest(wanted.path, *file, digester, stop);
  if (copied) copied = file->close();
  std::error_code ignored;
  if (!copied) {
    fs::remove(open, ignored);
    return std::unexpected(copied.error());
  }
  const std::string sha256 = hex_encode(digester.finish());
  const std::string key = "import:" + wanted.collection + ":" + sha256;
  if (const auto earlier = WM_TRY(store_.get(Family::kMeta, key)); earlier && fs::exists(warcs_ / *earlier, ignored)) {
    fs::remove(open, ignored);
    known = true;
    return *earlier;
  }
  const std::string relative = folder + "/" + sha256.substr(0, 12) + "-" + safe_name(wanted.path);
  WM_TRY(rename_durably(open, warcs_ / relative));
  store::Batch batch;
  batch.put(Family::kMeta, key, relative);
  WM_TRY(store_.write(std::move(batch)));
  return relative;
}

Result<std::string> ImportRunner::run(const jobs::Job& job, std::stop_token stop, const std::function<void(std::string)>& progress) {
  const Wanted wanted = WM_TRY(ImportRunner::wanted(job));
  if (wanted.dry_run) return examine(wanted.path, stop);
  bool known = false;
  const std::string relative = WM_TRY(take_in(wanted, stop, known));
  const pipeline::IndexOptions options{
      .collection = wanted.collection, .link_id = 0, .seed_url = "", .text_bytes = settings_.index.text_bytes, .decoded_bytes = settings_.index.decoded_bytes};
  // A known file is indexed again all the same: it changes nothing, and mends what a crash left half done.
  const auto report = WM_TRY(pipeline::index_warc(store_, warcs_, relative, options, stop, [&](std::uint64_t done, std::uint64_t all) {
    progress(json{{"bytes", done}, {"of", all}}.dump());
  }));
  if (indexed_) indexed_();
  return json{{"file", wanted.path.string()},
              {"kind", "warc"},
              {"warc", relative},
              {"already_imported", known},
              {"records", report.records},
              {"captures", report.captures},
              {"links", 0},
              {"skipped", report.skipped},
              {"errors", errors_json(report.damage)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace wm::app
