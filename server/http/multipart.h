#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "server/http/message.h"

namespace wm::server {

/// One part of a multipart/form-data body (RFC 7578; names and file names escaped as the WHATWG
/// HTML standard has browsers do).
struct FormPart {
  std::string name;
  std::optional<std::string> filename{};  ///< without folders; nullopt: a plain field
  std::string content_type;               ///< "" if none was sent
  std::string_view data;                  ///< views the body
};

struct MultipartLimits {
  std::size_t parts = 1000;
  std::size_t head_bytes = 8 * 1024;  ///< of one part
  std::size_t name_bytes = 1024;
};

/// The parts of `body` in order; they view it. Linear. kUnsupported if `content_type` is no
/// multipart/form-data with a boundary, kInvalid if the body is not what that says or has no
/// closing boundary (a torn upload), kTooLarge at a limit.
Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body,
                                              MultipartLimits limits = {});
/// Of a request; the parts view its body.
Result<std::vector<FormPart>> parse_multipart(const Request& request, MultipartLimits limits = {});

}  // namespace wm::server
