#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "replay/rewrite/edit.h"
#include "replay/rewrite/js_rewriter.h"

namespace wm::rewrite {

/// What is done to one script.
struct JsEdits {
  std::string before;       ///< put at its start, without a line end, so that line numbers stay
  std::vector<Edit> edits;  ///< in order, none overlapping
  std::string after;
};

/// The rules of wombat's interface (facts: replay 2.5) on tokens: strings, comments, regular
/// expressions and the literal parts of templates are never touched. A script that names none of
/// what wombat stands in for comes out as it is, and so does text that is no script.
JsEdits edits_for(std::string_view source, ScriptKind kind, const UrlRewriter& urls);

/// The module that rewritten modules import wombat's stand-ins from: served as
/// <prefix>__wb_module_decl.js.
std::string module_declarations();

}  // namespace wm::rewrite
