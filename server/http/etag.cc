#include "server/http/etag.h"

#include "core/base/ascii.h"
#include "server/http/status.h"

namespace wm::server {

namespace {

/// Takes one tag off the front; nullopt if there is none.
std::optional<ETag> take_tag(std::string_view& text) {
  ETag tag;
  if (text.starts_with("W/")) {
    tag.weak = true;
    text.remove_prefix(2);
  }
  if (!text.starts_with('"')) return std::nullopt;
  const std::size_t end = text.find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  tag.opaque = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return tag;
}

std::optional<SysSeconds> date_field(const Request& request, std::string_view name) {
  const auto value = request.header(name);
  return value ? parse_http_date(*value) : std::nullopt;
}

}  // namespace

bool strongly_equal(const ETag& a, const ETag& b) {
  return !a.weak && !b.weak && a.opaque == b.opaque;
}
bool weakly_equal(const ETag& a, const ETag& b) {
  return a.opaque == b.opaque;
}

bool list_names(std::string_view value, const ETag& etag, bool (*equal)(const ETag&, const ETag&)) {
  if (trim(value) == "*") return true;
  for (;;) {
    while (!value.empty() &&
           (value.front() == ' ' || value.front() == '\t' || value.front() == ','))
      value.remove_prefix(1);
    const auto tag = take_tag(value);
    if (!tag) return false;
    if (equal(*tag, etag)) return true;
  }
}

Precondition check_preconditions(const Request& request, const Validators& validators) {
  const bool reading = request.method() == "GET" || request.method() == "HEAD";
  const http::Headers& headers = request.head.headers;
  // Steps 1 and 2
  if (headers.has("If-Match")) {
    const std::string value = headers.joined("If-Match");
    const bool matches =
        validators.etag ? list_names(value, *validators.etag, strongly_equal) : trim(value) == "*";
    if (!matches) return Precondition::kFailed;
  } else if (const auto since = date_field(request, "If-Unmodified-Since");
             since && validators.modified) {
    if (*validators.modified > *since) return Precondition::kFailed;
  }
  // Steps 3 and 4
  if (headers.has("If-None-Match")) {
    const std::string value = headers.joined("If-None-Match");
    const bool matches =
        validators.etag ? list_names(value, *validators.etag, weakly_equal) : trim(value) == "*";
    if (matches) return reading ? Precondition::kNotModified : Precondition::kFailed;
  } else if (const auto since = date_field(request, "If-Modified-Since");
             reading && since && validators.modified) {
    if (*validators.modified <= *since) return Precondition::kNotModified;
  }
  return Precondition::kProceed;
}

void add_validators(Response& response, const Validators& validators) {
  if (validators.etag) response.headers.set("ETag", validators.etag->text());
  if (validators.modified) response.headers.set("Last-Modified", http_date(*validators.modified));
}

std::optional<Response> precondition_answer(const Request& request, const Validators& validators) {
  switch (check_preconditions(request, validators)) {
    case Precondition::kProceed:
      return std::nullopt;
    case Precondition::kNotModified: {
      Response response{.status = 304};
      add_validators(response, validators);
      return response;
    }
    case Precondition::kFailed:
      break;
  }
  return error_response(412, "precondition_failed", "This has changed meanwhile.");
}

}  // namespace wm::server
