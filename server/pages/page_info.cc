#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/pages/page_archive.h"

namespace wm::pages {

using nlohmann::json;

namespace {

constexpr std::size_t kTold = 1000;
constexpr std::size_t kWordsBytes = 200;

void add(Missing& missing, const std::string& url, std::string reason) {
  ++missing.count;
  if (missing.resources.size() < kTold) missing.resources.push_back({url, std::move(reason)});
}

std::string text_in(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string()
             ? found->get<std::string>().substr(0, kWordsBytes)
             : std::string();
}

/// Browsers ask every site for it unbidden: a site without one lacks nothing.
bool is_unbidden(const std::string& url) {
  return url.ends_with("/favicon.ico") && std::ranges::count(url, '/') == 3;
}

/// "404" of an exchange that failed; "" of one that did not. Crawlers write status 0 and an error
/// for what was never answered.
std::string failure_of(const json& exchange) {
  if (!exchange.is_object()) return "";
  const std::string error = text_in(exchange, "error");
  const auto status = exchange.find("status");
  if (status == exchange.end() || !status->is_number_integer()) return error;
  const auto number = status->get<std::int64_t>();
  if (number >= 400 && number <= 599) return std::to_string(number);
  return number == 0 ? (error.empty() ? "no answer" : error) : "";
}

}  // namespace

std::optional<Missing> read_page_info(std::string_view text) {
  const json info = json::parse(text, nullptr, false);
  if (!info.is_object()) return std::nullopt;
  Missing missing;
  if (const auto missed = info.find("missed"); missed != info.end() && missed->is_array()) {
    for (const json& one : *missed) {
      if (!one.is_object()) continue;
      if (const auto url = one.find("url"); url != one.end() && url->is_string())
        add(missing, url->get<std::string>(), text_in(one, "reason"));
    }
  }
  if (const auto urls = info.find("urls"); urls != info.end() && urls->is_object()) {
    for (const auto& [url, exchange] : urls->items()) {
      const std::string reason = failure_of(exchange);
      if (!reason.empty() && !(reason == "404" && is_unbidden(url))) add(missing, url, reason);
    }
  }
  return missing;
}

}  // namespace wm::pages
