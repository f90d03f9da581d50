#pragma once

#include <string>

#include "core/base/time14.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

struct HeadInsert {
  const Address& address;
  std::string collection;
  Time14 capture_time;         ///< what the page's clock is set to
  std::string static_prefix;   ///< path of wombat's files on the replay origin, with its last '/'
  std::string workers_script;  ///< path of what workers made from blobs load
  std::string app_origin;      ///< who may be told which page is shown; "" = nobody
};

/// What a page needs before its first script: wombat and its start (facts: replay 2.7,
/// capture 2.1). Well-formed as XHTML, too.
std::string wombat_insert(const HeadInsert& insert);

}  // namespace wm::rewrite
