#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "server/cli/calls.h"
#include "server/cli/commands.h"

namespace wm::cli {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

std::string bytes_text(double bytes) {
  for (const char* unit : {"B", "kB", "MB", "GB"}) {
    if (bytes < 1000) return fmt::format("{:.{}f} {}", bytes, *unit == 'B' ? 0 : 1, unit);
    bytes /= 1000;
  }
  return fmt::format("{:.1f} TB", bytes);
}

/// One line on a terminal that is written over: what is done, how fast, how long it will take. Nothing anywhere else.
class ProgressLine {
 public:
  explicit ProgressLine(std::string name) : name_(std::move(name)), on_(::isatty(STDERR_FILENO) == 1) {}
  ~ProgressLine() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const json& job) {
    if (!on_ || !job.contains("progress") || !job["progress"].is_object()) return;
    const json& progress = job["progress"];
    const std::string phase = progress.value("phase", "");
    const double done = progress.value("bytes", progress.value("count", 0.0)), of = progress.value("of", 0.0);
    const auto now = Clock::now();
    if (phase != phase_) {
      phase_ = phase;
      began_ = now;
      first_ = done;
    }
    const double seconds = std::chrono::duration<double>(now - began_).count();
    const double rate = seconds > 0.2 ? (done - first_) / seconds : 0;
    const auto amount = [counts = progress.contains("count")](double value) { return counts ? fmt::format("{:.0f}", value) : bytes_text(value); };
    std::string line = fmt::format("{}: {} {} of {}", name_, phase, amount(done), amount(of));
    if (rate > 0) line += fmt::format(", {}/s, {} s left", amount(rate), static_cast<std::uint64_t>(std::max(0.0, (of - done) / rate) + 1));
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    shown_ = true;
  }

 private:
  const std::string name_;
  const bool on_;
  bool shown_ = false;
  std::string phase_;
  Clock::time_point began_;
  double first_ = 0;
};

/// The jobs of one argument; with their paths as the user would write them.
Result<json> begin(Client& client, const ImportOptions& options, const std::string& file, std::string& absolute) {
  std::error_code error;
  const auto path = std::filesystem::absolute(file, error);
  if (error) return fail(Error::Code::kInvalid, file + ": " + error.message());
  absolute = path.string();
  json wish = {{"path", absolute}, {"collection", options.collection}, {"dry_run", options.dry_run}, {"link", options.link}, {"links", options.links}, {"capture", !options.no_capture}};
  if (!options.url.empty()) wish["url"] = options.url;
  return call_json(client, "POST", "/api/v1/imports", wish);
}

Result<json> result_of(Client& client, std::uint64_t id, const std::string& name) {
  ProgressLine line(name);
  json job = WM_TRY(wait_for_job(client, id, [&line](const json& state) { line.show(state); }));
  if (job.value("state", "") == "done") return std::move(job["result"]);
  const bool told = job.contains("error") && job["error"].is_object();
  return fail(Error::Code::kInvalid, told ? job["error"].value("message", "") : job.value("state", ""));
}

void show(const Common& common, const json& result) {
  if (common.json) {
    std::printf("%s\n", printable(result).c_str());
    return;
  }
  std::string line = fmt::format("{}: {}, {} records, {} new captures", result.value("file", ""), result.value("kind", ""), result["records"].dump(), result["captures"].dump());
  if (result.value("links", 0) > 0) line += fmt::format(", {} new links", result["links"].dump());
  if (result.contains("signature") && result["signature"].is_object()) {
    const json& signature = result["signature"];
    line += ", " + (signature.value("state", "") == "unsigned" ? "unsigned" : "signature " + signature.value("state", ""));
    if (signature.contains("signer") && signature["signer"].is_string()) line += " (" + signature["signer"].get<std::string>() + ")";
  }
  line += fmt::format(", {} errors{}", result.value("error_count", result["errors"].size()), result.value("already_imported", false) ? " (imported before)" : "");
  std::printf("%s\n", line.c_str());
  for (const json& one : result.value("lines", json::array())) {
    std::fprintf(stderr, "  line %s: %s: %s\n", one["line"].dump().c_str(), one.value("url", "").c_str(), one.value("reason", "").c_str());
  }
  for (const json& one : result["errors"]) {
    const std::string where = one.value("member", "") + (one["offset"].is_null() ? "" : (one.contains("member") ? " at " : "at ") + one["offset"].dump());
    std::fprintf(stderr, "  %s%s%s\n", where.c_str(), where.empty() ? "" : ": ", one.value("reason", "").c_str());
  }
}

void show_failure(const Common& common, const std::string& file, const Error& error) {
  if (common.json) {
    const json errors = json::array({{{"offset", nullptr}, {"reason", error.what}}});
    std::printf("%s\n", printable({{"file", file}, {"kind", nullptr}, {"records", 0}, {"captures", 0}, {"links", 0}, {"skipped", 0}, {"errors", errors}}).c_str());
  } else {
    failed(Error{error.code, file + ": " + error.what});
  }
}

/// The path of a file below `absolute` as the user would have written it, who wrote `given` for that.
std::string as_given(const std::string& path, const std::string& absolute, const std::string& given) {
  if (!path.starts_with(absolute)) return path;
  std::string rest = path.substr(absolute.size());
  if (!rest.empty() && rest.front() != '/' && !given.ends_with('/')) rest.insert(0, "/");
  return given + rest;
}

bool import_one(const Common& common, Client& client, const ImportOptions& options, const std::string& given) {
  std::string absolute;
  const auto begun = begin(client, options, given, absolute);
  if (!begun) {
    show_failure(common, given, begun.error());
    return false;
  }
  const json& jobs = (*begun)["jobs"];
  if (jobs.empty()) {
    show_failure(common, given, Error{Error::Code::kNotFound, "no archive in this folder"});
    return false;
  }
  bool good = true;
  for (const json& one : jobs) {
    const std::string file = as_given(one.value("path", ""), absolute, given);
    auto result = result_of(client, one.value("job_id", std::uint64_t{0}), file);
    if (result) {
      (*result)["file"] = file;
      show(common, *result);
      // A file in which no record was found is no archive, whatever its name says.
      if ((*result).value("records", 0) == 0) good = false;
    } else {
      show_failure(common, file, result.error());
      good = false;
    }
  }
  return good;
}

}  // namespace

int import(const Common& common, const ImportOptions& options) {
  if (!options.url.empty() && options.files.size() != 1) {
    std::fprintf(stderr, "waymark: --url goes with one saved page\n");
    return 2;
  }
  auto client = Client::connect(common.data, common.settings);
  if (!client) return failed(client.error());
  bool good = true;
  for (const std::string& file : options.files) good = import_one(common, **client, options, file) && good;
  return good ? 0 : 1;
}

}  // namespace wm::cli
