#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archiver/engine/page_signs.h"
#include "core/base/result.h"

namespace wm::engine {

enum class Engine { kHttp, kBrowser };
std::string_view name_of(Engine engine) noexcept;  ///< "http", "browser"

/// One rule: what is not given always holds, of a list one has to hold, and all that is given has
/// to hold. What it says of the page can be judged only once there is one.
struct Rule {
  Engine engine = Engine::kBrowser;
  std::string reason;
  std::vector<std::string> hosts;  ///< "example.org", or "*.example.org" for it and all below it
  std::vector<std::string> tags;   ///< of the link
  std::optional<std::size_t> text_below;
  std::optional<std::size_t> scripts_from;  ///< classic and modules together
  std::optional<std::size_t> links_below;
  std::optional<std::size_t> images_below;
  std::optional<std::size_t> frames_below;
  std::optional<std::size_t> forms_below;
  bool only_modules = false;             ///< scripts there are, all of them modules
  std::vector<std::string> empty_roots;  ///< a Root of this name with less than 80 characters in it
  std::vector<std::string> noscript_says;  ///< found in the text of noscript elements
  std::vector<std::string> title_says;     ///< found in the title

  bool is_about_page() const;
};

/// Whom and what is judged.
struct Page {
  std::string_view host;                 ///< as url::Url::host() gives it
  const std::vector<std::string>& tags;  ///< of the link
};

struct Choice {
  Engine engine = Engine::kHttp;
  std::string reason;
};

/// Rules as data: config/engine_rules.toml. Immutable, any thread.
class EngineRules {
 public:
  /// The rules of config/engine_rules.toml as they came with this program.
  static EngineRules defaults();
  /// kInvalid with line and column, or the key that is unknown or of another kind; at most 1000
  /// rules.
  static Result<EngineRules> parse(std::string_view toml);
  /// kIo, kInvalid; "" gives the defaults.
  static Result<EngineRules> load(const std::filesystem::path& path);

  /// By host and tags alone, before anything is fetched; nullopt if that takes the page.
  std::optional<Choice> choose(const Page& page) const;
  /// By all rules; the http engine if none holds.
  Choice choose(const Page& page, const PageSigns& signs) const;

 private:
  std::vector<Rule> rules_;
};

/// The text of the built-in rules.
std::string_view default_rules() noexcept;

}  // namespace wm::engine
