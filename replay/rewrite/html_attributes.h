#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/html/tokenizer.h"
#include "replay/rewrite/js_rewriter.h"

namespace wm::rewrite {

/// What is to be done with an attribute that is not (only) a URL.
enum class AttributeAction {
  kNone,
  kRename,       ///< "_" before its name: integrity would fail, crossorigin, referrerpolicy and csp
                 ///< change how it is fetched, ping reports
  kRetarget,     ///< target: _blank, _parent and _top stay inside the replay frame
  kDisableType,  ///< type=speculationrules: would fetch from the live web past any CSP
  kHandler,      ///< on…
};
AttributeAction action_for(const html::Token& tag, const html::Attribute& attribute);

/// A quick look: false for attributes such as class, id and alt alone, which no rule touches.
bool may_hold_edits(const std::vector<html::Attribute>& attributes);

/// <meta> whose content must not take effect in replay: Content-Security-Policy, referrer, DNS
/// prefetching.
bool is_neutral_meta(const html::Token& meta);

/// http://, https:// or // at the start.
bool is_absolute(std::string_view value);
bool is_javascript_url(std::string_view value);

/// How the text of a <script> is to be read; nullopt for data blocks and templates.
std::optional<ScriptKind> script_kind(const html::Token& script);

}  // namespace wm::rewrite
