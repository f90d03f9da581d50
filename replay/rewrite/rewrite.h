#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/source.h"
#include "replay/rewrite/edit.h"
#include "replay/rewrite/kind.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

/// Part of the ETag of everything rewritten: to be raised whenever a rewriter's output changes.
inline constexpr int kRewriterVersion = 2;

/// A rewriter of that kind, not kNone; `sink` outlives it.
std::unique_ptr<Rewriter> make_rewriter(Kind kind, Address address, HtmlOptions options,
                                        EditSink& sink);

/// The rewritten body as a stream over the decoded one.
std::unique_ptr<Source> rewriting_source(std::unique_ptr<Source> body, Kind kind, Address address,
                                         HtmlOptions options);

/// All at once, for `waymark tool rewrite` and tests. `type` as kind_named(); `timestamp` and
/// `modifier` as they stand in replay URLs; `prefix` of the collection, "" for "/web/". kInvalid if
/// one of them, or `url`, is none.
Result<std::string> rewrite_all(std::string_view input, std::string_view type, std::string_view url,
                                std::string_view timestamp, std::string_view modifier,
                                std::string_view prefix);

}  // namespace wm::rewrite
