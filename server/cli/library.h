#pragma once

#include <functional>
#include <optional>

#include "server/cli/commands.h"

namespace CLI {
class App;
}

namespace wm::cli {

/// Declares ls, tag, edit, rules and searches. What it gives is to be called after parsing: the exit code, or nullopt if another command was given.
std::function<std::optional<int>()> declare_library(CLI::App& cli, const Common& common);

/// Takes links back out of the trash.
int restore_links(const Common& common, const std::vector<std::uint64_t>& ids);

}  // namespace wm::cli
