#include "archiver/capture/exchange_rules.h"

#include "core/url/url.h"

namespace wm::archiver {

bool is_redirect(const fetch::Exchange& exchange) {
  const int status = exchange.response.status;
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         exchange.response.headers.has("Location");
}

std::optional<std::string> redirect_target(const fetch::Exchange& exchange) {
  const auto location = exchange.response.headers.find("Location");
  const auto from = url::Url::parse(exchange.url);
  if (!location || !from) return std::nullopt;
  const auto target = url::Url::parse(*location, &*from);
  if (!target) return std::nullopt;
  return target->href_without_fragment();
}

Result<> check_page_is_whole(const std::string& url, fetch::Truncated truncated,
                             std::uint64_t body_bytes, std::string_view mime) {
  if (truncated == fetch::Truncated::kNo) return {};
  if (truncated == fetch::Truncated::kLength) {
    return fail(Error::Code::kTooLarge,
                url + " is larger than the limit of fetch.resource_bytes or capture.capture_bytes");
  }
  if (body_bytes > 0 && mime == "text/html") return {};
  const bool late = truncated == fetch::Truncated::kTime;
  return fail(
      late ? Error::Code::kTimeout : Error::Code::kIo,
      url + (late ? " took too long" : " was cut off: the connection ended before the body did"));
}

}  // namespace wm::archiver
