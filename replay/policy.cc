#include "replay/policy.h"

#include "core/base/ascii.h"

namespace wm::replay {
namespace {

std::string frame_ancestors(std::string_view app_origin) {
  std::string rule = "frame-ancestors 'self'";
  if (is_origin(app_origin)) (rule += ' ') += app_origin;
  return rule;
}

}  // namespace

bool is_origin(std::string_view text) {
  const std::size_t scheme = text.starts_with("http://") ? 7 : text.starts_with("https://") ? 8 : 0;
  if (scheme == 0 || text.size() == scheme) return false;
  for (const char c : text.substr(scheme)) {
    if (!is_alnum(c) && c != '.' && c != '-' && c != ':' && c != '[' && c != ']' && c != '_')
      return false;
  }
  return true;
}

std::string archived_policy(std::string_view app_origin) {
  // 'self' is the replay origin by whatever name the client reached it.
  return "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob: mediastream:; "
         "connect-src 'self' data: blob:; img-src 'self' data: blob:; media-src 'self' data: blob: "
         "mediastream:; "
         "worker-src 'self' blob:; frame-src 'self' data: blob:; form-action 'self'; base-uri "
         "'self'; "
         "manifest-src 'self'; webrtc 'block'; " +
         frame_ancestors(app_origin);
}

std::string own_policy(std::string_view app_origin) {
  return "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
         "base-uri 'none'; " +
         frame_ancestors(app_origin);
}

void add_archived_policy(http::Headers& headers, std::string_view app_origin) {
  add_policy(headers, archived_policy(app_origin));
  // Redirects of replay never leave it.
  headers.add("Connection-Allowlist", "(response-origin);redirects=allow");
}

void add_policy(http::Headers& headers, std::string_view policy) {
  headers.add("Content-Security-Policy", policy);
  // Leaked host-relative requests are put right by their Referer; no other origin gets one.
  headers.add("Referrer-Policy", "same-origin");
  headers.add("X-DNS-Prefetch-Control", "off");
  headers.add("Permissions-Policy",
              "accelerometer=(), camera=(), display-capture=(), geolocation=(), "
              "gyroscope=(), hid=(), "
              "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), "
              "serial=(), usb=()");
}

}  // namespace wm::replay
