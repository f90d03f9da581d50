#include "archiver/engine/engine_rules.h"

namespace wm::engine {

// config/engine_rules.toml, byte for byte.
std::string_view default_rules() noexcept {
  return R"rules(# Which engine takes a page when the engine is "auto": the http engine, unless a rule says otherwise. Give an own copy with
# capture.engine_rules. Rules are tried in order; the first one of which everything holds decides, and its reason is shown with the job.
#   engine          "browser" or "http"
#   hosts           "example.org", or "*.example.org" for it and all below it: one of them
#   tags            of the link: one of them
#   text_below      fewer characters than so many that a reader would see without scripts; blanks are not counted
#   links_below, images_below, frames_below, forms_below   fewer of them
#   scripts_from    so many scripts or more
#   only_modules    there are scripts, and all of them are modules
#   empty_roots     an element with this id (or custom element of this name) with less than 80 characters in it
#   noscript_says   words within noscript elements, in lower case
#   title_says      words of the title, in lower case

[[rule]]
engine = "browser"
reason = "the link is tagged for the browser"
tags = ["engine:browser"]

[[rule]]
engine = "http"
reason = "the link is tagged for the http engine"
tags = ["engine:http"]

[[rule]]
engine = "browser"
reason = "pages of this host are made by scripts"
hosts = ["x.com", "*.x.com", "*.twitter.com", "*.instagram.com", "*.threads.net", "*.tiktok.com", "bsky.app", "app.slack.com", "discord.com", "*.notion.site", "*.figma.com", "web.whatsapp.com", "open.spotify.com"]

[[rule]]
engine = "browser"
reason = "a script is to fill the page: its root element is empty"
empty_roots = ["root", "app", "__next", "__nuxt", "___gatsby", "app-root", "main-app", "react-root", "reactroot", "mount", "mount_0_0", "svelte", "gatsby-focus-wrapper", "ember-app", "q-app", "ionic-app", "ion-app", "polymer-app", "shell-root", "flutter-view", "blazor-app", "elm-app", "vue-app", "application", "app-container", "app-mount", "spa-root", "single-spa-application", "main-content-root", "page-root", "emotion-root"]
text_below = 600
scripts_from = 1
links_below = 20

[[rule]]
engine = "browser"
reason = "the page says that it needs JavaScript, and shows little without"
noscript_says = ["enable javascript", "requires javascript", "javascript enabled", "need javascript", "needs javascript", "turn on javascript", "javascript is disabled", "javascript is required", "without javascript", "javascript to run", "activate javascript", "javascript aktivieren", "activer javascript", "habilitar javascript", "habilita javascript", "ativar o javascript", "abilita javascript", "включите javascript", "javascriptを有効", "启用javascript", "启用 javascript"]
text_below = 600
scripts_from = 1
links_below = 20

[[rule]]
engine = "browser"
reason = "the page is made by modules alone"
only_modules = true
text_below = 300
links_below = 10
images_below = 10

[[rule]]
engine = "browser"
reason = "the page asks the visitor's browser to prove itself"
title_says = ["just a moment", "checking your browser", "attention required", "please wait...", "ddos-guard", "one moment, please", "verifying you are human"]
text_below = 1500
scripts_from = 1

[[rule]]
engine = "browser"
reason = "there are scripts and next to nothing else"
text_below = 40
scripts_from = 1
links_below = 3
images_below = 2
frames_below = 1
forms_below = 2
)rules";
}

}  // namespace wm::engine
