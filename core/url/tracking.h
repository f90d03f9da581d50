#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wm::url {

/// Arguments that say where a visitor came from and never what is shown. Names in lower case; they match in any case. A value.
struct Tracking {
  struct OfHost {
    std::string host;  ///< and its subdomains
    std::vector<std::string> names;
  };
  std::vector<std::string> prefixes;  ///< "utm_"
  std::vector<std::string> names;     ///< "fbclid"
  std::vector<OfHost> hosts;          ///< what means nothing on these hosts alone

  /// What config/tracking.toml lists.
  static const Tracking& usual();
  /// Is "name=value" such an argument, on a page of `host`?
  bool matches(std::string_view argument, std::string_view host) const;
  /// Equal for equal rules: whether keys made with others still hold.
  std::string fingerprint() const;
};

}  // namespace wm::url
