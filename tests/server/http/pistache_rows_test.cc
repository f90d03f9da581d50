// What Pistache 0.0.5 does by itself, and our server must not: one case for each thing that was
// seen (docs/decisions/0501-own-transport.md).
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <random>
#include <thread>

#include "tests/server/http/test_server.h"

using namespace wm;
using namespace wm::server;
using namespace wm::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(what_pistache_does)

BOOST_AUTO_TEST_CASE(a_target_with_an_url_in_it_reaches_the_handler_byte_for_byte) {
  TestServer server(echo);
  auto client = server.connect();
  for (const std::string target :
       {"/web/2020/http://a.example/p", "/web/2020id_/https://a.example//x/../y%2F?q=%20", "//",
        "/%00%zz"}) {
    BOOST_TEST(client.get(target).value().body == "GET " + target + "\n");
  }
}

BOOST_AUTO_TEST_CASE(the_query_keeps_order_repeats_and_its_raw_text) {
  TestServer server([](const Request& request) {
    return Response::text(
        200, std::string(request.query()) + "|" + request.parameter("a").value_or("none"));
  });
  BOOST_TEST(http_get(server.port(), "/p?b=2&a=1&a=3&&x=%20y&b=2&c").value().body ==
             "b=2&a=1&a=3&&x=%20y&b=2&c|1");
}

BOOST_AUTO_TEST_CASE(two_request_headers_of_one_name_are_both_kept) {
  TestServer server([](const Request& request) {
    std::string all;
    for (const auto& field : request.head.headers) all += field.name + "=" + field.value + ";";
    return Response::text(200, all);
  });
  const auto answer =
      http_get(server.port(), "/", {{"Host", "h"}, {"X-One", "a"}, {"x-one", "b"}, {"X-ONE", "a"}});
  BOOST_TEST(answer.value().body == "Host=h;X-One=a;x-one=b;X-ONE=a;");
}

BOOST_AUTO_TEST_CASE(any_response_header_is_written_repeats_too) {
  TestServer server([](const Request&) {
    Response response = Response::text(200, "x");
    response.headers.add("Link", "<http://a/>; rel=\"original\"");
    response.headers.add("Memento-Datetime", "Thu, 01 Jan 1998 00:00:00 GMT");
    response.headers.add("Set-Cookie", "a=1");
    response.headers.add("Set-Cookie", "b=2");
    return response;
  });
  const auto answer = http_get(server.port(), "/").value();
  BOOST_TEST(answer.header("Link") == "<http://a/>; rel=\"original\"");
  BOOST_TEST(answer.header("Memento-Datetime") == "Thu, 01 Jan 1998 00:00:00 GMT");
  BOOST_TEST(answer.head.headers.all("Set-Cookie").size() == 2u);
}

BOOST_AUTO_TEST_CASE(odd_cookies_dates_cache_control_and_accept_do_no_harm) {
  TestServer server(echo);
  auto client = server.connect();
  const http::Header kOdd[] = {{"Cookie", "a=b; c"},          {"Cache-Control", "max-age=, ,,=x"},
                               {"Date", "yesterday"},         {"Accept", "garbage"},
                               {"Accept", "a/b;q=7;;"},       {"Content-Type", "///"},
                               {"Content-Encoding", "what"},  {"Authorization", "?"},
                               {"If-Modified-Since", "never"}};
  for (const auto& header : kOdd)
    BOOST_TEST(client.get("/", {{"Host", "h"}, header}).value().status() == 200, header.name);
}

BOOST_AUTO_TEST_CASE(requests_in_one_segment_are_all_answered_in_order) {
  TestServer server(echo);
  auto client = server.connect();
  std::string all;
  for (int i = 0; i < 20; ++i) {
    all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  }
  BOOST_REQUIRE(client.send(all));
  for (int i = 0; i < 20; ++i)
    BOOST_TEST(client.receive().value().body == "POST /" + std::to_string(i) + "\nabc");
}

BOOST_AUTO_TEST_CASE(http11_without_a_connection_header_is_kept_alive) {
  TestServer server(echo);
  auto client = server.connect();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.get("/").value();
    BOOST_TEST(answer.status() == 200);
    BOOST_TEST(!answer.head.headers.has("Connection"));
  }
}

BOOST_AUTO_TEST_CASE(a_handler_slower_than_the_head_timeout_gets_no_408_into_its_exchange) {
  ListenOptions options;
  options.head_timeout = options.body_timeout = options.keep_alive_timeout = options.send_timeout =
      150ms;
  TestServer server(
      [](const Request& request) {
        std::this_thread::sleep_for(600ms);
        return echo(request);
      },
      options);
  auto client = server.connect();
  BOOST_TEST(client.get("/slow").value().body == "GET /slow\n");
  BOOST_TEST(client.get("/again").value().body == "GET /again\n");
}

BOOST_AUTO_TEST_CASE(a_query_of_5000_bytes_is_taken) {
  TestServer server(echo);
  const std::string target = "/p?q=" + std::string(5000, 'a');
  BOOST_TEST(http_get(server.port(), target).value().body == "GET " + target + "\n");
}

BOOST_AUTO_TEST_CASE(head_gets_the_length_and_no_body) {
  TestServer server([](const Request& request) {
    if (request.path() == "/stream") return stream_of(12345);
    return Response::text(200, "twelve bytes");
  });
  auto client = server.connect();
  BOOST_REQUIRE(
      client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: "
                  "h\r\nConnection: close\r\n\r\n"));
  BOOST_TEST(client.receive(HttpClient::Body::kNo).value().header("Content-Length") == "12");
  BOOST_TEST(client.receive(HttpClient::Body::kNo).value().header("Content-Length") == "12345");
  BOOST_TEST(client.receive_all().value() == "");
}

BOOST_AUTO_TEST_CASE(clients_that_do_not_read_cost_no_processor_and_stop_nobody) {
  TestServer server([](const Request& request) {
    if (request.path() == "/stream") return stream_of(1ull << 30);
    if (request.path() == "/chunks") return stream_of(1ull << 30, false);
    if (request.path() == "/whole") return Response::text(200, std::string(24 << 20, 'w'));
    return echo(request);
  });
  std::vector<HttpClient> stalled;
  for (int i = 0; i < 6; ++i) {
    stalled.push_back(server.connect());
    const char* const path[] = {"/stream", "/chunks", "/whole"};
    BOOST_REQUIRE(
        stalled.back().send("GET " + std::string(path[i % 3]) + " HTTP/1.1\r\nHost: h\r\n\r\n"));
    BOOST_TEST(stalled.back().receive_head().value().status == 200);
  }
  auto client = server.connect();
  for (int i = 0; i < 20; ++i)
    BOOST_TEST(client.get("/hello").value().status() == 200);  // lets the stalled ones fill up
  const auto before = cpu_time();
  std::this_thread::sleep_for(500ms);
  const auto spent = cpu_time() - before;
  BOOST_TEST(spent.count() < 150,
             "a spinning thread would have used 500 ms, this used " << spent.count());
  BOOST_TEST(client.get("/hello").value().status() == 200);
}

// Half of the clients leave at a random instant, so that descriptors are reused while answers are
// under way.
BOOST_AUTO_TEST_CASE(an_answer_never_reaches_another_client) {
  ListenOptions options;
  options.threads = 2;
  TestServer server(
      [](const Request& request) {
        std::this_thread::sleep_for(
            std::chrono::microseconds(request.head.target.size() * 7 % 300));
        return echo(request);
      },
      options);
  std::atomic<int> right = 0, wrong = 0, aborted = 0, failed = 0;
  std::vector<std::jthread> clients;
  const auto until = std::chrono::steady_clock::now() + 1500ms;
  for (unsigned k = 0; k < 6; ++k) {
    clients.emplace_back([&, k] {
      std::mt19937 random(k);
      for (int i = 0; std::chrono::steady_clock::now() < until; ++i) {
        auto client = HttpClient::connect(server.port());
        if (!client) continue;
        const std::string target = "/" + std::to_string(k) + "/" + std::to_string(i) + "/" +
                                   std::string(random() % 40, 'x');
        if (!client->send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n")) continue;
        if (random() % 2 == 0) {
          std::this_thread::sleep_for(std::chrono::microseconds(random() % 300));
          client->abort();
          ++aborted;
          continue;
        }
        const auto answer = client->receive();
        if (!answer) {
          ++failed;
        } else {
          ++(answer->body == "GET " + target + "\n" ? right : wrong);
        }
        client->abort();
      }
    });
  }
  clients.clear();
  BOOST_TEST_MESSAGE(right << " answered, " << aborted << " aborted");
  BOOST_TEST(wrong == 0);
  BOOST_TEST(failed == 0);
  BOOST_TEST(right > 100);
  BOOST_TEST(aborted > 100);
}

BOOST_AUTO_TEST_CASE(a_response_longer_than_every_timeout_is_not_cut_while_it_moves) {
  /// Gives a byte each 60 ms.
  class Slow final : public Source {
   public:
    Result<std::size_t> read(std::span<char> into) override {
      if (++count_ > 15) return 0;
      std::this_thread::sleep_for(60ms);
      into[0] = 's';
      return 1;
    }

   private:
    int count_ = 0;
  };
  ListenOptions options;
  options.head_timeout = options.body_timeout = options.keep_alive_timeout = options.send_timeout =
      200ms;
  TestServer server(
      [](const Request&) {
        Response response;
        response.stream = std::make_unique<Slow>();
        return response;
      },
      options);
  const auto answer = http_get(server.port(), "/").value();
  BOOST_TEST(answer.complete);
  BOOST_TEST(answer.body == std::string(15, 's'));
}

BOOST_AUTO_TEST_CASE(head_and_first_bytes_leave_in_one_write) {
  TestServer server([](const Request& request) {
    return request.path() == "/stream" ? stream_of(3000, false)
                                       : Response::text(200, std::string(3000, 'x'));
  });
  auto client = server.connect();
  for (const std::string path : {"/stream", "/text"}) {
    BOOST_REQUIRE(client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"));
    const std::string first = client.receive_some().value();
    BOOST_TEST(first.size() > 3000u, path << ": " << first.size());
  }
}

BOOST_AUTO_TEST_SUITE_END()
