#include "server/app/tracking_file.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include "core/base/ascii.h"
#include "core/base/file.h"

namespace wm::app {

namespace {

constexpr std::size_t kNames = 10'000;

class Reading {
 public:
  explicit Reading(std::string file) : file_(std::move(file)) {}

  Result<url::Tracking> run(const toml::table& root) {
    url::Tracking tracking;
    for (const auto& [key, node] : root) {
      if (key == "prefixes") {
        WM_TRY(names(node, tracking.prefixes));
      } else if (key == "names") {
        WM_TRY(names(node, tracking.names));
      } else if (key == "host") {
        WM_TRY(hosts(node, tracking));
      } else {
        return wrong(node, "only prefixes, names and [[host]] stand here, not " + std::string(key.str()));
      }
    }
    return tracking;
  }

 private:
  std::unexpected<Error> wrong(const toml::node& node, const std::string& what) const { return fail(Error::Code::kInvalid, fmt::format("{}:{}: {}", file_, node.source().begin.line, what)); }

  Result<> names(const toml::node& node, std::vector<std::string>& into) const {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > kNames) return wrong(node, "a list of at most 10000 names is expected");
    for (const toml::node& one : *list) {
      const auto* name = one.as_string();
      if (name == nullptr || name->get().empty()) return wrong(one, "a name is expected");
      into.push_back(to_lower(name->get()));
    }
    return {};
  }

  Result<> hosts(const toml::node& node, url::Tracking& tracking) const {
    const toml::array* list = node.as_array();
    if (list == nullptr || list->size() > kNames) return wrong(node, "hosts are written [[host]], at most 10000 of them");
    for (const toml::node& one : *list) {
      const toml::table* table = one.as_table();
      const auto* host = table == nullptr ? nullptr : table->get_as<std::string>("host");
      const toml::node* listed = table == nullptr ? nullptr : table->get("names");
      if (host == nullptr || listed == nullptr || table->size() != 2) return wrong(one, "[[host]] has host and names, and nothing else");
      url::Tracking::OfHost of{.host = to_lower(host->get()), .names = {}};
      WM_TRY(names(*listed, of.names));
      tracking.hosts.push_back(std::move(of));
    }
    return {};
  }

  std::string file_;
};

}  // namespace

Result<url::Tracking> read_tracking(const std::filesystem::path& file) {
  const std::string content = WM_TRY(read_file(file, 1 << 20));
  try {
    return Reading(file.string()).run(toml::parse(content, file.string()));
  } catch (const toml::parse_error& error) {
    return fail(Error::Code::kInvalid, fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
}

Result<url::Tracking> tracking_of(const Settings& settings) {
  if (settings.links.tracking_file.empty()) return url::Tracking::usual();
  return read_tracking(settings.links.tracking_file);
}

}  // namespace wm::app
