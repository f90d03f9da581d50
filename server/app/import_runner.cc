#include "server/app/import_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/wacz/wacz.h"
#include "server/imports/examine.h"
#include "server/imports/page_links.h"

namespace wm::app {

namespace fs = std::filesystem;
using imports::Kind;
using nlohmann::json;

namespace {

constexpr std::string_view kPageTexts = "waymark-page-texts.warc.gz";

}  // namespace

struct ImportRunner::Import {
  fs::path path;
  std::string collection;
  std::string url;       ///< of a saved page
  bool dry_run = false;
  bool link = false;     ///< leave the file where it is
  bool links = false;    ///< make links of its pages
  std::stop_token stop;
  const Progress* progress = nullptr;
  imports::Outcome outcome;
  std::vector<imports::Page> pages;

  imports::Intake::Told telling(const char* phase) const {
    return [this, phase](std::uint64_t done, std::uint64_t of) { (*progress)(json{{"phase", phase}, {"bytes", done}, {"of", of}}.dump()); };
  }
};

bool is_collection_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 64 && name != "static" && name != "cdx" && name.front() != '_' &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; });
}

ImportRunner::ImportRunner(store::Store& store, const cdx::CdxIndex& cdx, links::LinkStore& links, fs::path warcs, const Settings& settings, std::function<void()> indexed)
    : store_(store), cdx_(cdx), links_(links), settings_(settings), indexed_(std::move(indexed)), intake_(store, std::move(warcs)) {}

Result<std::string> ImportRunner::run(const jobs::Job& job, std::stop_token stop, const Progress& progress) {
  const json wish = json::parse(job.parameters, nullptr, false);
  if (!wish.is_object()) return fail(Error::Code::kCorrupt, fmt::format("job {} has no parameters", job.id));
  Import import{.path = wish.value("path", ""), .collection = wish.value("collection", "web"), .url = wish.value("url", ""), .dry_run = wish.value("dry_run", false),
                .link = wish.value("link", false), .links = wish.value("links", false), .stop = std::move(stop), .progress = &progress, .outcome = {}, .pages = {}};
  if (!is_collection_name(import.collection)) return fail(Error::Code::kInvalid, "a collection is called by a-z, 0-9, - and _, not " + import.collection);
  const auto kind = WM_TRY(imports::kind_of(import.path));
  if (!kind) return fail(Error::Code::kUnsupported, import.path.string() + " is no WARC, ARC, WACZ or HAR file and no saved page");
  import.outcome.file = import.path.string();
  import.outcome.kind = *kind;
  if (!import.url.empty() && *kind != Kind::kHtml) return fail(Error::Code::kInvalid, "an address can be given for a saved page only; " + import.path.string() + " has its own");
  if (import.dry_run) {
    WM_TRY(imports::examine(import.path, import.url, import.stop, import.outcome));
    return import.outcome.to_json();
  }
  if (*kind == Kind::kWacz) {
    WM_TRY(import_wacz(import));
  } else if (*kind == Kind::kHar || *kind == Kind::kHtml) {
    WM_TRY(import_conversion(import));
  } else {
    WM_TRY(import_archive(import));
  }
  if (indexed_) indexed_();
  if (import.links) WM_TRY(link_pages(import));
  return import.outcome.to_json();
}

Result<> ImportRunner::import_archive(Import& import) {
  const auto held = import.link ? WM_TRY(intake_.link(import.path, import.collection, import.stop, import.telling("reading")))
                                : WM_TRY(intake_.copy(import.path, import.collection, import.stop, import.telling("copying")));
  import.outcome.already_imported = held.known;
  return index(import, held.relative, "");
}

Result<> ImportRunner::import_wacz(Import& import) {
  auto file = WM_TRY(ReadFile::open(import.path));
  auto reader = WM_TRY(wacz::WaczReader::open(std::move(file)));
  const std::string name = imports::safe_name(import.path);
  const std::string sha256 = WM_TRY(imports::Intake::sha256_of(import.path, import.stop, import.telling("reading")));
  const std::string folder = imports::place_of(import.collection, "imported", sha256, name);
  std::uint64_t of = 0, done = 0, told = 0, known = 0;
  for (const wacz::Member& member : reader.members()) of += member.size;
  for (const wacz::Member& member : reader.members()) {
    const fs::path open = intake_.warcs() / folder / (random_uuid() + ".open");
    auto to = WM_TRY(create_file(open));
    const auto sink = [&](std::string_view bytes) -> Result<> {
      if (import.stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
      done += bytes.size();
      if (done - told >= 16 << 20) import.telling("unpacking")(told = done, of);
      return to->append(bytes);
    };
    const auto extracted = reader.extract(member, sink);
    auto written = extracted ? to->sync() : Result<>();
    if (extracted && written) written = to->close();
    if (!extracted || !written) {
      std::error_code ignored;
      fs::remove(open, ignored);
      const Error& error = extracted ? written.error() : extracted.error();
      if (error.code == Error::Code::kIo || error.code == Error::Code::kBusy) return std::unexpected(error);
      import.outcome.add_error(member.path, std::nullopt, error.what);  // encrypted, a bomb …: the other members are still good
      continue;
    }
    const auto held = WM_TRY(intake_.keep(open, folder + "/" + member.name, import.collection, extracted->sha256, import.stop));
    known += held.known ? 1 : 0;
    WM_TRY(index(import, held.relative, member.path));
  }
  import.outcome.already_imported = known == reader.members().size();
  WM_TRY(take_pages(import, reader, folder));
  WM_TRY(reader.check_lists());
  for (const auto& complaint : reader.take_complaints()) import.outcome.add_error(complaint.member, std::nullopt, complaint.reason);
  std::error_code ignored;
  fs::remove(intake_.warcs() / folder, ignored);  // empty if all was known
  return {};
}

/// The text that a page list has is what a browser showed, which the page's HTML may not hold: it is kept as other tools keep it, in
/// urn:text: records of a WARC beside the members, so that it can be searched, and still can when the indexes are made anew.
Result<> ImportRunner::take_pages(Import& import, wacz::WaczReader& reader, const std::string& folder) {
  const std::string relative = fmt::format("{}/{}", folder, kPageTexts);
  std::error_code error;
  const bool there = fs::exists(intake_.warcs() / relative, error);
  const auto claim = WM_TRY(intake_.claims().claim("texts:" + relative, import.stop));
  std::unique_ptr<warc::WarcWriter> writer;
  Result<> failure;
  const auto keep_text = [&](const wacz::Page& page) -> Result<> {
    if (there || page.text.empty() || !page.time) return {};
    if (!writer) writer = WM_TRY(warc::WarcWriter::create(intake_.warcs() / relative, now_micros()));
    const warc::Event event{.target_uri = "urn:text:" + page.url, .date = *page.time, .ip_address = {}, .protocols = {}, .cipher_suite = {}, .page_id = {}, .resource_type = {}};
    WM_TRY(writer->write(warc::resource(event, "text/plain; charset=utf-8", sha1_digest(page.text)), {page.text}));
    return {};
  };
  WM_TRY(reader.for_each_page([&](const wacz::Page& page) {
    if (import.links) import.pages.push_back({.url = page.url, .time = page.time, .title = page.title});
    failure = import.stop.stop_requested() ? fail(Error::Code::kBusy, "interrupted") : keep_text(page);
    return failure.has_value();
  }));
  if (!failure) return failure;
  if (writer) WM_TRY(writer->finish());
  if (!writer && !there) return {};
  const pipeline::IndexOptions options = index_options(import);
  const auto report = WM_TRY(pipeline::index_warc(store_, intake_.warcs(), relative, options, import.stop));
  import.outcome.pages += report.pages;
  return {};
}

Result<> ImportRunner::import_conversion(Import& import) {
  const auto relative = convert(import);
  if (!relative) return std::unexpected(relative.error());
  return relative->empty() ? Result<>() : index(import, *relative, "");
}

/// Where the WARC is that was made of the file, now or earlier; "" if there was nothing to put in.
Result<std::string> ImportRunner::convert(Import& import) {
  const std::string sha256 = WM_TRY(imports::Intake::sha256_of(import.path, import.stop, import.telling("reading")));
  // The same page under another address is another capture.
  const std::string source = import.url.empty() ? sha256 : sha256 + ":" + import.url;
  const auto claim = WM_TRY(intake_.claims().claim("convert:" + import.collection + ":" + source, import.stop));
  auto earlier = WM_TRY(intake_.find(import.collection, source));
  const std::string name = imports::safe_name(import.path) + ".warc.gz";
  const std::string place = earlier ? *earlier : imports::place_of(import.collection, "imported", import.url.empty() ? sha256 : sha256_hex(source), name);
  std::error_code error;
  // Made before a crash, and not remembered: a WARC with its final name is whole.
  if (!earlier && fs::exists(intake_.warcs() / place, error)) {
    WM_TRY(intake_.remember(import.collection, source, place));
    earlier = place;
  }
  import.outcome.already_imported = earlier.has_value();
  // What was imported before is read again only for its pages and complaints.
  const TempDir folder = WM_TRY(TempDir::create("waymark-import-"));
  const fs::path made = earlier ? folder.path() / "made.warc.gz" : intake_.warcs() / place;
  warc::WriteOptions options;
  options.info = {{"description", fmt::format("made of the file {} (sha256:{})", imports::safe_name(import.path), sha256)}};
  auto writer = WM_TRY(warc::WarcWriter::create(made, now_micros(), options));
  auto converted = WM_TRY(import.outcome.kind == Kind::kHar ? imports::har_to_warc(import.path, *writer, import.stop) : imports::page_to_warc(import.path, import.url, *writer));
  for (std::string& complaint : converted.complaints) import.outcome.add_error("", std::nullopt, std::move(complaint));
  import.pages = std::move(converted.pages);
  if (converted.captures == 0) return std::string();
  if (earlier) return place;
  WM_TRY(writer->finish());
  WM_TRY(intake_.remember(import.collection, source, place));
  return place;
}

pipeline::IndexOptions ImportRunner::index_options(const Import& import) const {
  return {.collection = import.collection, .link_id = 0, .seed_url = "", .text_bytes = settings_.index.text_bytes, .decoded_bytes = settings_.index.decoded_bytes};
}

/// A known file is indexed again all the same: it changes nothing, and mends what a crash left half done.
Result<> ImportRunner::index(Import& import, const std::string& relative, const std::string& member) {
  const auto claim = WM_TRY(intake_.claims().claim("index:" + relative, import.stop));
  const auto report = WM_TRY(pipeline::index_warc(store_, intake_.warcs(), relative, index_options(import), import.stop, import.telling("indexing")));
  if (import.stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
  imports::Outcome& outcome = import.outcome;
  outcome.warcs.push_back(relative);
  outcome.records += report.records;
  outcome.captures += report.captures;
  outcome.skipped += report.skipped;
  outcome.pages += report.pages;
  outcome.add_damage(member, report.damage);
  outcome.error_count += report.damage_count - report.damage.size();
  return {};
}

Result<> ImportRunner::link_pages(Import& import) {
  for (const imports::Page& page : import.pages) {
    if (import.stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    const auto is_new = imports::link_page(links_, cdx_, import.collection, page);
    if (!is_new && (is_new.error().code == Error::Code::kIo || is_new.error().code == Error::Code::kBusy)) return std::unexpected(is_new.error());
    if (!is_new) import.outcome.add_error("", std::nullopt, "not made a link: " + is_new.error().what);
    else if (*is_new) ++import.outcome.links;
  }
  return {};
}

}  // namespace wm::app
