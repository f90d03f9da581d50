#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/url/url.h"
#include "server/cli/commands.h"
#include "server/cli/calls.h"
#include "server/links/tag.h"

namespace wm::cli {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct Begun {
  std::string url;
  std::uint64_t link_id = 0;
  std::uint64_t job_id = 0;
  std::string error;
};

Begun begin(Client& client, const Common& common, const AddOptions& options, const std::string& url) {
  Begun begun{.url = url, .link_id = 0, .job_id = 0, .error = {}};
  const bool own_settings = client.is_remote() && !common.set.empty();
  json body = {{"url", url}, {"title", options.title}, {"tags", options.tags}, {"engine", options.engine}, {"capture", !own_settings}};
  auto added = call_json(client, "POST", "/api/v1/links", body);
  if (!added) {
    begun.error = added.error().what;
    return begun;
  }
  begun.link_id = added->value("id", std::uint64_t{0});
  begun.url = added->value("url", url);
  if (!own_settings) {
    begun.job_id = added->contains("job") && (*added)["job"].is_object() ? (*added)["job"].value("id", std::uint64_t{0}) : 0;
    return begun;
  }
  const auto job = call_json(client, "POST", "/api/v1/captures", {{"link_id", std::to_string(begun.link_id)}, {"settings", common.set}});
  if (job) {
    begun.job_id = job->value("job_id", std::uint64_t{0});
  } else {
    begun.error = job.error().what;
  }
  return begun;
}

/// {"id","url","status","error","snapshot"} of a link whose capture has begun, ended or failed.
json outcome(const Begun& begun, const json& job) {
  json item = {{"id", begun.link_id != 0 ? json(begun.link_id) : json(nullptr)}, {"url", begun.url}, {"status", "queued"}, {"error", nullptr}, {"snapshot", nullptr}};
  if (!begun.error.empty()) {
    item["status"] = "failed";
    item["error"] = begun.error;
    return item;
  }
  const std::string state = job.value("state", "queued");
  if (state == "done") {
    item["status"] = "done";
    item["snapshot"] = job.value("result", json(nullptr));
  } else if (state == "failed" || state == "cancelled") {
    item["status"] = "failed";
    item["error"] = job.contains("error") && job["error"].is_object() ? job["error"].value("message", state) : state;
  }
  return item;
}

void show(const Common& common, const json& item) {
  if (common.json) {
    std::printf("%s\n", printable(item).c_str());
  } else if (item["status"] == "done") {
    const json& s = item["snapshot"];
    if (s.value("status", 200) >= 400) std::printf("note    the page answered with status %d\n", s.value("status", 0));
    std::printf("saved   %s  %s\n        %llu resources, %llu bytes\n", item["url"].get<std::string>().c_str(), s.value("replay_path", "").c_str(),
                static_cast<unsigned long long>(s.value("resources", 0ull)), static_cast<unsigned long long>(s.value("bytes", 0ull)));
  } else if (item["status"] == "queued") {
    std::printf("queued  %s\n", item["url"].get<std::string>().c_str());
  } else {
    std::fprintf(stderr, "failed  %s: %s\n", item["url"].get<std::string>().c_str(), item["error"].get<std::string>().c_str());
  }
  std::fflush(stdout);
}

void print_hit(const json& hit) {
  std::printf("%s\n  %s\n", hit.value("title", "").c_str(), hit.value("url", "").c_str());
  if (hit.contains("timestamp") && hit["timestamp"].is_string()) std::printf("  %s", hit["timestamp"].get<std::string>().c_str());
  for (const json& tag : hit.value("tags", json::array())) std::printf("  #%s", tag.get<std::string>().c_str());
  std::printf("\n");
  for (const json& snippet : hit.value("snippets", json::array())) std::printf("  … %s\n", plain_snippet(snippet.get<std::string>()).c_str());
}

}  // namespace

namespace {

/// What a running server would not take for one capture.
Result<> check_settings(const Common& common) {
  for (const std::string& assignment : common.set) {
    if (assignment.starts_with("fetch.") || assignment.starts_with("capture.")) continue;
    return fail(Error::Code::kInvalid, "a server runs on this data folder: of its settings only fetch.* and capture.* can be set for one capture, not " + assignment);
  }
  return {};
}

}  // namespace

int add(const Common& common, const AddOptions& options) {
  for (const std::string& tag : options.tags) {
    if (const auto clean = links::clean_tag(tag); !clean) return usage_error(clean.error().what);
  }
  auto client = Client::connect(common.data, common.settings);
  if (!client) return failed(client.error());
  if (const auto checked = check_settings(common); (*client)->is_remote() && !checked) return usage_error(checked.error().what);
  std::vector<Begun> all;
  for (const std::string& url : options.urls) all.push_back(begin(**client, common, options, url));
  // Without a server nobody would run the jobs later: the captures are made now.
  const bool wait = options.wait || !(*client)->is_remote();
  bool good = true;
  for (const Begun& begun : all) {
    json job = json::object();
    if (begun.error.empty() && begun.job_id != 0) {
      auto ended = wait ? wait_for_job(**client, begun.job_id) : call_json(**client, "GET", fmt::format("/api/v1/jobs/{}", begun.job_id));
      if (ended) {
        job = std::move(*ended);
      } else {
        job = {{"state", "failed"}, {"error", {{"message", ended.error().what + "; the job itself is kept"}}}};
      }
    }
    const json item = outcome(begun, job);
    good = good && item["status"] != "failed";
    show(common, item);
  }
  return good ? 0 : 1;
}

int search(const Common& common, const SearchOptions& options) {
  auto client = Client::connect_existing(common.data, common.settings);
  if (!client) return failed(client.error());
  const auto found = call_json(**client, "GET", fmt::format("/api/v1/search?q={}&limit={}&offset={}", url::percent_encode_component(options.query), options.limit, options.offset));
  if (!found) return failed(found.error());
  if (common.json) {
    std::printf("%s\n", printable({{"total", (*found)["total"]}, {"note", (*found)["note"]}, {"results", (*found)["results"]}}).c_str());
    return 0;
  }
  if (const std::string note = found->value("note", ""); !note.empty()) std::printf("note: %s\n", note.c_str());
  for (const json& hit : (*found)["results"]) print_hit(hit);
  std::printf("%s found\n", (*found)["total"].dump().c_str());
  return 0;
}

}  // namespace wm::cli
