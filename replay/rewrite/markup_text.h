#pragma once

#include <optional>
#include <string_view>

#include "core/html/url_attributes.h"

namespace wm::rewrite {

/// Elements of feeds and site maps (RSS, sitemaps.org) whose text is a URL.
bool has_url_text(std::string_view element);

/// Where the address stands in "<?xml-stylesheet href='…' type='…'?>"; nullopt if there is none.
std::optional<html::SrcsetCandidate> stylesheet_href(std::string_view instruction);

}  // namespace wm::rewrite
