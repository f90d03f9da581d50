#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "replay/replay_internal.h"
#include "replay/rewrite/rewrite.h"

namespace wm::replay {

/// What is known of a body before it is served.
struct BodyPlan {
  rewrite::Kind kind = rewrite::Kind::kNone;
  bool keep_coding =
      false;  ///< the stored content coding is true, the client takes it, and nothing is rewritten
  bool to_utf8 = false;         ///< UTF-16 and the like: markup cannot be found in it as it is
  std::string source_encoding;  ///< what to_utf8 is from
  std::string encoding;  ///< to be told in Content-Type; "" if the header tells or nobody knows
  bool coded = false;    ///< stored with a content coding
};

/// Looks at the header and the first bytes of `resolved.body`, which it leaves whole. Fails if not
/// even those can be read.
Result<BodyPlan> plan_body(resolve::Resolved& resolved, const Asked& asked, const Core& core);

/// The body as it is to be sent. Its length is told if it is known without reading it.
struct PlannedBody {
  std::unique_ptr<Source> stream;
  std::optional<std::uint64_t> length;
};
Result<PlannedBody> open_body(resolve::Resolved resolved, const BodyPlan& plan,
                              const ReplaySettings& settings, rewrite::Address address,
                              rewrite::HtmlOptions options);

/// Undoes every content coding of a stored body.
std::unique_ptr<Source> decoded(resolve::Resolved& resolved, const ReplaySettings& settings);

}  // namespace wm::replay
