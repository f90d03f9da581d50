#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "server/links/link_store.h"

namespace wm::links {

// What users give, checked and cleaned before it is stored.

constexpr std::size_t kTitleBytes = 4096;
constexpr std::size_t kNotesBytes = 1 << 20;

/// A web URL, parsed and serialised; "example.org/x" gets https://. kInvalid with the reason.
Result<std::string> clean_url(std::string_view written);
Result<NewLink> clean(const NewLink& fields);
Result<LinkPatch> clean(const LinkPatch& patch);
/// What a page says of itself: cut, never refused.
std::string cut_text(std::string_view text);

/// The rest of a patch: every field but url and tags, which need the store.
void apply(const LinkPatch& patch, Link& link);

}  // namespace wm::links
