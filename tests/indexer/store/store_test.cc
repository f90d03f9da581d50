#include "indexer/store/store.h"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "core/base/file.h"
#include "tests/support/test_support.h"

using namespace wm;
using store::Batch;
using store::Family;
using store::Store;

namespace {

std::unique_ptr<Store> opened(const std::filesystem::path& path) {
  auto result = Store::open(path);
  BOOST_REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().what));
  return std::move(*result);
}

constexpr const char* kChildPath = "WM_STORE_CHILD_PATH";
constexpr int kToldFd = 9;

/// Runs one disabled case of this program in a process of its own. A mere fork would inherit locks that RocksDB's threads hold.
pid_t run_self(const char* test_case, const std::filesystem::path& path, int told) {
  const std::string run = std::string("--run_test=") + test_case, setting = std::string(kChildPath) + "=" + path.string();
  std::vector<char*> environment;
  for (char** one = environ; *one != nullptr; ++one) environment.push_back(*one);
  environment.push_back(const_cast<char*>(setting.c_str()));
  environment.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(told, kToldFd);
    execle("/proc/self/exe", "store_test", run.c_str(), "--log_level=nothing", "--report_level=no", static_cast<char*>(nullptr), environment.data());
    _exit(127);
  }
  BOOST_REQUIRE(child > 0);
  return child;
}

std::string value_or(const Store& store, Family family, std::string_view key,
                     std::string_view otherwise = "-") {
  const auto value = store.get(family, key);
  BOOST_REQUIRE(value.has_value());
  return value->value_or(std::string(otherwise));
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_a_batch_holds_is_there_after_reopening) {
  const auto dir = test::temp_dir();
  {
    auto store = opened(dir.path() / "db");
    Batch batch;
    batch.put(Family::kLinks, "a", "1");
    batch.put(Family::kTags, std::string_view("a\0b", 3), std::string_view("\0\xff", 2));
    batch.put(Family::kLinks, "gone", "x");
    batch.erase(Family::kLinks, "gone");
    BOOST_TEST(batch.size() == 4u);
    BOOST_REQUIRE(store->write(std::move(batch)).has_value());
  }
  auto store = opened(dir.path() / "db");
  BOOST_TEST(value_or(*store, Family::kLinks, "a") == "1");
  BOOST_TEST(value_or(*store, Family::kTags, std::string_view("a\0b", 3)) ==
             std::string_view("\0\xff", 2));
  BOOST_TEST(value_or(*store, Family::kLinks, "gone") == "-");
  BOOST_TEST(value_or(*store, Family::kTags, "a") == "-");
}

BOOST_AUTO_TEST_CASE(a_range_is_erased_with_its_first_and_without_its_last_key) {
  const auto dir = test::temp_dir();
  auto store = opened(dir.path());
  Batch batch;
  for (const char* key : {"a", "b", "c", "d"}) batch.put(Family::kJobs, key, key);
  batch.erase_range(Family::kJobs, "b", "d");
  BOOST_REQUIRE(store->write(std::move(batch)).has_value());
  std::string keys;
  auto cursor = store->cursor(Family::kJobs);
  for (cursor.seek_to_first(); cursor.valid(); cursor.next()) keys += cursor.key();
  BOOST_TEST(keys == "ad");
}

BOOST_AUTO_TEST_CASE(a_cursor_moves_both_ways_in_byte_order_over_what_was_there_when_it_was_made) {
  const auto dir = test::temp_dir();
  auto store = opened(dir.path());
  Batch batch;
  for (const char* key : {"b", "d", "\xff"}) batch.put(Family::kMeta, std::string("t") + key, key);
  BOOST_REQUIRE(store->write(std::move(batch)).has_value());
  auto cursor = store->cursor(Family::kMeta);
  Batch later;
  later.put(Family::kMeta, "tc", "c");
  BOOST_REQUIRE(store->write(std::move(later)).has_value());
  cursor.seek("tc");
  BOOST_REQUIRE(cursor.valid());
  BOOST_TEST(cursor.key() == "td");
  cursor.seek_for_prev("tc");
  BOOST_REQUIRE(cursor.valid());
  BOOST_TEST(cursor.key() == "tb");
  cursor.seek_to_last();
  BOOST_TEST(cursor.value() == "\xff");
  cursor.next();
  BOOST_TEST(!cursor.valid());
  BOOST_TEST(cursor.status().has_value());
}

BOOST_AUTO_TEST_CASE(a_prefix_cursor_stays_within_the_key_it_was_sent_to) {
  const auto dir = test::temp_dir();
  auto store = opened(dir.path());
  const auto key = [](std::string_view surt, std::string_view rest) {
    std::string k = "web";
    k.push_back('\0');
    k.append(surt).push_back('\0');
    return k.append(rest);
  };
  Batch batch;
  for (const char* rest : {"1", "2"}) {
    batch.put(Family::kCdx, key("a", rest), rest);
    batch.put(Family::kCdx, key("b", rest), rest);
    batch.put(Family::kCdx, key("d", rest), rest);
  }
  BOOST_REQUIRE(store->write(std::move(batch)).has_value());
  auto cursor = store->cdx_prefix_cursor();
  cursor.seek(key("b", "2"));
  BOOST_REQUIRE(cursor.valid());
  cursor.next();
  BOOST_TEST(!cursor.valid());
  cursor.seek(key("c", "1"));
  BOOST_TEST(!cursor.valid());
  cursor.seek_for_prev(key("c", "1"));
  BOOST_TEST((!cursor.valid() || cursor.key().substr(4, 1) != "c"));
  cursor.seek_for_prev(key("d", "9"));
  BOOST_REQUIRE(cursor.valid());
  BOOST_TEST(cursor.key() == key("d", "2"));
  BOOST_TEST(cursor.status().has_value());
}

BOOST_AUTO_TEST_CASE(counters_give_each_number_once_over_threads_and_restarts) {
  const auto dir = test::temp_dir();
  std::set<std::uint64_t> seen;
  for (int run = 0; run < 2; ++run) {
    auto store = opened(dir.path());
    std::array<std::vector<std::uint64_t>, 4> got;
    {
      std::vector<std::jthread> threads;
      for (auto& mine : got) {
        threads.emplace_back([&mine, &store] {
          for (int i = 0; i < 100; ++i) mine.push_back(store->next_id("link").value());
        });
      }
    }
    for (const auto& mine : got) seen.insert(mine.begin(), mine.end());
  }
  BOOST_TEST(seen.size() == 800u);
  BOOST_TEST(*seen.begin() == 1u);
  BOOST_TEST(*seen.rbegin() == 800u);
  BOOST_TEST(opened(dir.path())->next_id("other").value() == 1u);
}

BOOST_AUTO_TEST_CASE(a_name_keeps_its_number_over_threads_and_restarts) {
  const auto dir = test::temp_dir();
  std::map<std::string, std::uint32_t> numbers;
  {
    auto store = opened(dir.path());
    std::array<std::vector<std::uint32_t>, 3> got;
    {
      std::vector<std::jthread> threads;
      for (auto& mine : got) {
        threads.emplace_back([&mine, &store] {
          for (int i = 0; i < 50; ++i)
            mine.push_back(store->intern("file", "web/" + std::to_string(i)).value());
        });
      }
    }
    BOOST_TEST(got[0] == got[1], boost::test_tools::per_element());
    BOOST_TEST(got[0] == got[2], boost::test_tools::per_element());
    BOOST_TEST(std::set<std::uint32_t>(got[0].begin(), got[0].end()).size() == 50u);
    for (int i = 0; i < 50; ++i)
      numbers["web/" + std::to_string(i)] = got[0][static_cast<std::size_t>(i)];
  }
  auto store = opened(dir.path());
  for (const auto& [name, number] : numbers) {
    BOOST_TEST(store->name_of("file", number).value().value() == name);
    BOOST_TEST(store->interned("file", name).value().value() == number);
    BOOST_TEST(store->intern("file", name).value() == number);
  }
  BOOST_TEST(!store->interned("file", "web/none").value().has_value());
  BOOST_TEST(!store->interned("other", "web/1").value().has_value());
  BOOST_TEST(!store->name_of("file", 4000).value().has_value());
}

BOOST_AUTO_TEST_CASE(a_second_opener_is_told_that_the_store_is_busy) {
  const auto dir = test::temp_dir();
  auto store = opened(dir.path());
  const auto again = Store::open(dir.path());
  BOOST_REQUIRE(!again.has_value());
  BOOST_TEST((again.error().code == Error::Code::kBusy));
  BOOST_TEST(again.error().what.find(dir.path().string()) != std::string::npos);
  const pid_t child = run_self("child_opens_a_busy_store", dir.path(), STDOUT_FILENO);
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(a_store_of_a_newer_format_is_refused_and_left_as_it_is) {
  const auto dir = test::temp_dir();
  {
    auto store = opened(dir.path());
    Batch batch;
    batch.put(Family::kMeta, "format", "2");
    BOOST_REQUIRE(store->write(std::move(batch)).has_value());
  }
  for (int i = 0; i < 2; ++i) {
    const auto again = Store::open(dir.path());
    BOOST_REQUIRE(!again.has_value());
    BOOST_TEST((again.error().code == Error::Code::kUnsupported));
  }
}

BOOST_AUTO_TEST_CASE(a_store_with_a_broken_manifest_is_an_error_that_names_the_folder) {
  const auto dir = test::temp_dir();
  {
    auto store = opened(dir.path());
  }
  BOOST_REQUIRE(replace_file(dir.path() / "CURRENT", "nonsense").has_value());
  const auto again = Store::open(dir.path());
  BOOST_REQUIRE(!again.has_value());
  BOOST_TEST((again.error().code == Error::Code::kCorrupt));
  BOOST_TEST(again.error().what.find(dir.path().string()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_in_the_place_of_the_folder_is_an_io_error) {
  const auto dir = test::temp_dir();
  BOOST_REQUIRE(replace_file(dir.path() / "db", "x").has_value());
  BOOST_TEST((Store::open(dir.path() / "db").error().code == Error::Code::kIo));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_holds_what_was_there_and_takes_no_part_in_later_changes) {
  const auto dir = test::temp_dir();
  auto store = opened(dir.path() / "db");
  Batch batch;
  batch.put(Family::kLinks, "a", "1");
  BOOST_REQUIRE(store->write(std::move(batch)).has_value());
  BOOST_REQUIRE(store->checkpoint(dir.path() / "copy").has_value());
  Batch later;
  later.put(Family::kLinks, "a", "2");
  BOOST_REQUIRE(store->write(std::move(later)).has_value());
  BOOST_TEST(value_or(*opened(dir.path() / "copy"), Family::kLinks, "a") == "1");
  BOOST_TEST(value_or(*store, Family::kLinks, "a") == "2");
  BOOST_TEST((store->checkpoint(dir.path() / "copy").error().code == Error::Code::kConflict));
  BOOST_TEST(store->size_on_disk() > 0u);
}

BOOST_AUTO_TEST_CASE(synced_batches_survive_a_process_that_dies_at_any_time) {
  const auto dir = test::temp_dir();
  int told[2];
  BOOST_REQUIRE(pipe(told) == 0);
  const pid_t child = run_self("child_writes_until_it_dies", dir.path() / "db", told[1]);
  close(told[1]);
  int last = -1;
  while (last < 20 && read(told[0], &last, sizeof last) == sizeof last) {
  }
  kill(child, SIGKILL);
  int more = 0;
  while (read(told[0], &more, sizeof more) == sizeof more) last = more;
  close(told[0]);
  BOOST_REQUIRE(waitpid(child, nullptr, 0) == child);
  BOOST_REQUIRE(last >= 20);
  auto store = opened(dir.path() / "db");
  int n = 0;
  for (;; ++n) {
    const bool link = store->get(Family::kLinks, "n" + std::to_string(n)).value().has_value();
    BOOST_TEST(link == store->get(Family::kTags, "n" + std::to_string(n)).value().has_value());
    if (!link) break;
  }
  BOOST_TEST(n > last);
}

BOOST_AUTO_TEST_CASE(an_idle_store_takes_little_memory) {
  const auto dir = test::temp_dir();
  auto store = opened(dir.path());
  BOOST_TEST(store->memory_used() < 8u << 20);
}

BOOST_AUTO_TEST_CASE(child_opens_a_busy_store, *boost::unit_test::disabled()) {
  const auto other = Store::open(std::getenv(kChildPath));
  _exit(!other && other.error().code == Error::Code::kBusy ? 0 : 1);
}

BOOST_AUTO_TEST_CASE(child_writes_until_it_dies, *boost::unit_test::disabled()) {
  auto store = Store::open(std::getenv(kChildPath));
  for (int i = 0; store && i < 100000; ++i) {
    Batch batch;
    batch.put(Family::kLinks, "n" + std::to_string(i), "1");
    batch.put(Family::kTags, "n" + std::to_string(i), "1");
    if (!(*store)->write(std::move(batch))) _exit(1);
    if (write(kToldFd, &i, sizeof i) != sizeof i) _exit(1);
  }
  _exit(0);
}
