#include <boost/test/unit_test.hpp>

#include <atomic>
#include <latch>
#include <thread>

#include "core/base/bounded_queue.h"
#include "core/base/serial_executor.h"
#include "core/base/thread_pool.h"

namespace wm {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(every_task_runs_once) {
  std::atomic<int> ran = 0;
  std::latch done(100);
  ThreadPool pool(4, 200, "test");
  for (int i = 0; i < 100; ++i) {
    BOOST_REQUIRE(pool.submit([&] {
      ++ran;
      done.count_down();
    }));
  }
  done.wait();
  BOOST_TEST(ran == 100);
}

BOOST_AUTO_TEST_CASE(a_full_pool_says_so) {
  std::latch started(1), go(1);
  ThreadPool pool(1, 1, "test");
  BOOST_REQUIRE(pool.submit([&] {
    started.count_down();
    go.wait();
  }));
  started.wait();
  BOOST_TEST(pool.submit([] {}));
  BOOST_TEST(!pool.submit([] {}));
  BOOST_TEST(pool.waiting() == 1u);
  go.count_down();
}

BOOST_AUTO_TEST_CASE(a_queue_hands_values_over_in_order_and_ends_when_closed) {
  BoundedQueue<int> queue(2);
  std::atomic<int> pushed = 0;  // Boost.Test's checks are for one thread
  std::jthread producer([&] {
    for (int i = 0; i < 1000; ++i) pushed += queue.push(i, 10s) ? 1 : 0;
    queue.close();
  });
  for (int i = 0; i < 1000; ++i) BOOST_REQUIRE(queue.pop(10s).value() == i);
  producer.join();
  BOOST_TEST(pushed == 1000);
  BOOST_TEST(!queue.pop(10s).has_value());
  BOOST_TEST(!queue.push(1, 1ms));
}

BOOST_AUTO_TEST_CASE(a_full_queue_gives_up_after_its_time) {
  BoundedQueue<int> queue(1);
  BOOST_TEST(queue.push(1, 1ms));
  BOOST_TEST(!queue.push(2, 1ms));
  BOOST_TEST(queue.pop(1ms).value() == 1);
  BOOST_TEST(!queue.pop(1ms).has_value());
}

BOOST_AUTO_TEST_CASE(a_serial_executor_runs_in_order_on_one_thread_and_finishes_what_it_took) {
  std::vector<int> order;
  {
    SerialExecutor executor(10, "test");
    const auto thread = executor.run([]() -> Result<std::thread::id> { return std::this_thread::get_id(); });
    BOOST_TEST((thread.value() != std::this_thread::get_id()));
    for (int i = 0; i < 100; ++i) BOOST_REQUIRE(executor.submit([&order, i] { order.push_back(i); }));
  }
  BOOST_REQUIRE(order.size() == 100u);
  BOOST_TEST(std::is_sorted(order.begin(), order.end()));
}

}  // namespace wm
