#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time14.h"
#include "server/http/message.h"

namespace wm::server {

/// An entity tag (RFC 9110 8.8.3).
struct ETag {
  std::string opaque;  ///< without its quotes
  bool weak = false;
  std::string text() const { return (weak ? "W/\"" : "\"") + opaque + "\""; }
};

/// Both strong and the same. If-Match and If-Range ask for this.
bool strongly_equal(const ETag& a, const ETag& b);
/// The same, whatever their strength. If-None-Match asks for this.
bool weakly_equal(const ETag& a, const ETag& b);

/// What is known of the representation that would be sent.
struct Validators {
  std::optional<ETag> etag{};
  std::optional<SysSeconds> modified{};
};

/// Does the value of If-Match or If-None-Match ("*" or a list of tags; what is malformed ends the
/// list) name `etag`?
bool list_names(std::string_view value, const ETag& etag, bool (*equal)(const ETag&, const ETag&));

enum class Precondition { kProceed, kNotModified, kFailed };
/// RFC 9110 13.2.2, without If-Range (range.h). kNotModified: 304; kFailed: 412.
Precondition check_preconditions(const Request& request, const Validators& validators);

/// Sets ETag and Last-Modified.
void add_validators(Response& response, const Validators& validators);
/// The 304 or 412 that a precondition asks for, nullopt to go on.
std::optional<Response> precondition_answer(const Request& request, const Validators& validators);

}  // namespace wm::server
