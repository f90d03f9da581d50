#include "replay/rewrite/js_rewriter.h"

#include <string_view>

#include "replay/rewrite/js_edits.h"

namespace wm::rewrite {
namespace {

// What a script refers to decides what is put before it, so it is held whole. Larger ones go out as
// they are.
constexpr std::size_t kScriptBytes = 32u << 20;

class JsRewriter final : public HeldRewriter {
 public:
  JsRewriter(ScriptKind kind, const UrlRewriter& urls, EditSink& sink)
      : HeldRewriter(kScriptBytes, sink), kind_(kind), urls_(urls) {}

 private:
  void rewrite(std::string_view source) override {
    JsEdits edits = edits_for(source, kind_, urls_);
    // A byte order mark is one only at the very start.
    const std::size_t at = source.starts_with("\xef\xbb\xbf") ? 3 : 0;
    if (!edits.before.empty()) edits.edits.insert(edits.edits.begin(), {at, at, edits.before});
    write_edits(source, edits.edits, sink());
    if (!edits.after.empty()) sink().insert(edits.after);
  }

  const ScriptKind kind_;
  const UrlRewriter& urls_;
};

}  // namespace

std::unique_ptr<Rewriter> make_script_rewriter(ScriptKind kind, const UrlRewriter& urls,
                                               EditSink& sink) {
  return std::make_unique<JsRewriter>(kind, urls, sink);
}

}  // namespace wm::rewrite
