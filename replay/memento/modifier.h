#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wm::memento {

/// What a replay URL says after its timestamp: how the capture is to be served. Names as pywb and
/// wombat write them.
enum class Modifier : std::uint8_t {
  kNone,           ///< a page by itself
  kMainPage,       ///< mp_: a page inside the outer frame
  kIdentity,       ///< id_: the archived bytes, nothing rewritten (ir_ is read as this)
  kFrame,          ///< if_
  kFrameset,       ///< fr_
  kScript,         ///< js_
  kStyle,          ///< cs_
  kImage,          ///< im_
  kOther,          ///< oe_: fonts, media, objects
  kModule,         ///< esm_
  kWorker,         ///< wkr_
  kWorkerModule,   ///< wkrm_
  kWorkerFetch,    ///< wkrf_: asked for by a worker, never rewritten
  kServiceWorker,  ///< sw_: refused
  kWebSocket,      ///< ws_: refused
};

/// "js_" → kScript, "" → kNone; nullopt for a name nobody knows.
std::optional<Modifier> modifier_of(std::string_view text) noexcept;
std::string_view name_of(Modifier modifier) noexcept;

/// Does this modifier stand for a document of its own: a page, a frame?
constexpr bool is_page(Modifier m) noexcept {
  return m == Modifier::kNone || m == Modifier::kMainPage || m == Modifier::kFrame ||
         m == Modifier::kFrameset;
}

}  // namespace wm::memento
