#include "server/api/json_body.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "server/http/status.h"

namespace wm::api {

using nlohmann::json;

namespace {

constexpr std::uint64_t kMostOffset = 10'000'000;

Result<std::size_t> number(const server::Request& request, std::string_view name, std::uint64_t usual, std::uint64_t least, std::uint64_t most) {
  const auto given = request.parameter(name);
  if (!given) return static_cast<std::size_t>(usual);
  const auto value = parse_u64(*given);
  if (!value || *value < least || *value > most) return fail(Error::Code::kInvalid, fmt::format("{} must be {} to {}", name, least, most));
  return static_cast<std::size_t>(*value);
}

json optional_time(const std::optional<SysMicros>& at) { return at ? json(rfc3339(*at)) : json(nullptr); }

/// A runner's own JSON within ours.
json embedded(const std::string& text) {
  json value = json::parse(text, nullptr, false);
  return value.is_discarded() ? json(nullptr) : value;
}

}  // namespace

Result<JsonBody> JsonBody::parse(const server::Request& request) { return of(request.body); }

Result<JsonBody> JsonBody::of(std::string_view text) {
  JsonBody body;
  if (trim(text).empty()) {
    body.object_ = json::object();
    return body;
  }
  body.object_ = json::parse(text, nullptr, false);
  if (body.object_.is_discarded()) return fail(Error::Code::kInvalid, "the body is not JSON");
  if (!body.object_.is_object()) return fail(Error::Code::kInvalid, "the body is not a JSON object");
  return body;
}

Result<std::optional<std::string>> JsonBody::text(const char* name) {
  asked_.emplace_back(name);
  const auto field = object_.find(name);
  if (field == object_.end() || field->is_null()) return std::optional<std::string>();
  if (!field->is_string()) return fail(Error::Code::kInvalid, fmt::format("\"{}\" must be text", name));
  return std::optional<std::string>(field->get<std::string>());
}

Result<std::optional<bool>> JsonBody::flag(const char* name) {
  asked_.emplace_back(name);
  const auto field = object_.find(name);
  if (field == object_.end() || field->is_null()) return std::optional<bool>();
  if (!field->is_boolean()) return fail(Error::Code::kInvalid, fmt::format("\"{}\" must be true or false", name));
  return std::optional<bool>(field->get<bool>());
}

Result<std::optional<std::vector<std::string>>> JsonBody::texts(const char* name) {
  asked_.emplace_back(name);
  const auto field = object_.find(name);
  if (field == object_.end() || field->is_null()) return std::optional<std::vector<std::string>>();
  const bool right = field->is_array() && std::all_of(field->begin(), field->end(), [](const json& one) { return one.is_string(); });
  if (!right) return fail(Error::Code::kInvalid, fmt::format("\"{}\" must be a list of texts", name));
  return std::optional(field->get<std::vector<std::string>>());
}

Result<std::optional<std::uint64_t>> JsonBody::number(const char* name) {
  asked_.emplace_back(name);
  const auto field = object_.find(name);
  if (field == object_.end() || field->is_null()) return std::optional<std::uint64_t>();
  if (!field->is_number_unsigned()) return fail(Error::Code::kInvalid, fmt::format("\"{}\" must be a whole number", name));
  return std::optional(field->get<std::uint64_t>());
}

Result<std::optional<std::vector<std::uint64_t>>> JsonBody::numbers(const char* name, std::size_t most) {
  asked_.emplace_back(name);
  const auto field = object_.find(name);
  if (field == object_.end() || field->is_null()) return std::optional<std::vector<std::uint64_t>>();
  const bool right = field->is_array() && std::all_of(field->begin(), field->end(), [](const json& one) { return one.is_number_unsigned(); });
  if (!right) return fail(Error::Code::kInvalid, fmt::format("\"{}\" must be a list of whole numbers", name));
  if (field->size() > most) return fail(Error::Code::kInvalid, fmt::format("\"{}\" holds more than {} numbers", name, most));
  return std::optional(field->get<std::vector<std::uint64_t>>());
}

Result<std::optional<SysMicros>> JsonBody::time(const char* name) {
  const auto written = WM_TRY(text(name));
  if (!written) return std::optional<SysMicros>();
  const auto at = parse_w3c_date(*written);
  if (!at) return fail(Error::Code::kInvalid, fmt::format("\"{}\" must be a date such as 2026-11-24T21:11:00Z", name));
  return at;
}

Result<std::optional<JsonBody>> JsonBody::object(const char* name) {
  asked_.emplace_back(name);
  const auto field = object_.find(name);
  if (field == object_.end() || field->is_null()) return std::optional<JsonBody>();
  if (!field->is_object()) return fail(Error::Code::kInvalid, fmt::format("\"{}\" must be an object", name));
  JsonBody inner;
  inner.object_ = *field;
  return std::optional(std::move(inner));
}

Result<> JsonBody::finish() const {
  for (const auto& [name, value] : object_.items()) {
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) {
      return fail(Error::Code::kInvalid, "there is no field \"" + name.substr(0, 60) + "\" here; known are " + fmt::format("{}", fmt::join(asked_, ", ")));
    }
  }
  return {};
}

Result<Page> page_of(const server::Request& request, std::size_t usual, std::size_t most) {
  const std::size_t limit = WM_TRY(number(request, "limit", usual, 1, most));
  const std::size_t offset = WM_TRY(number(request, "offset", 0, 0, kMostOffset));
  return Page{limit, offset};
}

Result<std::uint64_t> id_of(std::string_view text) {
  const auto id = parse_u64(text);
  if (!id || *id == 0) return fail(Error::Code::kNotFound, "not a number of anything here: " + std::string(text.substr(0, 40)));
  return *id;
}

std::string rfc3339(SysMicros at) { return w3c_date_micros(at); }

json to_json(const links::Snapshot& s) {
  return {{"timestamp", s.time.text()}, {"replay_path", s.replay_path()}, {"url", s.url},       {"status", s.status}, {"mime", s.mime},     {"engine", s.engine},
          {"resources", s.resources},   {"revisits", s.revisits},         {"missed", s.missed}, {"bytes", s.bytes},   {"warc", s.warc},     {"job_id", s.job_id}};
}

json to_json(const jobs::Job& job) {
  return {{"id", job.id},
          {"kind", job.kind},
          {"state", std::string(jobs::name_of(job.state))},
          {"link_id", job.link_id != 0 ? json(job.link_id) : json(nullptr)},
          {"url", job.url},
          {"attempts", job.attempts},
          {"created", rfc3339(job.created)},
          {"not_before", rfc3339(job.not_before)},
          {"started", optional_time(job.started)},
          {"finished", optional_time(job.finished)},
          {"error", job.error.empty() ? json(nullptr) : json{{"code", job.error_code}, {"message", job.error}}},
          {"progress", embedded(job.progress)},
          {"result", embedded(job.result)}};
}

server::Response answer(int status, const json& body) {
  return server::Response::json(status, body.dump(-1, ' ', false, json::error_handler_t::replace));
}

server::Response no_content() {
  server::Response response;
  response.status = 204;
  return response;
}

server::Response refuse(const Error& error) {
  switch (error.code) {
    case Error::Code::kInvalid:
    case Error::Code::kNotFound:
    case Error::Code::kConflict:
    case Error::Code::kDenied:
    case Error::Code::kBusy: return server::error_response(error, error.what);
    default: log::error("api: {}", error.what); return server::error_response(error);
  }
}

}  // namespace wm::api
