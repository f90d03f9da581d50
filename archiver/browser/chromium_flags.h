#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "archiver/browser/settings.h"
#include "core/base/result.h"

namespace wm::browser {

/// The browser to run: `configured`, or the first of Debian's that is there. The program itself,
/// not the wrapper script in /usr/bin, which reads files of the user's. kUnsupported when there is
/// none, saying which package to install.
Result<std::filesystem::path> find_browser(const std::filesystem::path& configured);

struct FlagOptions {
  bool sandbox = true;
  std::string ca_spki_sha256 = {};  ///< base64: leaf certificates signed by this key are trusted
  std::string user_agent = {};      ///< "" = the browser's own
  unsigned width = 1280, height = 900;
};

/// The command line, the program first: no traffic of the browser's own, nothing past the proxy,
/// the default context without any way out (facts/capture.md §1.3, §1.4, §4.2, §4.4).
std::vector<std::string> command_line(const std::filesystem::path& program,
                                      const std::filesystem::path& folder,
                                      const FlagOptions& options);

/// The environment: nothing of ours but what programs need to run.
std::vector<std::string> clean_environment(const std::filesystem::path& folder);

}  // namespace wm::browser
