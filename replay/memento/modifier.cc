#include "replay/memento/modifier.h"

#include <array>

namespace wm::memento {
namespace {

struct Row {
  std::string_view name;
  Modifier modifier;
};

// The first row of a modifier is how it is written.
constexpr std::array kRows = {
    Row{"", Modifier::kNone},
    Row{"mp_", Modifier::kMainPage},
    Row{"id_", Modifier::kIdentity},
    Row{"if_", Modifier::kFrame},
    Row{"fr_", Modifier::kFrameset},
    Row{"js_", Modifier::kScript},
    Row{"cs_", Modifier::kStyle},
    Row{"im_", Modifier::kImage},
    Row{"oe_", Modifier::kOther},
    Row{"esm_", Modifier::kModule},
    Row{"wkr_", Modifier::kWorker},
    Row{"wkrm_", Modifier::kWorkerModule},
    Row{"wkrf_", Modifier::kWorkerFetch},
    Row{"sw_", Modifier::kServiceWorker},
    Row{"ws_", Modifier::kWebSocket},
    Row{"ir_", Modifier::kIdentity},
    Row{"bn_", Modifier::kNone},
    Row{"uo_", Modifier::kNone},
    Row{"ln_", Modifier::kMainPage},
    Row{"mt_", Modifier::kOther},
    Row{"dl_", Modifier::kIdentity},
};

}  // namespace

std::optional<Modifier> modifier_of(std::string_view text) noexcept {
  for (const Row& row : kRows) {
    if (row.name == text) return row.modifier;
  }
  return std::nullopt;
}

std::string_view name_of(Modifier modifier) noexcept {
  for (const Row& row : kRows) {
    if (row.modifier == modifier) return row.name;
  }
  return "";
}

}  // namespace wm::memento
