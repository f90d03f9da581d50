// Lists, counts and changes over a generated library: link_bench [LINKS] [FOLDER]. A line "name TAB figure" each. A third of the titles is Chinese, tags are
// Zipfian, and the same numbers give the same library.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "indexer/store/coding.h"
#include "server/links/link_store.h"
#include "server/links/tag_store.h"

namespace {

using namespace wm;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kTags = 2000;
constexpr int kRuns = 400;

template <class T>
T value(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "link_bench: %s\n", result.error().what.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string tag_name(std::size_t n) { return n % 5 == 0 ? fmt::format("top{}/sub{}", n % 50, n) : n % 3 == 0 ? fmt::format("标签{}", n) : fmt::format("tag{}", n); }

class Library {
 public:
  explicit Library(std::uint64_t seed) : random_(seed) {
    std::vector<double> weights;
    for (std::size_t i = 1; i <= kTags; ++i) weights.push_back(1.0 / static_cast<double>(i));
    tags_ = std::discrete_distribution<std::size_t>(weights.begin(), weights.end());
  }
  links::Link next(std::uint64_t id) {
    links::Link link;
    link.id = id;
    link.url = fmt::format("https://host{}.example/{}", random_() % 5000, id);
    link.title = random_() % 3 == 0 ? chinese() : fmt::format("Page {} of {}", random_() % 100000, tag_name(random_() % kTags));
    for (std::size_t n = random_() % 6; n > 0; --n) link.tags.push_back(tag_name(tags_(random_)));
    link.unread = random_() % 4 == 0;
    link.archived = random_() % 3 == 0;
    link.favourite = random_() % 20 == 0;
    link.created = SysMicros(std::chrono::seconds(1'500'000'000 + id * 97));
    link.modified = link.created + std::chrono::seconds(random_() % 1'000'000);
    return link;
  }
  std::string tag() { return tag_name(tags_(random_)); }

 private:
  std::string chinese() {
    std::string title;
    for (int i = 0; i < 12; ++i) {
      const auto c = static_cast<std::uint32_t>(0x4e00 + random_() % 3000);
      title += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
    }
    return title;
  }
  std::mt19937_64 random_;
  std::discrete_distribution<std::size_t> tags_;
};

template <class F>
double milliseconds(F work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <class F>
void measure(const char* name, F work, int runs = kRuns) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) times.push_back(milliseconds(work));
  std::sort(times.begin(), times.end());
  std::printf("%s\tp50 %.2f ms, p95 %.2f ms\n", name, times[times.size() / 2], times[times.size() * 95 / 100]);
  std::fflush(stdout);
}

void fill(store::Store& store, Library& library, std::uint64_t count) {
  for (std::uint64_t id = 1; id <= count;) {
    store::Batch batch;
    for (int i = 0; i < 1000 && id <= count; ++i, ++id) batch.put(store::Family::kLinks, store::number_key('l', id), encode(library.next(id)));
    value(store.write(std::move(batch), store::Store::Sync::kNo));
  }
  store::Batch next;
  next.put(store::Family::kMeta, "next/link", std::to_string(count));
  value(store.write(std::move(next)));
}

/// What a page of the API reads: the links and the newest snapshot of each.
void read_page(const links::LinkStore& links, const links::Listing& listing) {
  const auto page = value(links.page(listing));
  for (const links::Link& link : page.links) static_cast<void>(value(links.latest_snapshot(link.id)));
  static_cast<void>(value(links.count(listing, 2000)));
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::filesystem::path folder = argc > 2 ? argv[2] : std::filesystem::temp_directory_path() / fmt::format("link_bench-{}", count);
  std::filesystem::remove_all(folder);
  auto store = value(store::Store::open(folder));
  Library library(20261125);
  fill(*store, library, count);
  std::printf("lists of %llu links made anew\t%.0f ms\n", static_cast<unsigned long long>(count), milliseconds([&] { value(links::LinkStore::prepare(*store)); }));
  links::LinkStore links(*store, nullptr);
  links::TagStore tags(links);
  using links::Listing, links::Sort, links::State;

  measure("first page of all", [&] { read_page(links, {}); });
  measure("first page by title", [&] { read_page(links, {.sort = Sort::kTitle}); });
  measure("a tag", [&] { read_page(links, {.tags = {library.tag()}}); });
  measure("unread and not archived", [&] { read_page(links, {.states = {State::kUnread, State::kActive}}); });
  measure("a tag and unread", [&] { read_page(links, {.tags = {library.tag()}, .states = {State::kUnread}}); });
  measure("two tags", [&] { read_page(links, {.tags = {library.tag(), library.tag()}}); });
  measure("page 1,000 by offset", [&] { read_page(links, {.offset = 50'000}); }, 50);
  measure("all tags with counts", [&] { static_cast<void>(value(tags.list())); }, 50);
  measure("tags as typed", [&] { static_cast<void>(value(tags.typed("t", 20))); });
  std::uint64_t made = 0;
  measure("one link added", [&] { static_cast<void>(value(links.add({.url = fmt::format("https://new.example/{}", made++), .title = "New", .notes = "", .tags = {library.tag(), library.tag()}, .engine = "auto"}))); });
  const auto move = value(tags.rename("tag1", "renamed", links::TagStore::OldName::kForget));
  std::printf("a tag of %llu links renamed\t%.0f ms\n", static_cast<unsigned long long>(move.links), milliseconds([&] {
                std::string cursor;
                do static_cast<void>(value(tags.move_some(move.key, cursor, 200)));
                while (!cursor.empty());
              }));
  std::filesystem::remove_all(folder);
  return 0;
}
