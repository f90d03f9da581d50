#pragma once

#include "core/css/css_scanner.h"
#include "replay/rewrite/edit.h"
#include "replay/rewrite/url_rewriter.h"

namespace wm::rewrite {

/// A style sheet or a style attribute: the URLs of @import get cs_, all others oe_. `urls` and
/// `sink` outlive it.
class CssRewriter final : public Rewriter, private css::CssScanner::Sink {
 public:
  CssRewriter(const UrlRewriter& urls, EditSink& sink)
      : urls_(urls), sink_(sink), scanner_(*this) {}
  void feed(std::string_view bytes) override { scanner_.feed(bytes); }
  void finish() override { scanner_.finish(); }

 private:
  void on_bytes(std::string_view bytes) override { sink_.keep(bytes); }
  void on_url(const css::UrlUse& use) override;

  const UrlRewriter& urls_;
  EditSink& sink_;
  css::CssScanner scanner_;
};

}  // namespace wm::rewrite
