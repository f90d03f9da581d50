#include "archiver/browser/chromium_flags.h"

#include <unistd.h>

#include <cstdlib>

namespace wm::browser {
namespace {

constexpr const char* kPrograms[] = {"/usr/lib/chromium/chromium-headless-shell",
                                     "/usr/lib/chromium/chromium"};

/// Features that ask servers of the browser's maker, or repair what a page says of itself.
constexpr const char* kFeaturesOff =
    "--disable-features=Translate,OptimizationHints,OptimizationGuideModelDownloading,"
    "MediaRouter,DialMediaRouteProvider,CertificateTransparencyComponentUpdater,"
    "AutofillServerCommunication,InterestFeedContentSuggestions,CalculateNativeWinOcclusion,"
    "GlobalMediaControls,PrivacySandboxSettings4,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "NetworkTimeServiceQuerying,SafeBrowsingRealTimeUrlLookupRemoteConfig,PaintHolding";

constexpr const char* kFlags[] = {
    "--remote-debugging-pipe", "--no-startup-window", "--no-first-run",
    "--no-default-browser-check", "--disable-gpu",
    // /dev/shm is small in containers; TMPDIR is the process's own folder.
    "--disable-dev-shm-usage",
    // The way out: a proxy that does not exist, until a context has its own. Loopback too.
    "--proxy-server=http://127.0.0.1:1", "--proxy-bypass-list=<-loopback>", "--disable-quic",
    // Each of the two programs knows one of these only.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-domain-reliability",
    "--disable-client-side-phishing-detection", "--disable-default-apps", "--disable-extensions",
    "--disable-breakpad", "--disable-crash-reporter", "--metrics-recording-only",
    "--no-service-autorun", "--no-pings", "--password-store=basic", "--use-mock-keychain",
    "--safebrowsing-disable-auto-update",
    // What is painted is what would be seen, also where nobody looks.
    "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding", "--disable-lazy-loading", "--hide-scrollbars",
    "--mute-audio", "--autoplay-policy=no-user-gesture-required", "--disable-hang-monitor",
    "--disable-prompt-on-repost", "--disable-notifications",
    "--disable-blink-features=AutomationControlled", "--js-flags=--max-old-space-size=512",
    kFeaturesOff};

}  // namespace

Result<std::filesystem::path> find_browser(const std::filesystem::path& configured) {
  if (!configured.empty()) {
    if (::access(configured.c_str(), X_OK) == 0) return configured;
    return fail(Error::Code::kUnsupported,
                "no browser: " + configured.string() + " (browser.path) cannot be run");
  }
  for (const char* program : kPrograms) {
    if (::access(program, X_OK) == 0) return program;
  }
  return fail(Error::Code::kUnsupported,
              "no browser: install Debian's package chromium-headless-shell, or name a program in "
              "browser.path");
}

std::vector<std::string> command_line(const std::filesystem::path& program,
                                      const std::filesystem::path& folder,
                                      const FlagOptions& options) {
  std::vector<std::string> words{program.string()};
  const bool shell = program.filename().string().find("shell") != std::string::npos;
  words.emplace_back(shell ? "--headless" : "--headless=new");
  words.insert(words.end(), std::begin(kFlags), std::end(kFlags));
  words.push_back("--user-data-dir=" + (folder / "profile").string());
  words.push_back("--window-size=" + std::to_string(options.width) + "," +
                  std::to_string(options.height));
  if (!options.ca_spki_sha256.empty())
    words.push_back("--ignore-certificate-errors-spki-list=" + options.ca_spki_sha256);
  if (!options.user_agent.empty()) words.push_back("--user-agent=" + options.user_agent);
  if (!options.sandbox) words.emplace_back("--no-sandbox");
  return words;
}

std::vector<std::string> clean_environment(const std::filesystem::path& folder) {
  const std::string home = folder.string();
  std::vector<std::string> environment{"HOME=" + home,
                                       "TMPDIR=" + home,
                                       "XDG_CONFIG_HOME=" + home + "/config",
                                       "XDG_CACHE_HOME=" + home + "/cache",
                                       "LANG=C.UTF-8",
                                       "PATH=/usr/local/bin:/usr/bin:/bin",
                                       "CHROME_HEADLESS=1"};
  if (const char* zone = std::getenv("TZ")) environment.push_back(std::string("TZ=") + zone);
  return environment;
}

}  // namespace wm::browser
