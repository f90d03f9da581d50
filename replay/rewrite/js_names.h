#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace wm::rewrite {

// What wombat stands in for.
inline constexpr std::array<std::string_view, 9> kGlobals = {
    "window", "globalThis", "self", "document", "location", "top", "parent", "frames", "opener"};

// Properties of every window with a setter of their own: a script's top-level `let` of such a name
// shadows them, a `var` would call the setter. Those stay as they are, seen by their own script
// only.
inline constexpr auto kWindowNames = std::to_array<std::string_view>({"blur",
                                                                      "caches",
                                                                      "clientInformation",
                                                                      "close",
                                                                      "closed",
                                                                      "confirm",
                                                                      "console",
                                                                      "crypto",
                                                                      "customElements",
                                                                      "devicePixelRatio",
                                                                      "event",
                                                                      "external",
                                                                      "find",
                                                                      "focus",
                                                                      "frameElement",
                                                                      "frames",
                                                                      "getSelection",
                                                                      "history",
                                                                      "indexedDB",
                                                                      "innerHeight",
                                                                      "innerWidth",
                                                                      "isSecureContext",
                                                                      "length",
                                                                      "localStorage",
                                                                      "locationbar",
                                                                      "menubar",
                                                                      "moveBy",
                                                                      "moveTo",
                                                                      "name",
                                                                      "navigation",
                                                                      "navigator",
                                                                      "open",
                                                                      "opener",
                                                                      "origin",
                                                                      "outerHeight",
                                                                      "outerWidth",
                                                                      "pageXOffset",
                                                                      "pageYOffset",
                                                                      "parent",
                                                                      "performance",
                                                                      "personalbar",
                                                                      "postMessage",
                                                                      "print",
                                                                      "prompt",
                                                                      "resizeBy",
                                                                      "resizeTo",
                                                                      "scheduler",
                                                                      "screen",
                                                                      "screenLeft",
                                                                      "screenTop",
                                                                      "screenX",
                                                                      "screenY",
                                                                      "scroll",
                                                                      "scrollX",
                                                                      "scrollY",
                                                                      "scrollbars",
                                                                      "self",
                                                                      "sessionStorage",
                                                                      "speechSynthesis",
                                                                      "status",
                                                                      "statusbar",
                                                                      "stop",
                                                                      "styleMedia",
                                                                      "toolbar",
                                                                      "trustedTypes",
                                                                      "visualViewport"});
static_assert(std::ranges::is_sorted(kWindowNames));

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace wm::rewrite
