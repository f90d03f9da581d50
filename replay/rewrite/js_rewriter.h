#pragma once

#include <memory>

#include "replay/rewrite/edit.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

enum class ScriptKind {
  kClassic,
  kModule,
  kWorker,  ///< a classic worker's script
  kWorkerModule,
  kHandler,  ///< on… attributes
  kUrl,      ///< javascript: URLs
  kImportMap,
};

/// The rewriter of one script. `urls` and `sink` outlive it.
std::unique_ptr<Rewriter> make_script_rewriter(ScriptKind kind, const UrlRewriter& urls,
                                               EditSink& sink);

}  // namespace wm::rewrite
