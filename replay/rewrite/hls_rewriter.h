#pragma once

#include "replay/rewrite/edit.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

/// An HLS playlist (RFC 8216): its URIs lead into the archive, and of the variants of a stream only
/// the one of the highest bandwidth stays, since a browser that was archived had fetched one, and a
/// player that measures a fast archive takes the best. `urls` and `sink` outlive it.
class HlsRewriter final : public HeldRewriter {
 public:
  HlsRewriter(const UrlRewriter& urls, EditSink& sink) : HeldRewriter(8 << 20, sink), urls_(urls) {}

 private:
  void rewrite(std::string_view text) override;

  const UrlRewriter& urls_;
};

}  // namespace wm::rewrite
