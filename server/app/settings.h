#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace wm::app {

/// server.replay_listen: no port of its own.
inline constexpr std::string_view kOnePort = "same";

/// Every setting of the product with its default. config/waymark.toml tells each in words; a test holds the two together.
struct Settings {
  struct Server {
    std::string listen = "127.0.0.1:8080";
    std::string replay_listen = "127.0.0.1:8081";
    std::string app_url;      ///< as browsers reach the app; "" = from the request's Host
    std::string replay_url;   ///< as browsers reach the replay origin; "" = the app's host with the replay port
    std::size_t request_threads = 4;
    std::size_t request_queue = 1000;
    std::size_t connections = 2000;
    std::uint64_t body_bytes = 32ull << 20;
    std::chrono::milliseconds head_timeout{15000};
    std::chrono::milliseconds keep_alive_timeout{60000};
    std::chrono::milliseconds send_timeout{60000};
    std::chrono::milliseconds shutdown_grace{10000};
  } server;
  struct Auth {
    std::string mode = "none";   ///< none (loopback only), password
    bool public_replay = false;  ///< mementos without a log-in
    std::chrono::milliseconds ticket_life{12 * 3600 * 1000};
  } auth;
  struct Fetch {
    std::chrono::milliseconds connect_timeout{15000};
    std::chrono::milliseconds request_timeout{60000};
    std::chrono::milliseconds idle_timeout{20000};
    std::size_t parallel = 24;
    std::size_t parallel_per_host = 6;
    std::size_t redirects = 10;
    std::string user_agent;
    std::string accept_language = "en-US,en;q=0.9,*;q=0.5";
    bool allow_private = false;
    std::string proxy;
    std::string ca_file;
  } fetch;
  struct Capture {
    std::chrono::milliseconds timeout{180000};
    std::uint64_t resource_bytes = 100ull << 20;
    std::uint64_t capture_bytes = 500ull << 20;
    std::size_t resources = 2000;
    std::size_t depth = 4;
    std::uint64_t memory_bytes = 2ull << 20;
    std::string engine_rules;  ///< "" = config/engine_rules.toml as built in
  } capture;
  struct Browser {
    std::string path;  ///< "" = Debian's chromium-headless-shell or chromium
    std::string user = "nobody";
    std::string isolation = "auto";  ///< auto, require, off
    bool sandbox = true;
    std::size_t contexts = 2;
    std::size_t recycle_pages = 50;
    std::uint64_t memory_bytes = 2ull << 30;
    std::chrono::milliseconds start_timeout{20000};
    std::chrono::milliseconds idle_timeout{60000};
    std::chrono::milliseconds budget{45000};
    std::chrono::milliseconds load_timeout{15000};
    std::chrono::milliseconds scroll_timeout{10000};
    std::size_t scroll_steps = 30;
    std::size_t scroll_pixels = 60000;
    std::size_t width = 1280;
    std::size_t height = 900;
    std::string user_agent;
    std::string language = "en-US,en";
    std::string time_zone;
    bool screenshots = true;
    std::size_t picture_pixels = 16384;
    std::uint64_t text_bytes = 8ull << 20;
    std::uint64_t dom_bytes = 16ull << 20;
    std::string behaviours;
  } browser;
  struct Jobs {
    std::size_t workers = 4;
    std::size_t waiting_limit = 100000;
    std::size_t attempts = 3;
    std::chrono::milliseconds retry_after{5000};
    std::size_t per_host = 1;
    std::chrono::milliseconds host_pause{1000};
  } jobs;
  struct Index {
    std::uint64_t text_bytes = 8ull << 20;
    std::uint64_t decoded_bytes = 64ull << 20;
    std::uint64_t block_cache_bytes = 64ull << 20;
  } index;
  struct Journal {
    std::uint64_t file_bytes = 16ull << 20;
  } journal;
  struct Replay {
    std::uint64_t decoded_bytes = 1ull << 30;
    std::size_t decode_ratio = 1000;
    std::uint64_t rewrite_bytes = 64ull << 20;
    std::size_t tried_captures = 20;
    std::string proxy_listen;   ///< "" = no proxy mode; a loopback address
    std::string proxy_collection = "web";
    std::string proxy_time;     ///< 1 to 14 digits; "" = the newest captures
    std::size_t proxy_connections = 200;
    std::uint64_t cdx_scan_rows = 10'000'000;
    std::size_t timemap_page = 10'000;
    std::string fuzzy_rules;   ///< a file like config/fuzzy.toml; "" = those built in
    std::string access_rules;  ///< an .aclj file; "" = everything may be seen
    std::string wombat_folder;  ///< of npm @webrecorder/wombat's dist/; "" = scripts run as recorded
  } replay;
  struct Exports {
    std::uint64_t zipnum_above = 20000;
    std::chrono::milliseconds keep{7 * 24 * 3600 * 1000};
  } exports;
  struct Links {
    std::chrono::milliseconds trash_after{std::chrono::hours(24 * 30)};  ///< in the trash; 0 = for ever
    std::string tracking_file;  ///< config/tracking.toml's form; "" = the list built in
  } links;
  struct Log {
    std::string level = "info";  ///< debug, info, warning, error
    bool file = true;            ///< also to data/log/waymark.log
  } log;
};

/// Reads a TOML file over `settings`. kInvalid names file, line and key of the first thing that is wrong, unknown keys included.
Result<> read_settings(const std::filesystem::path& file, Settings& settings);
/// One `key=value` as --set takes it. Durations "500ms" "20s" "3min" "2h" "7d", sizes "64KiB" "100MiB" "1GiB" or plain bytes.
Result<> set_setting(std::string_view assignment, Settings& settings);
/// Checks what no single value shows: auth none only on loopback, the two listeners apart.
Result<> check_settings(const Settings& settings);

struct SettingLine {
  std::string key;    ///< "fetch.request_timeout"
  std::string value;  ///< as set_setting takes it
};
std::vector<SettingLine> list_settings(const Settings& settings);

struct HostPort {
  std::string host;
  std::uint16_t port;
};
/// "127.0.0.1:8080", "[::1]:8080", "localhost:0".
Result<HostPort> parse_listen(std::string_view text);
bool is_loopback(std::string_view host);

}  // namespace wm::app
