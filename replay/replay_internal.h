#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "replay/error_page.h"
#include "replay/memento/link_header.h"
#include "replay/memento/lookup.h"
#include "replay/memento/negotiate.h"
#include "replay/replay.h"
#include "replay/resolve/resolver.h"
#include "replay/wombat_files.h"

namespace wm::replay {

/// A request as far as it is understood.
struct Asked {
  const ReplayRequest& request;
  memento::WaybackUrl url;
  memento::Destination destination;
  memento::Addresses at;
  std::string app_origin;
  std::string lookup_url;   ///< `url.url`, with what a POST or PUT asks
  std::string method;       ///< of the captures that fit: a HEAD is answered from a GET
  std::string body_digest;  ///< of what a POST or PUT sends; "" = nothing
};

/// What Replay is made of. Methods from many threads.
class Core {
 public:
  Core(const cdx::CdxIndex& index_in, std::filesystem::path root, ReplaySettings settings_in)
      : index(index_in),
        settings(std::move(settings_in)),
        resolver(index, std::move(root)),
        wombat(WombatFiles::load(settings.wombat_folder)) {}

  ReplayResponse answer(const Asked& asked) const;
  access::Judge judge() const {
    return settings.access ? settings.access->judge() : access::Judge();
  }
  ReplayResponse failure(Failure what, const Asked& asked) const;

  const cdx::CdxIndex& index;
  const ReplaySettings settings;
  const resolve::Resolver resolver;
  const WombatFiles wombat;

 private:
  ReplayResponse memento(const Asked& asked) const;
  ReplayResponse timegate(const Asked& asked) const;
  ReplayResponse closest(const Asked& asked) const;
  /// What means the same as a page is shown where the page was asked for.
  enum class Shown { kAtItsAddress, kInPlace };
  std::optional<ReplayResponse> first_readable(const Asked& asked,
                                               const memento::CaptureSearch::Wanted& wanted,
                                               Shown shown) const;
};

/// A resolved capture as it is sent (memento_answer.cc). An error means that this capture cannot be
/// read.
Result<ReplayResponse> memento_answer(const Core& core, const Asked& asked,
                                      resolve::Resolved resolved);

ReplayResponse timemap_answer(const Core& core, const Asked& asked);   // list_answer.cc
ReplayResponse calendar_answer(const Core& core, const Asked& asked);  // calendar_answer.cc
ReplayResponse cdx_answer(const Core& core, const Asked& asked);       // cdx_answer.cc

/// The Range of a GET; it means nothing to other methods (RFC 9110 14.2).
std::optional<std::string_view> range_asked(const Asked& asked);

/// The start of an answer of our own: its type, and the headers that hold it in.
ReplayResponse own_answer(const Asked& asked, std::string_view type);

}  // namespace wm::replay
