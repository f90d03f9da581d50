#pragma once

#include <boost/test/unit_test.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "server/app/app.h"
#include "tests/support/test_support.h"

namespace wm::api {

struct Answer {
  int status = 0;
  http::Headers headers{};
  nlohmann::json body{};
  std::string header(std::string_view name) const { return std::string(headers.find(name).value_or("")); }
};

/// The whole product on an empty data folder, asked without a socket. Captures are not run: nothing starts the jobs.
struct ApiFixture {
  TempDir dir = test::temp_dir();
  std::unique_ptr<app::App> app = app::App::open(dir.path() / "data", {}).value();

  Answer call(const char* method, const std::string& target, const nlohmann::json& body = nullptr, const http::Headers& headers = {}) {
    server::Request request;
    request.head.method = method;
    request.head.target = target;
    request.head.headers = headers;
    request.head.headers.add("Host", "localhost");
    if (!body.is_null()) request.body = body.dump();
    request.peer_address = "127.0.0.1:1";
    request.peer_is_loopback = true;
    server::Response response = app->handle(request);
    return {.status = response.status, .headers = response.headers, .body = response.body.empty() ? nlohmann::json() : nlohmann::json::parse(response.body, nullptr, false)};
  }
  nlohmann::json add(const std::string& url, nlohmann::json more = nlohmann::json::object()) {
    more["url"] = url;
    more["capture"] = false;
    const Answer answer = call("POST", "/api/v1/links", more);
    BOOST_TEST((answer.status == 201 || answer.status == 200));
    return answer.body;
  }
  /// Runs the jobs until this one is over.
  nlohmann::json finish(const nlohmann::json& job_id) {
    if (!started_) BOOST_REQUIRE(app->start_jobs().has_value());
    started_ = true;
    for (int i = 0; i < 2000; ++i) {
      const Answer job = call("GET", "/api/v1/jobs/" + job_id.dump());
      if (job.body["state"] != "queued" && job.body["state"] != "running") return job.body;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    BOOST_FAIL("a job does not end");
    return {};
  }

 private:
  bool started_ = false;
};

}  // namespace wm::api
