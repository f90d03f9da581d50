#pragma once

#include <string>
#include <string_view>

#include "indexer/cdx/capture.h"

namespace wm::archive {

/// The first line of a CDX file of eleven fields, with its line end.
inline constexpr std::string_view kCdx11Head = " CDX N b a m s k r M S V g\n";
/// A line without its end; what has no value, or one that a field cannot hold, is "-". Source: Internet Archive, CDX File Format.
std::string to_cdx11(const cdx::Capture& capture);

}  // namespace wm::archive
