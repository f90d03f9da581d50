#include <set>

#include "core/base/log.h"
#include "indexer/pipeline/index_warc.h"
#include "indexer/pipeline/outbox_internal.h"
#include "indexer/pipeline/page_document.h"
#include "indexer/store/change_log.h"

namespace wm::pipeline {
namespace {

class Draining {
 public:
  Draining(store::Store& store, search::SearchWriter& writer,
           const std::filesystem::path& warcs_root, const LinkFields& links)
      : store_(store), index_(store), writer_(writer), warcs_root_(warcs_root), links_(links) {}

  Result<std::uint64_t> run(std::size_t most) {
    std::uint64_t done = 0;
    store::Batch cleared;
    auto cursor = store_.cursor(store::Family::kOutbox);
    for (cursor.seek_to_first(); cursor.valid() && done < most; cursor.next()) {
      // What server/journal has to write is not this one's affair.
      if (cursor.key().starts_with(store::kRecordPrefix)) cursor.seek(std::string(1, store::kRecordPrefix + 1));
      if (!cursor.valid()) break;
      WM_TRY(take(cursor.key(), cursor.value()));
      cleared.erase(store::Family::kOutbox, cursor.key());
      ++done;
    }
    WM_TRY(cursor.status());
    if (done == 0) return done;
    // In this order: what is cleared is in the search index for good, and what is done twice ends
    // the same.
    WM_TRY(writer_.commit());
    WM_TRY(store_.write(std::move(cleared)));
    return done;
  }

 private:
  Result<> take(std::string_view key, std::string_view value) {
    auto entry = decode_entry(store_, key, value);
    if (!entry) {
      log::warning("an outbox entry is left out: {}", entry.error().what);
      return {};
    }
    if (const auto* link = std::get_if<LinkEntry>(&*entry)) return take_link(link->link_id);
    return take_page(std::get<PageEntry>(*entry));
  }

  Result<> take_link(std::uint64_t link_id) {
    if (!seen_.insert(link_id).second) return {};
    const auto fields = WM_TRY(links_.link_document(link_id));
    if (!fields) return writer_.remove_link(link_id);
    return writer_.update_link(link_id, *fields);
  }

  Result<> take_page(PageEntry entry) {
    std::optional<search::Document> fields;
    if (entry.link_id == 0) entry.link_id = WM_TRY(links_.link_of(page_url(entry.url)));
    if (entry.link_id != 0) {
      fields = WM_TRY(links_.link_document(entry.link_id));
      if (!fields) return {};  // the link went meanwhile, and its documents with it
    }
    auto made = page_document(index_, warcs_root_, entry);
    if (!made && made.error().code == Error::Code::kIo)
      return std::unexpected(std::move(made).error());
    if (!made) log::warning("a page of {} is not searchable: {}", entry.file, made.error().what);
    if (!made || !*made) return {};
    auto& document = *made;
    if (fields) {
      // Before the link was there it was a page of none.
      WM_TRY(writer_.remove_version(0, document->collection, document->url, *document->time));
      document->title = fields->title;
      document->tags = fields->tags;
      document->notes = fields->notes;
      document->states = fields->states;
      document->added = fields->added;
    }
    return writer_.put(*document);
  }

  store::Store& store_;
  cdx::CdxIndex index_;
  search::SearchWriter& writer_;
  const std::filesystem::path& warcs_root_;
  const LinkFields& links_;
  std::set<std::uint64_t> seen_;  // several changes of one link in one go are one
};

}  // namespace

Result<std::uint64_t> drain_outbox(store::Store& store, search::SearchWriter& writer,
                                   const std::filesystem::path& warcs_root, const LinkFields& links,
                                   std::size_t most) {
  return Draining(store, writer, warcs_root, links).run(most);
}

}  // namespace wm::pipeline
