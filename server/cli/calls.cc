#include "server/cli/calls.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "core/html/tokenizer.h"

namespace wm::cli {

using nlohmann::json;

namespace {

Error::Code code_of(int status) {
  if (status == 404) return Error::Code::kNotFound;
  if (status == 409 || status == 412) return Error::Code::kConflict;
  if (status == 401 || status == 403) return Error::Code::kDenied;
  return status >= 500 ? Error::Code::kIo : Error::Code::kInvalid;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

}  // namespace

Result<json> call_json(Client& client, std::string_view method, const std::string& target, const json& body) {
  const Reply reply = WM_TRY(client.call(method, target, body.is_null() ? std::string() : printable(body)));
  if (reply.status == 204) return json();
  json value = json::parse(reply.body, nullptr, false);
  if (reply.status >= 400) {
    const bool told = value.is_object() && value.contains("error") && value["error"].is_object();
    return fail(code_of(reply.status), told ? value["error"].value("message", "") : fmt::format("the server answered {}", reply.status));
  }
  if (value.is_discarded()) return fail(Error::Code::kCorrupt, "the server's answer is not JSON");
  return value;
}

Result<json> wait_for_job(Client& client, std::uint64_t id, const std::function<void(const json&)>& progress) {
  for (;;) {
    json job = WM_TRY(call_json(client, "GET", fmt::format("/api/v1/jobs/{}", id)));
    const std::string state = job.value("state", "");
    if (state != "queued" && state != "running") return job;
    if (progress) progress(job);
    std::this_thread::sleep_for(std::chrono::milliseconds(client.is_remote() ? 150 : 20));
  }
}

std::string printable(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string plain_snippet(std::string_view html) {
  std::string text(html);
  replace_all(text, "<mark>", "[");
  replace_all(text, "</mark>", "]");
  return html::decode_references(text, html::InAttribute::kNo);
}

}  // namespace wm::cli
