#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "server/http/message.h"
#include "server/jobs/job.h"
#include "server/links/link.h"

namespace wm::api {

/// A request's JSON object, read field by field. An unknown field, a wrong type or a body that is no object is kInvalid with the field's name.
class JsonBody {
 public:
  /// An empty body is an empty object.
  static Result<JsonBody> parse(const server::Request& request);
  /// An object that was kept, of a job.
  static Result<JsonBody> of(std::string_view text);
  /// nullopt if the field is missing or null.
  Result<std::optional<std::string>> text(const char* name);
  Result<std::optional<bool>> flag(const char* name);
  Result<std::optional<std::vector<std::string>>> texts(const char* name);
  Result<std::optional<std::uint64_t>> number(const char* name);
  /// At most `most` of them.
  Result<std::optional<std::vector<std::uint64_t>>> numbers(const char* name, std::size_t most);
  /// A date as RFC 3339 has it, such as 2026-11-24T21:11:00Z.
  Result<std::optional<SysMicros>> time(const char* name);
  /// An object within, to be read and finished like the whole; nullopt if there is none.
  Result<std::optional<JsonBody>> object(const char* name);
  /// After all fields were asked for: kInvalid names one that nobody asked for.
  Result<> finish() const;
  /// As it is, asked for or not.
  const nlohmann::json& raw() const { return object_; }

 private:
  nlohmann::json object_;
  std::vector<std::string> asked_;
};

/// A page of a list: limit 1 to `most`, offset 0 to 10 million.
struct Page {
  std::size_t limit;
  std::size_t offset;
};
Result<Page> page_of(const server::Request& request, std::size_t usual, std::size_t most);
Result<std::uint64_t> id_of(std::string_view text);

std::string rfc3339(SysMicros at);
nlohmann::json to_json(const links::Snapshot& snapshot);
nlohmann::json to_json(const jobs::Job& job);

/// An answer of JSON; invalid UTF-8 in it becomes U+FFFD.
server::Response answer(int status, const nlohmann::json& body);
server::Response no_content();
/// The refusal for an error: its text is shown where the fault is the caller's, and logged otherwise.
server::Response refuse(const Error& error);
/// What `work` gives, or the refusal.
template <class F>
server::Response respond(F&& work) {
  Result<server::Response> response = work();
  return response ? std::move(*response) : refuse(response.error());
}

}  // namespace wm::api
