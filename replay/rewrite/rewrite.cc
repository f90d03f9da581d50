#include "replay/rewrite/rewrite.h"

#include <algorithm>
#include <utility>

#include "core/base/ascii.h"
#include "replay/memento/wayback_url.h"
#include "replay/rewrite/css_rewriter.h"
#include "replay/rewrite/dash_rewriter.h"
#include "replay/rewrite/hls_rewriter.h"
#include "replay/rewrite/js_rewriter.h"
#include "replay/rewrite/jsonp_rewriter.h"

namespace wm::rewrite {
namespace {

std::unique_ptr<Rewriter> make_inner(Kind kind, const UrlRewriter& urls, EditSink& sink) {
  switch (kind) {
    case Kind::kCss:
      return std::make_unique<CssRewriter>(urls, sink);
    case Kind::kModule:
      return make_script_rewriter(ScriptKind::kModule, urls, sink);
    case Kind::kWorker:
      return make_script_rewriter(ScriptKind::kWorker, urls, sink);
    case Kind::kWorkerModule:
      return make_script_rewriter(ScriptKind::kWorkerModule, urls, sink);
    case Kind::kImportMap:
      return make_script_rewriter(ScriptKind::kImportMap, urls, sink);
    case Kind::kJson:
      return std::make_unique<JsonpRewriter>(urls.address().callback, sink);
    case Kind::kHls:
      return std::make_unique<HlsRewriter>(urls, sink);
    case Kind::kDash:
      return std::make_unique<DashRewriter>(urls, sink);
    case Kind::kScript:
    case Kind::kHtml:
    case Kind::kXhtml:
    case Kind::kMarkup:
    case Kind::kNone:
      break;
  }
  return make_script_rewriter(ScriptKind::kClassic, urls, sink);
}

/// What is no markup, with the URL rewriter it uses.
class Standalone final : public Rewriter {
 public:
  Standalone(Kind kind, Address address, EditSink& sink)
      : urls_(std::move(address)), inner_(make_inner(kind, urls_, sink)) {}
  void feed(std::string_view bytes) override { inner_->feed(bytes); }
  void finish() override { inner_->finish(); }

 private:
  UrlRewriter urls_;
  std::unique_ptr<Rewriter> inner_;
};

class RewritingSource final : public Source {
 public:
  RewritingSource(std::unique_ptr<Source> body, Kind kind, Address address, HtmlOptions options)
      : body_(std::move(body)),
        sink_(ready_),
        rewriter_(make_rewriter(kind, std::move(address), std::move(options), sink_)) {}

  Result<std::size_t> read(std::span<char> into) override {
    if (into.empty()) return 0;
    while (given_ == ready_.size() && !done_) WM_TRY(refill());
    const std::size_t count = std::min(into.size(), ready_.size() - given_);
    std::copy_n(ready_.data() + given_, count, into.data());
    given_ += count;
    return count;
  }

 private:
  Result<> refill() {
    ready_.clear();
    given_ = 0;
    if (input_.empty()) input_.resize(64 << 10);
    const std::size_t got = WM_TRY(body_->read(input_));
    if (got != 0) {
      rewriter_->feed(std::string_view(input_).substr(0, got));
    } else {
      rewriter_->finish();
      done_ = true;
    }
    return {};
  }

  std::unique_ptr<Source> body_;
  std::string input_;
  std::string ready_;
  std::size_t given_ = 0;
  bool done_ = false;
  StringSink sink_;
  std::unique_ptr<Rewriter> rewriter_;
};

}  // namespace

std::unique_ptr<Rewriter> make_rewriter(Kind kind, Address address, HtmlOptions options,
                                        EditSink& sink) {
  WM_CHECK(kind != Kind::kNone);
  if (kind == Kind::kMarkup) options.head_insert.clear();
  if (kind == Kind::kXhtml || kind == Kind::kMarkup) options.markup = html::Markup::kXml;
  if (is_page_kind(kind) || kind == Kind::kMarkup) {
    return std::make_unique<HtmlRewriter>(std::move(address), std::move(options), sink);
  }
  return std::make_unique<Standalone>(kind, std::move(address), sink);
}

std::unique_ptr<Source> rewriting_source(std::unique_ptr<Source> body, Kind kind, Address address,
                                         HtmlOptions options) {
  return std::make_unique<RewritingSource>(std::move(body), kind, std::move(address),
                                           std::move(options));
}

Result<std::string> rewrite_all(std::string_view input, std::string_view type, std::string_view url,
                                std::string_view timestamp, std::string_view modifier,
                                std::string_view prefix) {
  const auto kind = kind_named(type);
  if (!kind)
    return fail(Error::Code::kInvalid, "not a type that is rewritten: " + std::string(type));
  const auto known = memento::modifier_of(modifier);
  if (!known) return fail(Error::Code::kInvalid, "not a modifier: " + std::string(modifier));
  if (!std::all_of(timestamp.begin(), timestamp.end(), is_digit) || timestamp.size() > 14) {
    return fail(Error::Code::kInvalid, "not a timestamp: " + std::string(timestamp));
  }
  Address address;
  const auto repaired = WM_TRY(memento::repair_url(url));
  address.document = WM_TRY(url::Url::parse(repaired));
  if (*known == Modifier::kIdentity) return std::string(input);
  address.prefix = prefix.empty() ? "/web/" : prefix;
  if (!address.prefix.ends_with('/')) address.prefix += '/';
  address.timestamp = timestamp;
  address.modifier = *known;
  address.callback = callback_of(repaired);
  std::string output;
  output.reserve(input.size() + input.size() / 8);
  StringSink sink(output);
  const auto rewriter = make_rewriter(*kind, std::move(address),
                                      {.head_insert = "", .scripts = Scripts::kRewrite}, sink);
  rewriter->feed(input);
  rewriter->finish();
  return output;
}

}  // namespace wm::rewrite
