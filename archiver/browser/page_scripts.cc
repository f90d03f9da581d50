#include "archiver/browser/page_scripts.h"

#include <nlohmann/json.hpp>

namespace wm::browser {
namespace {

using nlohmann::json;

constexpr const char* kMeasure = R"((() => {
  const root = document.scrollingElement || document.documentElement;
  return {title: String(document.title).slice(0, 2000), top: Math.round(scrollY),
          height: root ? root.scrollHeight : 0, inner: innerHeight};
})())";

constexpr const char* kScrollOn = R"((() => {
  const root = document.scrollingElement || document.documentElement;
  scrollBy({top: innerHeight, behavior: "instant"});
  return {title: "", top: Math.round(scrollY), height: root ? root.scrollHeight : 0, inner: innerHeight};
})())";

constexpr const char* kOpen = R"(((rule) => {
  const opened = globalThis.waymarkOpened ??= [];
  for (const selector of rule.open) {
    try {
      for (const one of document.querySelectorAll(selector)) {
        if (one instanceof HTMLDetailsElement && !one.open && opened.length < 2000) {
          one.open = true;
          opened.push(one);
        }
      }
    } catch {}
  }
  return opened.length;
}))";

constexpr const char* kCloseOpened =
    "(() => { for (const one of globalThis.waymarkOpened ?? []) one.open = false; "
    "globalThis.waymarkOpened = []; return true; })()";

constexpr const char* kClick = R"(((rule) => {
  const shown = (one) => one.getClientRects().length > 0 && !one.disabled;
  const harmless = (one) => {
    const link = one.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) return false;
    return !(one.form && one.type === "submit");
  };
  const found = new Set();
  const add = (one) => { if (one instanceof HTMLElement && shown(one) && harmless(one)) found.add(one); };
  for (const selector of rule.click) {
    try { document.querySelectorAll(selector).forEach(add); } catch {}
  }
  if (rule.words.length > 0) {
    let looked = 0;
    for (const one of document.querySelectorAll("button,[role=button],a[href^='#']")) {
      if (++looked > 5000) break;
      if (rule.words.includes(one.textContent.trim().slice(0, 100).toLowerCase())) add(one);
    }
  }
  let clicked = 0;
  for (const one of found) {
    if (clicked >= rule.most) break;
    one.click();
    ++clicked;
  }
  return clicked;
}))";

constexpr const char* kDom = R"(((limit) => {
  const root = document.documentElement;
  if (!root) return "";
  const shadows = [];
  const look = (from) => {
    for (const one of from.querySelectorAll("*")) {
      if (shadows.length > 10000) return;
      if (one.shadowRoot) { shadows.push(one.shadowRoot); look(one.shadowRoot); }
    }
  };
  look(document);
  const type = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + "\n" : "";
  let text = root.outerHTML;
  if (shadows.length > 0 && root.getHTML) {
    const shell = root.cloneNode(false).outerHTML;
    const end = shell.lastIndexOf("</");
    text = shell.slice(0, end) + root.getHTML({shadowRoots: shadows}) + shell.slice(end);
  }
  return type.length + text.length > limit ? null : type + text;
}))";

std::string apply(const char* function, const json& argument) {
  return std::string(function) + "(" + argument.dump() + ")";
}

}  // namespace

std::string script_measure() {
  return kMeasure;
}
std::string script_scroll_on() {
  return kScrollOn;
}
std::string script_scroll_to_top() {
  return "(() => { scrollTo({top: 0, left: 0, behavior: 'instant'}); return true; })()";
}
std::string script_open(const BehaviourRule& rule) {
  return apply(kOpen, {{"open", rule.open}});
}
std::string script_close_opened() {
  return kCloseOpened;
}
std::string script_click(const BehaviourRule& rule, std::size_t most) {
  return apply(kClick, {{"click", rule.click}, {"words", rule.words}, {"most", most}});
}
std::string script_dom(std::size_t limit) {
  return apply(kDom, limit);
}
std::string script_text(std::size_t limit) {
  return "(document.body ? document.body.innerText : '').slice(0, " + std::to_string(limit) + ")";
}

}  // namespace wm::browser
