#include "server/app/settings.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <concepts>
#include <tuple>
#include <toml++/toml.h>


#include "core/base/ascii.h"
#include "core/base/file.h"
#include "core/base/time14.h"

namespace wm::app {

using std::chrono::milliseconds;

namespace {

/// The one list of settings: their keys and where they live.
template <class S, class F>
void visit(S& s, F&& f) {
  f("server.listen", s.server.listen);
  f("server.replay_listen", s.server.replay_listen);
  f("server.app_url", s.server.app_url);
  f("server.replay_url", s.server.replay_url);
  f("server.request_threads", s.server.request_threads);
  f("server.request_queue", s.server.request_queue);
  f("server.connections", s.server.connections);
  f("server.body_bytes", s.server.body_bytes);
  f("server.head_timeout", s.server.head_timeout);
  f("server.keep_alive_timeout", s.server.keep_alive_timeout);
  f("server.send_timeout", s.server.send_timeout);
  f("server.shutdown_grace", s.server.shutdown_grace);
  f("auth.mode", s.auth.mode);
  f("auth.public_replay", s.auth.public_replay);
  f("auth.ticket_life", s.auth.ticket_life);
  f("fetch.connect_timeout", s.fetch.connect_timeout);
  f("fetch.request_timeout", s.fetch.request_timeout);
  f("fetch.idle_timeout", s.fetch.idle_timeout);
  f("fetch.parallel", s.fetch.parallel);
  f("fetch.parallel_per_host", s.fetch.parallel_per_host);
  f("fetch.redirects", s.fetch.redirects);
  f("fetch.user_agent", s.fetch.user_agent);
  f("fetch.accept_language", s.fetch.accept_language);
  f("fetch.allow_private", s.fetch.allow_private);
  f("fetch.proxy", s.fetch.proxy);
  f("fetch.ca_file", s.fetch.ca_file);
  f("capture.timeout", s.capture.timeout);
  f("capture.resource_bytes", s.capture.resource_bytes);
  f("capture.capture_bytes", s.capture.capture_bytes);
  f("capture.resources", s.capture.resources);
  f("capture.depth", s.capture.depth);
  f("capture.memory_bytes", s.capture.memory_bytes);
  f("capture.engine_rules", s.capture.engine_rules);
  f("browser.path", s.browser.path);
  f("browser.user", s.browser.user);
  f("browser.isolation", s.browser.isolation);
  f("browser.sandbox", s.browser.sandbox);
  f("browser.contexts", s.browser.contexts);
  f("browser.recycle_pages", s.browser.recycle_pages);
  f("browser.memory_bytes", s.browser.memory_bytes);
  f("browser.start_timeout", s.browser.start_timeout);
  f("browser.idle_timeout", s.browser.idle_timeout);
  f("browser.budget", s.browser.budget);
  f("browser.load_timeout", s.browser.load_timeout);
  f("browser.scroll_timeout", s.browser.scroll_timeout);
  f("browser.scroll_steps", s.browser.scroll_steps);
  f("browser.scroll_pixels", s.browser.scroll_pixels);
  f("browser.width", s.browser.width);
  f("browser.height", s.browser.height);
  f("browser.user_agent", s.browser.user_agent);
  f("browser.language", s.browser.language);
  f("browser.time_zone", s.browser.time_zone);
  f("browser.screenshots", s.browser.screenshots);
  f("browser.picture_pixels", s.browser.picture_pixels);
  f("browser.text_bytes", s.browser.text_bytes);
  f("browser.dom_bytes", s.browser.dom_bytes);
  f("browser.behaviours", s.browser.behaviours);
  f("jobs.workers", s.jobs.workers);
  f("jobs.waiting_limit", s.jobs.waiting_limit);
  f("jobs.attempts", s.jobs.attempts);
  f("jobs.retry_after", s.jobs.retry_after);
  f("jobs.per_host", s.jobs.per_host);
  f("jobs.host_pause", s.jobs.host_pause);
  f("index.text_bytes", s.index.text_bytes);
  f("index.decoded_bytes", s.index.decoded_bytes);
  f("index.block_cache_bytes", s.index.block_cache_bytes);
  f("journal.file_bytes", s.journal.file_bytes);
  f("replay.decoded_bytes", s.replay.decoded_bytes);
  f("replay.decode_ratio", s.replay.decode_ratio);
  f("replay.rewrite_bytes", s.replay.rewrite_bytes);
  f("replay.tried_captures", s.replay.tried_captures);
  f("replay.cdx_scan_rows", s.replay.cdx_scan_rows);
  f("replay.timemap_page", s.replay.timemap_page);
  f("replay.fuzzy_rules", s.replay.fuzzy_rules);
  f("replay.access_rules", s.replay.access_rules);
  f("replay.wombat_folder", s.replay.wombat_folder);
  f("replay.proxy_listen", s.replay.proxy_listen);
  f("replay.proxy_collection", s.replay.proxy_collection);
  f("replay.proxy_time", s.replay.proxy_time);
  f("replay.proxy_connections", s.replay.proxy_connections);
  f("exports.zipnum_above", s.exports.zipnum_above);
  f("exports.keep", s.exports.keep);
  f("links.trash_after", s.links.trash_after);
  f("links.tracking_file", s.links.tracking_file);
  f("log.level", s.log.level);
  f("log.file", s.log.file);
}

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr std::array<Unit, 6> kDurations = {{{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}, {"", 1000}}};
constexpr std::array<Unit, 5> kSizes = {{{"KiB", 1ull << 10}, {"MiB", 1ull << 20}, {"GiB", 1ull << 30}, {"TiB", 1ull << 40}, {"", 1}}};

/// Digits, an optional blank and one of the units; "" among the units is what a bare number means.
template <std::size_t N>
std::optional<std::uint64_t> with_unit(std::string_view text, const std::array<Unit, N>& units) {
  text = trim(text);
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  const auto number = parse_u64(text.substr(0, digits));
  const std::string_view unit = trim(text.substr(digits));
  for (const Unit& known : units) {
    if (number && iequals(unit, known.name) && *number <= UINT64_MAX / 2 / known.factor) return *number * known.factor;
  }
  return std::nullopt;
}

Result<> assign(std::string_view text, std::string& into) {
  into = std::string(text);
  return {};
}

Result<> assign(std::string_view text, bool& into) {
  if (text != "true" && text != "false") return fail(Error::Code::kInvalid, "true or false");
  into = text == "true";
  return {};
}

Result<> assign(std::string_view text, milliseconds& into) {
  const auto value = with_unit(text, kDurations);
  if (!value) return fail(Error::Code::kInvalid, "a duration such as 500ms, 20s, 3min, 2h or 7d");
  into = milliseconds(*value);
  return {};
}

template <std::unsigned_integral T>
Result<> assign(std::string_view text, T& into) {
  const auto value = with_unit(text, kSizes);
  if (!value) return fail(Error::Code::kInvalid, "a whole number, sizes with KiB, MiB or GiB if you like");
  into = static_cast<T>(*value);
  return {};
}

std::string show(const std::string& value) { return value; }
std::string show(bool value) { return value ? "true" : "false"; }
std::string show(std::uint64_t value) {
  for (auto unit = kSizes.rbegin() + 1; unit != kSizes.rend(); ++unit) {
    if (value > 0 && value % unit->factor == 0) return fmt::format("{}{}", value / unit->factor, unit->name);
  }
  return std::to_string(value);
}
std::string show(milliseconds value) {
  const auto count = static_cast<std::uint64_t>(value.count());
  for (auto unit = kDurations.rbegin() + 1; unit != kDurations.rend(); ++unit) {
    if (count > 0 && count % unit->factor == 0) return fmt::format("{}{}", count / unit->factor, unit->name);
  }
  return fmt::format("{}ms", count);
}

Result<> set_one(std::string_view key, std::string_view value, Settings& settings) {
  Result<> outcome = fail(Error::Code::kInvalid, "no setting is called " + std::string(key) + "; config/waymark.toml has them all");
  visit(settings, [&](std::string_view known, auto& into) {
    if (known != key) return;
    outcome = assign(value, into);
    if (!outcome) outcome = fail(Error::Code::kInvalid, fmt::format("{} = {}: must be {}", key, value, outcome.error().what));
  });
  return outcome;
}

std::optional<std::string> scalar(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return std::nullopt;
}

}  // namespace

Result<> read_settings(const std::filesystem::path& file, Settings& settings) {
  const std::string content = WM_TRY(read_file(file, 1 << 20));
  try {
    const toml::table root = toml::parse(content, file.string());
    for (const auto& [section, table] : root) {
      const auto line_of = [&](const toml::node& node) { return fmt::format("{}:{}: ", file.string(), node.source().begin.line); };
      if (!table.is_table()) return fail(Error::Code::kInvalid, line_of(table) + "settings stand in sections such as [fetch]");
      for (const auto& [name, node] : *table.as_table()) {
        const auto value = scalar(node);
        if (!value) return fail(Error::Code::kInvalid, line_of(node) + "a setting is text, a whole number, true or false");
        const auto set = set_one(fmt::format("{}.{}", section.str(), name.str()), *value, settings);
        if (!set) return fail(Error::Code::kInvalid, line_of(node) + set.error().what);
      }
    }
  } catch (const toml::parse_error& error) {
    return fail(Error::Code::kInvalid, fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  return {};
}

Result<> set_setting(std::string_view assignment, Settings& settings) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) return fail(Error::Code::kInvalid, "--set takes key=value, not " + std::string(assignment));
  return set_one(trim(assignment.substr(0, equals)), trim(assignment.substr(equals + 1)), settings);
}

Result<> check_settings(const Settings& settings) {
  const HostPort app = WM_TRY(parse_listen(settings.server.listen));
  const bool one_port = settings.server.replay_listen == kOnePort;
  const HostPort replay = one_port ? app : WM_TRY(parse_listen(settings.server.replay_listen));
  if (!one_port && app.port != 0 && app.port == replay.port && app.host == replay.host) {
    return fail(Error::Code::kInvalid, "server.listen and server.replay_listen must differ: archived pages run on an origin of their own. Where only one port can be had, replay_listen = \"same\"");
  }
  if (settings.auth.mode != "none" && settings.auth.mode != "password") return fail(Error::Code::kInvalid, "auth.mode must be none or password");
  for (const auto& [host, key, listen] : {std::tuple(app.host, "server.listen", settings.server.listen), std::tuple(replay.host, "server.replay_listen", settings.server.replay_listen)}) {
    if (settings.auth.mode != "none" || is_loopback(host)) continue;
    return fail(Error::Code::kDenied, "auth.mode none is for loopback only; " + std::string(key) + " is " + listen +
                                          ": use --auth password and `waymark user add NAME`");
  }
  if (!settings.replay.proxy_listen.empty() && !is_loopback(WM_TRY(parse_listen(settings.replay.proxy_listen)).host)) {
    return fail(Error::Code::kDenied, "replay.proxy_listen is for loopback only, and is " + settings.replay.proxy_listen);
  }
  if (!settings.replay.proxy_time.empty() && !Time14::parse_padded(settings.replay.proxy_time, Time14::Pad::kLatest)) {
    return fail(Error::Code::kInvalid, "replay.proxy_time must be 1 to 14 digits, and is " + settings.replay.proxy_time);
  }
  if (settings.browser.isolation != "auto" && settings.browser.isolation != "require" && settings.browser.isolation != "off")
    return fail(Error::Code::kInvalid, "browser.isolation must be auto, require or off");
  for (const std::string_view known : {"debug", "info", "warning", "error"}) {
    if (settings.log.level == known) return {};
  }
  return fail(Error::Code::kInvalid, "log.level must be debug, info, warning or error");
}

std::vector<SettingLine> list_settings(const Settings& settings) {
  std::vector<SettingLine> lines;
  visit(settings, [&lines](std::string_view key, const auto& value) { lines.push_back({std::string(key), show(value)}); });
  return lines;
}

Result<HostPort> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string_view::npos ? std::nullopt : parse_u64(text.substr(colon + 1));
  if (!port || *port > 65535) return fail(Error::Code::kInvalid, "not an address to listen on, host:port: " + std::string(text));
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host.empty()) return fail(Error::Code::kInvalid, "not an address to listen on, host:port: " + std::string(text));
  return HostPort{std::string(host), static_cast<std::uint16_t>(*port)};
}

bool is_loopback(std::string_view host) {
  in_addr v4{};
  const bool is_v4 = inet_pton(AF_INET, std::string(host).c_str(), &v4) == 1;  // a name may start with "127." too
  return iequals(host, "localhost") || host == "::1" || (is_v4 && (ntohl(v4.s_addr) >> 24) == 127);
}

}  // namespace wm::app
