#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/source.h"
#include "core/base/time14.h"
#include "server/archive/members.h"

namespace wm::archive {

struct WaczFacts {
  std::string title;
  SysMicros created;
  std::filesystem::path signing_key;  ///< empty: not signed
  std::uint64_t warc_bytes = 1'000'000'000;  ///< of one WARC in it (Annex C: should be no larger)
  std::uint64_t zipnum_above = 0;     ///< captures; a larger index is written as ZipNum
};

/// A WACZ of these members: archive/data.warc.gz (data-2, data-3 … of about a gigabyte each, so that no entry needs zip64), the index and the
/// pages sorted, then what tells of them. `holdings` outlives it.
std::unique_ptr<Source> wacz_source(const Holdings& holdings, Members members, WaczFacts facts);

}  // namespace wm::archive
