#include "server/app/index_writer.h"

#include <pthread.h>

#include <thread>

#include "core/base/log.h"
#include "core/base/mutex.h"

namespace wm::app {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kBatch = 200;

/// Links as the search index wants them.
class FieldsOfLinks final : public pipeline::LinkFields {
 public:
  explicit FieldsOfLinks(const links::LinkStore& links) : links_(links) {}
  Result<std::optional<search::Document>> link_document(std::uint64_t link_id) const override {
    const auto link = WM_TRY(links_.get(link_id));
    if (!link) return std::optional<search::Document>();
    search::Document document;
    document.id = "link:" + std::to_string(link_id);
    document.link_id = link_id;
    document.url = link->url;
    document.title = link->title;
    document.description = link->description;
    document.notes = link->notes;
    document.tags = link->tags;
    for (const links::State state : {links::State::kUnread, links::State::kArchived, links::State::kFavourite, links::State::kShared, links::State::kBroken, links::State::kTrashed}) {
      if (links::is_in(*link, state)) document.states.emplace_back(links::name_of(state));
    }
    document.added = Time14(std::chrono::floor<std::chrono::seconds>(link->created));
    return std::optional(std::move(document));
  }
  Result<std::uint64_t> link_of(std::string_view url) const override {
    const auto link = WM_TRY(links_.find(url));
    return link ? link->id : 0;
  }

 private:
  const links::LinkStore& links_;
};

}  // namespace

struct IndexWriter::State {
  store::Store& store;
  std::unique_ptr<search::SearchWriter> writer;
  FieldsOfLinks links;
  std::filesystem::path warcs;
  std::function<void()> drained;

  Mutex mutex;
  CondVar moved;
  std::uint64_t wanted WM_GUARDED_BY(mutex) = 1;  // wake-ups asked for; the first drain takes up what an earlier run left
  std::uint64_t done WM_GUARDED_BY(mutex) = 0;    // wake-ups served with an empty outbox afterwards
  bool stopping WM_GUARDED_BY(mutex) = false;
  std::thread thread;

  /// Until the outbox is empty. An error is logged and left for the next wake-up: the entries stay.
  void drain() {
    for (;;) {
      const auto count = pipeline::drain_outbox(store, *writer, warcs, links, kBatch);
      if (!count) {
        log::error("search index: {}", count.error().what);
        return;
      }
      if (*count == 0) return;
      if (drained) drained();
    }
  }

  void work() {
    for (;;) {
      std::uint64_t serving = 0;
      {
        MutexLock lock(mutex);
        moved.wait_for(mutex, 60s, [this]() WM_REQUIRES(mutex) { return stopping || wanted > done; });
        if (stopping && wanted == done) return;
        serving = wanted;
      }
      drain();
      {
        MutexLock lock(mutex);
        done = serving;
        if (stopping) return;
      }
      moved.notify_all();
    }
  }
};

IndexWriter::IndexWriter(store::Store& store, std::unique_ptr<search::SearchWriter> writer, const links::LinkStore& links, std::filesystem::path warcs,
                         std::function<void()> drained)
    : state_(new State{.store = store,
                       .writer = std::move(writer),
                       .links = FieldsOfLinks(links),
                       .warcs = std::move(warcs),
                       .drained = std::move(drained),
                       .mutex = {},
                       .moved = {},
                       .thread = {}}) {
  state_->thread = std::thread([state = state_.get()] { state->work(); });
  pthread_setname_np(state_->thread.native_handle(), "wm-index");
}

IndexWriter::~IndexWriter() {
  {
    MutexLock lock(state_->mutex);
    state_->stopping = true;
    ++state_->wanted;
  }
  state_->moved.notify_all();
  state_->thread.join();
}

void IndexWriter::wake() {
  {
    MutexLock lock(state_->mutex);
    ++state_->wanted;
  }
  state_->moved.notify_all();
}

bool IndexWriter::wait_until_drained(std::chrono::milliseconds timeout) {
  MutexLock lock(state_->mutex);
  const std::uint64_t until = state_->wanted;
  return state_->moved.wait_for(state_->mutex, timeout, [this, until]() WM_REQUIRES(state_->mutex) { return state_->done >= until; });
}

}  // namespace wm::app
