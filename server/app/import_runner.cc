#include "server/app/import_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/wacz/wacz.h"
#include "server/app/bookmark_import.h"
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
  bool capture = true;   ///< take snapshots of new bookmarks
  std::stop_token stop;
  const Progress* progress = nullptr;
  imports::Outcome outcome;
  std::vector<imports::Page> pages;
  std::vector<links::Added> linked;  ///< of the pages up to its size, in their order; id 0: none was made

  imports::Intake::Told telling(const char* phase) const {
    return [this, phase](std::uint64_t done, std::uint64_t of) { (*progress)(json{{"phase", phase}, {"bytes", done}, {"of", of}}.dump()); };
  }
};

bool is_collection_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 64 && name != "static" && name != "cdx" && name.front() != '_' &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; });
}

ImportRunner::ImportRunner(store::Store& store, const cdx::CdxIndex& cdx, links::LinkStore& links, fs::path warcs, const Settings& settings, std::function<void()> indexed,
                           std::function<Result<>(const links::Link&)> capture)
    : store_(store), cdx_(cdx), links_(links), settings_(settings), indexed_(std::move(indexed)), capture_(std::move(capture)), intake_(store, std::move(warcs)) {}

Result<std::string> ImportRunner::run(const jobs::Job& job, std::stop_token stop, const Progress& progress) {
  const json wish = json::parse(job.parameters, nullptr, false);
  if (!wish.is_object()) return fail(Error::Code::kCorrupt, fmt::format("job {} has no parameters", job.id));
  Import import{.path = wish.value("path", ""), .collection = wish.value("collection", "web"), .url = wish.value("url", ""), .dry_run = wish.value("dry_run", false),
                .link = wish.value("link", false), .links = wish.value("links", false), .capture = wish.value("capture", true), .stop = std::move(stop), .progress = &progress, .outcome = {}, .pages = {}, .linked = {}};
  if (!is_collection_name(import.collection)) return fail(Error::Code::kInvalid, "a collection is called by a-z, 0-9, - and _, not " + import.collection);
  const auto kind = WM_TRY(imports::kind_of(import.path));
  if (!kind) return fail(Error::Code::kUnsupported, import.path.string() + " is no WARC, ARC, WACZ or HAR file, no saved page and no bookmark file");
  import.outcome.file = import.path.string();
  import.outcome.kind = *kind;
  if (!import.url.empty() && *kind != Kind::kHtml) return fail(Error::Code::kInvalid, "an address can be given for a saved page only; " + import.path.string() + " has its own");
  if (*kind == Kind::kBookmarks) {
    WM_TRY(import_bookmark_file(import));
    return import.outcome.to_json();
  }
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
  WM_TRY(attach_snapshots(import));
  if (indexed_) indexed_();
  return import.outcome.to_json();
}

Result<> ImportRunner::import_bookmark_file(Import& import) {
  const std::string bytes = WM_TRY(read_file(import.path, bookmarks::ReadLimits().bytes));
  const auto file = WM_TRY(bookmarks::read_bookmarks(bytes));
  const auto told = [&import](std::uint64_t done, std::uint64_t of) { (*import.progress)(json{{"phase", "saving"}, {"count", done}, {"of", of}}.dump()); };
  WM_TRY(import_bookmarks({.links = links_, .capture = import.capture ? capture_ : nullptr, .dry_run = import.dry_run, .stop = import.stop, .told = told}, file, import.outcome));
  const bool with_pages = std::any_of(file.bookmarks.begin(), file.bookmarks.end(), [](const bookmarks::Bookmark& b) { return !b.content.empty(); });
  if (import.dry_run || !with_pages) return {};
  const std::uint64_t links = import.outcome.links, records = import.outcome.records;
  import.links = true;  // they are saved: the copies become their snapshots
  WM_TRY(import_conversion(import));
  WM_TRY(attach_snapshots(import));
  import.outcome.links = links;
  import.outcome.records = records;
  if (indexed_) indexed_();
  return {};
}

Result<> ImportRunner::import_archive(Import& import) {
  // What holds nothing is told of, and not kept.
  if (!WM_TRY(imports::has_record(import.path))) {
    WM_TRY(imports::examine_warc(import.path, "", import.stop, import.outcome));
    import.outcome.add_error("", std::nullopt, "there is no record in it: nothing was kept");
    return {};
  }
  const auto held = import.link ? WM_TRY(intake_.link(import.path, import.collection, import.stop, import.telling("reading")))
                                : WM_TRY(intake_.copy(import.path, import.collection, import.stop, import.telling("copying")));
  import.outcome.already_imported = held.known;
  return index(import, held.relative, "");
}

struct ImportRunner::Unpacked {
  std::string relative;  ///< below data/warcs
  std::string member;
};

/// Pages become links before anything is indexed, so that what is found is found as theirs.
Result<> ImportRunner::import_wacz(Import& import) {
  auto file = WM_TRY(ReadFile::open(import.path));
  auto reader = WM_TRY(wacz::WaczReader::open(std::move(file)));
  import.outcome.take_signature(reader.signature());
  const std::string name = imports::safe_name(import.path);
  const std::string sha256 = WM_TRY(imports::Intake::sha256_of(import.path, import.stop, import.telling("reading")));
  const std::string folder = imports::place_of(import.collection, "imported", sha256, name);
  std::vector<Unpacked> kept = WM_TRY(unpack(import, reader, folder));
  if (!kept.empty()) {
    if (const std::string texts = WM_TRY(take_pages(import, reader, folder, sha256)); !texts.empty()) kept.push_back({.relative = texts, .member = {}});
    WM_TRY(make_links(import));
  }
  for (const Unpacked& one : kept) WM_TRY(index(import, one.relative, one.member));
  WM_TRY(reader.check_lists());
  for (const auto& complaint : reader.take_complaints()) import.outcome.add_error(complaint.member, std::nullopt, complaint.reason);
  std::error_code ignored;
  fs::remove(intake_.warcs() / folder, ignored);  // empty if all was known
  return {};
}

/// The members that hold records, below data/warcs.
Result<std::vector<ImportRunner::Unpacked>> ImportRunner::unpack(Import& import, wacz::WaczReader& reader, const std::string& folder) {
  std::vector<Unpacked> kept;
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
    const auto any = extracted && written ? imports::has_record(open) : Result<bool>(false);
    if (any && *any) {
      const auto held = WM_TRY(intake_.keep(open, folder + "/" + member.name, import.collection, extracted->sha256, import.stop));
      known += held.known ? 1 : 0;
      kept.push_back({.relative = held.relative, .member = member.path});
      continue;
    }
    auto told_of = extracted && written && any ? imports::examine_warc(open, member.path, import.stop, import.outcome) : Result<>();
    std::error_code ignored;
    fs::remove(open, ignored);
    if (!extracted) told_of = std::unexpected(extracted.error());
    else if (!written) told_of = std::unexpected(written.error());
    else if (!any) told_of = std::unexpected(any.error());
    if (told_of) continue;
    if (told_of.error().code == Error::Code::kIo || told_of.error().code == Error::Code::kBusy) return std::unexpected(told_of.error());
    import.outcome.add_error(member.path, std::nullopt, told_of.error().what);  // encrypted, a bomb …: the other members are still good
  }
  import.outcome.already_imported = !kept.empty() && known == kept.size();
  return kept;
}

/// The text that a page list has is what a browser showed, which the page's HTML may not hold: it is kept as other tools keep it, in
/// urn:text: records of a WARC beside the members, so that it can be searched, and still can when the indexes are made anew. Gives where that
/// is; "" if there is none.
Result<std::string> ImportRunner::take_pages(Import& import, wacz::WaczReader& reader, const std::string& folder, const std::string& sha256) {
  // By the WACZ's content: the same under another name has the same texts.
  const std::string source = sha256 + ":page-texts";
  const auto claim = WM_TRY(intake_.claims().claim("texts:" + import.collection + ":" + sha256, import.stop));
  const auto earlier = WM_TRY(intake_.find(import.collection, source));
  const std::string relative = earlier.value_or(fmt::format("{}/{}", folder, kPageTexts));
  std::error_code error;
  const bool there = earlier || fs::exists(intake_.warcs() / relative, error);
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
  if (!failure) return std::unexpected(failure.error());
  if (writer) WM_TRY(writer->finish());
  if (writer || (there && !earlier)) WM_TRY(intake_.remember(import.collection, source, relative));
  return writer || there ? relative : std::string();
}

Result<> ImportRunner::import_conversion(Import& import) {
  const auto relative = convert(import);
  if (!relative) return std::unexpected(relative.error());
  if (relative->empty()) return {};
  WM_TRY(make_links(import));
  return index(import, *relative, "");
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
  auto converted = WM_TRY(import.outcome.kind == Kind::kHar         ? imports::har_to_warc(import.path, *writer, import.stop)
                                : import.outcome.kind == Kind::kBookmarks ? imports::bookmarks_to_warc(import.path, *writer)
                                                                          : imports::page_to_warc(import.path, import.url, *writer));
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
  const bool ours = relative.ends_with(kPageTexts);  // made of what the page list says: none of the records that came
  outcome.records += ours ? 0 : report.records;
  outcome.captures += ours ? 0 : report.captures;
  outcome.skipped += ours ? 0 : report.skipped;
  outcome.pages += report.pages;
  outcome.add_damage(member, report.damage);
  outcome.error_count += report.damage_count - report.damage.size();
  return {};
}

Result<> ImportRunner::make_links(Import& import) {
  if (!import.links) return {};
  for (const imports::Page& page : import.pages) {
    if (import.stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    auto added = imports::link_page(links_, page);
    if (!added && (added.error().code == Error::Code::kIo || added.error().code == Error::Code::kBusy)) return std::unexpected(added.error());
    if (!added) import.outcome.add_error("", std::nullopt, "not made a link: " + added.error().what);
    import.outcome.links += added && added->is_new ? 1U : 0U;
    import.linked.push_back(added ? std::move(*added) : links::Added{});
  }
  return {};
}

Result<> ImportRunner::attach_snapshots(Import& import) {
  store::Batch batch;
  for (std::size_t i = 0; i < import.linked.size(); ++i) {
    if (import.stop.stop_requested()) return fail(Error::Code::kBusy, "interrupted");
    const links::Added& added = import.linked[i];
    if (added.link.id == 0) continue;
    const auto capture = imports::attach_snapshot(links_, cdx_, import.collection, import.pages[i], added);
    if (!capture && capture.error().code == Error::Code::kIo) return std::unexpected(capture.error());
    if (!capture) import.outcome.add_error("", std::nullopt, "no snapshot of " + added.link.url + ": " + capture.error().what);
    // Where redirects led to has another address than the link: the page is told whose it is.
    if (capture && *capture) {
      WM_TRY(pipeline::put_linked_page(store_, batch, **capture, {.link_id = added.link.id, .seed_url = added.link.url, .text_bytes = settings_.index.text_bytes, .decoded_bytes = settings_.index.decoded_bytes}));
    }
    if (batch.size() >= 1000) WM_TRY(store_.write(std::exchange(batch, store::Batch())));
  }
  return store_.write(std::move(batch));
}

}  // namespace wm::app
