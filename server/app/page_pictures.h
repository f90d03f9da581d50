#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "indexer/cdx/cdx_index.h"
#include "server/api/services.h"

namespace wm::app {

/// The addresses that a page's head gives for its icon and for a picture of it; absolute, "" if it gives none.
struct PictureAddresses {
  std::string icon;
  std::string preview;
};
PictureAddresses picture_addresses(std::string_view html, const std::string& page_url);

/// The picture at `url` as captured nearest to the time of a snapshot; nullopt if there is none, or it is no picture or too large.
Result<std::optional<api::Picture>> captured_picture(const cdx::CdxIndex& index, const std::filesystem::path& warcs, const links::Snapshot& near, const std::string& url);

}  // namespace wm::app
