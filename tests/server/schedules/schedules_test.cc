#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <thread>

#include "core/base/time14.h"
#include "server/schedules/recurrence.h"
#include "server/schedules/scheduler.h"
#include "tests/support/test_support.h"

using namespace wm;
using namespace std::chrono;
using schedules::Recurrence;
using schedules::Schedule;

namespace {

sys_seconds at(std::string_view time14) {
  return Time14::parse(time14).value().time();
}

struct Next {
  const char* when;
  const char* after;
  const char* next;
};
std::ostream& operator<<(std::ostream& out, const Next& row) {
  return out << row.when << " after " << row.after;
}

const Next kNext[] = {{"every 7d", "20260101000000", "20260108000000"},
                      {"every 90min", "20260101233000", "20260102010000"},
                      {"  every   2w ", "20260101000001", "20260115000001"},
                      {"0 3 * * *", "20260101025959", "20260101030000"},
                      {"0 3 * * *", "20260101030000", "20260102030000"},
                      {"*/15 * * * *", "20260101001459", "20260101001500"},
                      {"5-7,30 1 * * *", "20260101010600", "20260101010700"},
                      {"10/20 0 * * *", "20260101001000", "20260101003000"},
                      {"0 0 29 2 *", "20260101000000", "20280229000000"},
                      {"0 0 31 * *", "20260201000000", "20260331000000"},
                      {"0 12 * * mon-fri", "20260103000000", "20260105120000"},
                      {"0 0 * * 7", "20260101000000", "20260104000000"},
                      {"0 0 13 * fri", "20260101000000", "20260102000000"},
                      {"0 0 1 JAN *", "20260101000000", "20270101000000"},
                      {"@weekly", "20260101000000", "20260104000000"},
                      {"@monthly", "20261231235959", "20270101000000"}};

const char* const kBad[] = {"",
                            "every",
                            "every 5min",
                            "every 4000d",
                            "every 7 d",
                            "every 7x",
                            "every -7d",
                            "* * * *",
                            "* * * * * *",
                            "60 * * * *",
                            "* 24 * * *",
                            "* * 0 * *",
                            "* * * 13 *",
                            "* * * * 8",
                            "5-1 * * * *",
                            "*/0 * * * *",
                            "a * * * *",
                            "1,,2 * * * *",
                            "0 0 30 2 *",
                            "@reboot",
                            "every 99999999999999999999d"};

/// Links by tag, and what was queued.
class Shelf final : public schedules::Archive {
 public:
  Result<std::vector<std::uint64_t>> links_of(Schedule::Of of, const std::string& what,
                                              std::size_t) override {
    if (of == Schedule::Of::kLink) return std::vector<std::uint64_t>{std::stoull(what)};
    return tags[what];
  }
  Result<> queue(std::uint64_t link_id) override {
    if (queued.size() >= room) return fail(Error::Code::kBusy, "too many wait");
    queued.push_back(link_id);
    return {};
  }
  std::map<std::string, std::vector<std::uint64_t>> tags;
  std::vector<std::uint64_t> queued;
  std::size_t room = 100;
};

struct Clock {
  sys_seconds now = at("20260101000000");
};

}  // namespace

BOOST_AUTO_TEST_SUITE(recurring)

BOOST_DATA_TEST_CASE(the_next_time_is_the_first_one_after, boost::unit_test::data::make(kNext),
                     row) {
  BOOST_TEST(Time14(Recurrence::parse(row.when).value().next(at(row.after))).text() == row.next);
}

BOOST_DATA_TEST_CASE(what_is_no_recurrence_is_refused, boost::unit_test::data::make(kBad), text) {
  BOOST_TEST(!Recurrence::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_is_due_is_queued_once_and_then_again) {
  const TempDir folder = test::temp_dir();
  const auto store = store::Store::open(folder.path() / "db").value();
  Shelf shelf;
  shelf.tags["news"] = {7, 8};
  Clock clock;
  schedules::Scheduler scheduler(*store, shelf, [&] { return clock.now; });
  const auto by_tag = scheduler.add("every 7d", Schedule::Of::kTag, "news").value();
  scheduler.add("0 0 2 * *", Schedule::Of::kLink, "5").value();
  scheduler.run_due();
  BOOST_TEST(shelf.queued.empty());
  clock.now = at("20260102000000");
  scheduler.run_due();
  scheduler.run_due();
  BOOST_TEST(shelf.queued == (std::vector<std::uint64_t>{5}));
  clock.now = at("20260301000000");  // as after a long pause: once, not as often as it was missed
  scheduler.run_due();
  scheduler.run_due();
  BOOST_TEST(shelf.queued == (std::vector<std::uint64_t>{5, 7, 8, 5}));
  const auto after = scheduler.get(by_tag.id).value();
  BOOST_TEST(after.last_queued == 2u);
  BOOST_TEST((after.next == at("20260308000000")));
}

BOOST_AUTO_TEST_CASE(a_full_queue_is_told_and_tried_again_the_next_time) {
  const TempDir folder = test::temp_dir();
  const auto store = store::Store::open(folder.path() / "db").value();
  Shelf shelf;
  shelf.tags["all"] = {1, 2, 3};
  shelf.room = 2;
  Clock clock;
  schedules::Scheduler scheduler(*store, shelf, [&] { return clock.now; });
  const auto id = scheduler.add("@daily", Schedule::Of::kTag, "all").value().id;
  BOOST_REQUIRE(scheduler.run_now(id));
  scheduler.run_due();
  BOOST_TEST(scheduler.get(id)->last_queued == 2u);
  BOOST_TEST(scheduler.get(id)->last_error == "too many wait");
}

BOOST_AUTO_TEST_CASE(schedules_outlive_a_restart_and_its_thread_runs_what_is_due) {
  const TempDir folder = test::temp_dir();
  Schedule kept;
  {
    const auto store = store::Store::open(folder.path() / "db").value();
    Shelf shelf;
    schedules::Scheduler scheduler(*store, shelf, [] { return at("20260101000000"); });
    kept = scheduler.add("every 1d", Schedule::Of::kLink, "9").value();
    const auto gone = scheduler.add("every 1d", Schedule::Of::kSearch, "tag:x words").value();
    BOOST_REQUIRE(scheduler.remove(gone.id));
    BOOST_TEST((scheduler.remove(gone.id).error().code == Error::Code::kNotFound));
  }
  const auto store = store::Store::open(folder.path() / "db").value();
  Shelf shelf;
  {
    schedules::Scheduler scheduler(*store, shelf);  // by the real clock it is due
    BOOST_REQUIRE(scheduler.start());
    BOOST_TEST(scheduler.list().size() == 1u);
    const auto until = steady_clock::now() + seconds(20);
    while (!scheduler.get(kept.id)->last && steady_clock::now() < until)
      std::this_thread::sleep_for(milliseconds(5));
  }
  BOOST_TEST(shelf.queued == (std::vector<std::uint64_t>{9}));
}

BOOST_AUTO_TEST_CASE(the_stored_form_reads_back) {
  const Schedule schedule{.id = 3,
                          .when = "@daily",
                          .of = Schedule::Of::kSearch,
                          .what = "a \"b\" \xc3\xa9",
                          .created = at("20260101000000"),
                          .next = at("20260102000000"),
                          .last = at("20260101000001"),
                          .last_queued = 4,
                          .last_error = "x"};
  BOOST_TEST((schedules::decode_schedule(schedules::encode(schedule)).value() == schedule));
  BOOST_TEST((schedules::decode_schedule("{\"v\":2}").error().code == Error::Code::kUnsupported));
  BOOST_TEST((schedules::decode_schedule("{").error().code == Error::Code::kCorrupt));
}

BOOST_AUTO_TEST_SUITE_END()
