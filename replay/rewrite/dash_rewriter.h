#pragma once

#include "replay/rewrite/edit.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

/// A DASH manifest (ISO/IEC 23009-1): its URLs lead into the archive, and of the representations of
/// an adaptation set only the one of the highest bandwidth stays, as with HLS. `urls` and `sink`
/// outlive it.
class DashRewriter final : public HeldRewriter {
 public:
  DashRewriter(const UrlRewriter& urls, EditSink& sink)
      : HeldRewriter(8 << 20, sink), urls_(urls) {}

 private:
  void rewrite(std::string_view text) override;

  const UrlRewriter& urls_;
};

}  // namespace wm::rewrite
