#include "server/app/reindex.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/pipeline/index_warc.h"
#include "indexer/pipeline/outbox.h"
#include "indexer/store/change_log.h"
#include "indexer/store/coding.h"
#include "server/app/index_writer.h"
#include "server/app/tracking_file.h"
#include "server/archive/known_files.h"
#include "server/journal/journal.h"
#include "server/journal/replay.h"
#include "server/links/link_store.h"

namespace wm::app {

namespace fs = std::filesystem;
using store::Family;

namespace {

constexpr const char* kFolder = "reindex";    // what is being made
constexpr const char* kWhole = "whole";       // in it, once it is
constexpr const char* kParts[] = {"db", "search"};
constexpr std::size_t kBatchBytes = 4 << 20;
using namespace std::chrono_literals;

Result<> checked(const std::error_code& error, const std::string& doing) {
  return error ? Result<>(fail(Error::Code::kIo, "cannot " + doing + ": " + error.message())) : Result<>();
}

/// Rows of meta that neither the journal nor indexing nor LinkStore::prepare() makes.
bool is_from_before(std::string_view key) {
  if (store::is_recorded(Family::kMeta, key)) return key.starts_with("next/");
  for (const std::string_view made : {std::string_view("format"), std::string_view("next/name/"), std::string_view("name\0", 5), std::string_view("number\0", 7), std::string_view("segment\0", 8), std::string_view("import/"), links::kPreparedMark}) {
    if (key.starts_with(made)) return false;
  }
  return true;
}

/// A counter never goes back.
Result<bool> is_further(const store::Store& now, std::string_view key, std::string_view value) {
  if (!key.starts_with("next/")) return true;
  const auto there = WM_TRY(now.get(Family::kMeta, key));
  return !there || parse_u64(*there).value_or(0) < parse_u64(value).value_or(0);
}

Result<> copy_family(const store::Store& from, store::Store& to, Family family) {
  store::Batch batch;
  auto at = from.cursor(family);
  for (at.seek_to_first(); at.valid(); at.next()) {
    if (family == Family::kMeta && (!is_from_before(at.key()) || !WM_TRY(is_further(to, at.key(), at.value())))) continue;
    batch.put(family, at.key(), at.value());
    if (batch.bytes() >= kBatchBytes) WM_TRY(to.write(std::exchange(batch, store::Batch())));
  }
  WM_TRY(at.status());
  return to.write(std::move(batch));
}

/// Does the store still take something? What failed otherwise was a file's fault.
Result<> probe(store::Store& store) {
  store::Batch batch;
  batch.put(Family::kMeta, "reindex", "probe");
  WM_TRY(store.write(std::move(batch)));
  store::Batch undone;
  undone.erase(Family::kMeta, "reindex");
  return store.write(std::move(undone));
}

class Reindexing {
 public:
  Reindexing(const DataFolder& folder, const Settings& settings, const ReindexWatcher& watcher)
      : folder_(folder), settings_(settings), watcher_(watcher), into_(folder.path() / kFolder) {}

  Result<ReindexReport> run() {
    std::error_code error;
    const bool there = fs::exists(folder_.database() / "CURRENT", error);
    std::unique_ptr<store::Store> before;
    if (there) {
      auto opened = store::Store::open(folder_.database(), {.block_cache_bytes = settings_.index.block_cache_bytes, .record = true});
      if (opened) before = std::move(*opened);
      if (!opened) tell("", 0, "the database cannot be opened, users, tokens and jobs of it are lost: " + opened.error().what);
    }
    // What it has of links and the journal has not yet is written first.
    if (before) WM_TRY(bring_up_journal(*before));
    fs::create_directories(into_, error);
    WM_TRY(checked(error, "make " + into_.string()));
    {
      const auto store = WM_TRY(store::Store::open(into_ / kParts[0], {.block_cache_bytes = settings_.index.block_cache_bytes}));
      static_cast<void>(WM_TRY(journal::replay(folder_.warcs(), *store, [this](const std::string& file, std::uint64_t offset, const std::string& what) { tell(file, offset, what); })));
      if (before) WM_TRY(take_from(*before, *store));
      const url::Tracking tracking = WM_TRY(tracking_of(settings_));
      WM_TRY(links::LinkStore::prepare(*store, tracking));
      const links::LinkStore links(*store, nullptr, tracking);
      WM_TRY(index_files(*store, links));
      WM_TRY(put_links(*store));
      WM_TRY(make_searchable(*store, links));
    }
    before.reset();
    WM_TRY(replace_file(into_ / kWhole, "whole\n"));
    WM_TRY(settle_reindex(folder_.path()));
    return report_;
  }

 private:
  void tell(const std::string& file, std::uint64_t offset, const std::string& what) {
    ++report_.findings;
    if (watcher_.tell) watcher_.tell(file, offset, what);
  }

  Result<> bring_up_journal(store::Store& before) const {
    const auto journal = WM_TRY(journal::Journal::open(before, folder_.warcs(), {.file_bytes = settings_.journal.file_bytes}));
    return journal->flush();
  }

  Result<> take_from(const store::Store& before, store::Store& store) {
    for (const Family family : {Family::kUsers, Family::kJobs, Family::kMeta}) {
      const auto copied = copy_family(before, store, family);
      if (copied) continue;
      WM_TRY(probe(store));
      tell("", 0, "the database of before cannot be read to its end: " + copied.error().what);
      return {};
    }
    report_.kept_accounts = true;
    return {};
  }

  Result<> index_files(store::Store& store, const links::LinkStore& links) {
    const cdx::CdxIndex index(store);
    archive::KnownFiles known(index, links);
    const auto files = WM_TRY(archive::capture_files(folder_.warcs()));
    std::uint64_t done = 0, of = 0;
    std::error_code ignored;
    std::vector<std::uint64_t> sizes;
    for (const std::string& file : files) {
      const auto size = fs::file_size(folder_.warcs() / file, ignored);
      sizes.push_back(ignored ? 0 : size);
      of += sizes.back();
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      auto options = WM_TRY(known.options_of(files[i]));
      options.text_bytes = settings_.index.text_bytes;
      options.decoded_bytes = settings_.index.decoded_bytes;
      const auto told = [&](std::uint64_t bytes, std::uint64_t) { progress("indexing", done + bytes, of); };
      const auto indexed = pipeline::index_warc(store, folder_.warcs(), files[i], options, {}, told);
      if (!indexed) {
        WM_TRY(probe(store));
        tell(files[i], 0, indexed.error().what);
      } else {
        ++report_.files;
        report_.captures += indexed->captures;
        for (const auto& damage : indexed->damage) tell(files[i], damage.offset, damage.reason);
        report_.findings += indexed->damage_count - indexed->damage.size();
      }
      progress("indexing", done += sizes[i], of);
    }
    return {};
  }

  /// Links without a page, too, are to be found.
  Result<> put_links(store::Store& store) {
    store::Batch batch;
    auto at = store.cursor(Family::kLinks);
    for (at.seek("l"); at.valid() && at.key().front() == 'l'; at.next()) {
      pipeline::put_link_change(batch, store::number_of_key(at.key()));
      ++report_.links;
      if (batch.bytes() >= kBatchBytes) WM_TRY(store.write(std::exchange(batch, store::Batch())));
    }
    WM_TRY(at.status());
    return store.write(std::move(batch));
  }

  static std::uint64_t waiting(const store::Store& store) {
    std::uint64_t count = 0;
    auto at = store.cursor(Family::kOutbox);
    for (at.seek_to_first(); at.valid(); at.next()) ++count;
    return count;
  }

  Result<> make_searchable(store::Store& store, const links::LinkStore& links) {
    const std::uint64_t of = waiting(store);
    {
      auto writer = WM_TRY(search::SearchWriter::open(into_ / kParts[1]));
      IndexWriter draining(store, std::move(writer), links, folder_.warcs(), [&, told = std::chrono::steady_clock::now()]() mutable {
        // Counting costs what waits: now and then is enough.
        if (std::chrono::steady_clock::now() - told < 2s) return;
        progress("searching", of - std::min(of, waiting(store)), of);
        told = std::chrono::steady_clock::now();
      });
      while (!draining.wait_until_drained(10s)) {
      }
    }
    if (waiting(store) != 0) return fail(Error::Code::kIo, "the search index could not be made; the log says why");
    return {};
  }

  void progress(const char* phase, std::uint64_t done, std::uint64_t of) const {
    if (watcher_.progress) watcher_.progress(phase, done, of);
  }

  const DataFolder& folder_;
  const Settings& settings_;
  const ReindexWatcher& watcher_;
  const fs::path into_;
  ReindexReport report_;
};

}  // namespace

Result<ReindexReport> reindex(const DataFolder& folder, const Settings& settings, const ReindexWatcher& watcher) {
  WM_TRY(settle_reindex(folder.path()));
  return Reindexing(folder, settings, watcher).run();
}

/// Each step leaves a state from which the steps after it, taken again, lead to the end.
Result<> settle_reindex(const fs::path& data) {
  const fs::path into = data / kFolder;
  std::error_code error;
  if (!fs::exists(into, error)) return {};
  if (fs::exists(into / kWhole, error)) {
    for (const char* part : kParts) {
      if (!fs::exists(into / part, error)) continue;  // in its place
      const fs::path old = into / (std::string("old-") + part);
      if (fs::exists(data / part, error)) {
        fs::remove_all(old, error);
        WM_TRY(checked(error, "remove " + old.string()));
        WM_TRY(rename_durably(data / part, old));
      }
      WM_TRY(rename_durably(into / part, data / part));
    }
    // Once this is gone the rest is rubbish.
    fs::remove(into / kWhole, error);
    WM_TRY(checked(error, "remove " + (into / kWhole).string()));
    WM_TRY(sync_folder(into));
  }
  fs::remove_all(into, error);
  return checked(error, "remove " + into.string());
}

}  // namespace wm::app
