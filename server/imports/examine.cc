#include "server/imports/examine.h"

#include "core/base/file.h"
#include "core/wacz/wacz.h"
#include "core/warc/reader.h"
#include "server/imports/conversion.h"

namespace wm::imports {

namespace fs = std::filesystem;

namespace {

bool is_capture(const warc::WarcRecord& record) {
  const warc::RecordType type = record.type();
  return type == warc::RecordType::kResponse || type == warc::RecordType::kResource || type == warc::RecordType::kRevisit;
}

Result<> examine_wacz(const fs::path& path, const std::stop_token& stop, Outcome& outcome) {
  auto file_read = WM_TRY(ReadFile::open(path));
  auto reader = WM_TRY(wacz::WaczReader::open(std::move(file_read)));
  outcome.take_signature(reader.signature());
  const TempDir folder = WM_TRY(TempDir::create("waymark-import-"));
  for (const wacz::Member& member : reader.members()) {
    const fs::path copy = folder.path() / member.name;
    auto file = WM_TRY(create_file(copy));
    const auto sink = [&](std::string_view bytes) -> Result<> {
      if (stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
      return file->append(bytes);
    };
    WM_TRY(reader.extract(member, sink));
    WM_TRY(file->close());
    WM_TRY(examine_warc(copy, member.path, stop, outcome));
    std::error_code ignored;
    fs::remove(copy, ignored);
  }
  WM_TRY(reader.check_lists());
  for (const auto& complaint : reader.take_complaints()) outcome.add_error(complaint.member, std::nullopt, complaint.reason);
  return {};
}

Result<> examine_conversion(const fs::path& path, const std::string& url, const std::stop_token& stop, Outcome& outcome) {
  const TempDir folder = WM_TRY(TempDir::create("waymark-import-"));
  const fs::path warc = folder.path() / "made.warc.gz";
  auto writer = WM_TRY(warc::WarcWriter::create(warc, now_micros()));
  const Converted converted = WM_TRY(outcome.kind == Kind::kHar ? har_to_warc(path, *writer, stop) : page_to_warc(path, url, *writer));
  WM_TRY(writer->finish());
  for (const std::string& complaint : converted.complaints) outcome.add_error("", std::nullopt, complaint);
  return examine_warc(warc, "", stop, outcome);
}

}  // namespace

Result<bool> has_record(const fs::path& path) {
  warc::WarcReader reader = WM_TRY(warc::WarcReader::open(path));
  return WM_TRY(reader.next()).has_value();
}

Result<> examine_warc(const fs::path& path, const std::string& member, const std::stop_token& stop, Outcome& outcome) {
  warc::WarcReader reader = WM_TRY(warc::WarcReader::open(path));
  for (;;) {
    if (stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    auto record = WM_TRY(reader.next());
    outcome.add_damage(member, reader.take_damage());
    if (!record) return {};
    ++outcome.records;
    ++(is_capture(*record) ? outcome.captures : outcome.skipped);
    outcome.add_damage(member, record->damage);
    outcome.add_damage(member, WM_TRY(reader.finish_record()).damage);
  }
}

Result<> examine(const fs::path& path, const std::string& url, const std::stop_token& stop, Outcome& outcome) {
  switch (outcome.kind) {
    case Kind::kWarc:
    case Kind::kArc: return examine_warc(path, "", stop, outcome);
    case Kind::kWacz: return examine_wacz(path, stop, outcome);
    case Kind::kHar:
    case Kind::kHtml: return examine_conversion(path, url, stop, outcome);
    case Kind::kBookmarks: break;  // what is new of it, the links know
  }
  return {};
}

}  // namespace wm::imports
