#pragma once

#include <string>

#include "archiver/browser/behaviours.h"

namespace wm::browser {

// Expressions for LivePage::evaluate(): they run in a world of their own, where a page cannot have
// changed what array or query mean.

/// {"title", "top", "height", "inner"}: the title, and in pixels how far down the window is, how
/// high the page, how high the window.
std::string script_measure();
/// Scrolls down by a window's height, or to the top. Gives what script_measure() does.
std::string script_scroll_on();
std::string script_scroll_to_top();
/// Opens what the rule says; script_close_opened() undoes it. Gives how many.
std::string script_open(const BehaviourRule& rule);
std::string script_close_opened();
/// Clicks what the rule says, at most `most`. Gives how many.
std::string script_click(const BehaviourRule& rule, std::size_t most);
/// The document as HTML, open shadow trees as templates; null when longer than `limit` characters.
std::string script_dom(std::size_t limit);
/// The shown text, at most `limit` characters: where a snapshot cannot be had.
std::string script_text(std::size_t limit);

}  // namespace wm::browser
