#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "core/base/result.h"
#include "indexer/pipeline/index_warc.h"
#include "server/links/link_store.h"

namespace wm::app {

/// The one thread that writes the search index: drains the outbox whenever it is woken, and once a minute in case it was not.
class IndexWriter {
 public:
  /// `drained` is called on that thread after entries have become searchable.
  IndexWriter(store::Store& store, std::unique_ptr<search::SearchWriter> writer, const links::LinkStore& links, std::filesystem::path warcs,
              std::function<void()> drained);
  /// Drains what is there, then ends.
  ~IndexWriter();
  void wake();
  /// Returns when the outbox is empty or `timeout` has passed; false then.
  bool wait_until_drained(std::chrono::milliseconds timeout);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::app
