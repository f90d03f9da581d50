#include "replay/rewrite/js_rewriter.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ascii.h"
#include "replay/rewrite/js_edits.h"
#include "replay/rewrite/js_lexer.h"

namespace wm::rewrite {
namespace {

// What a script refers to decides what is put before it, so it is held whole. Larger ones go out as
// they are.
constexpr std::size_t kScriptBytes = 32u << 20;

class JsRewriter final : public Rewriter {
 public:
  JsRewriter(ScriptKind kind, const UrlRewriter& urls, EditSink& sink)
      : kind_(kind), urls_(urls), sink_(sink) {}

  void feed(std::string_view bytes) override {
    if (too_large_) {
      sink_.keep(bytes);
      return;
    }
    source_ += bytes;
    if (source_.size() <= kScriptBytes) return;
    too_large_ = true;
    sink_.keep(source_);
    source_ = std::string();
  }

  void finish() override {
    if (too_large_ || source_.empty()) return;
    const JsEdits edits = edits_for(source_, kind_, urls_);
    const std::string_view source = source_;
    // A byte order mark is one only at the very start.
    std::size_t at = source.starts_with("\xef\xbb\xbf") ? 3 : 0;
    sink_.keep(source.substr(0, at));
    if (!edits.before.empty()) sink_.insert(edits.before);
    for (const Edit& edit : edits.edits) {
      if (edit.begin < at) continue;
      sink_.keep(source.substr(at, edit.begin - at));
      sink_.edit(source.substr(edit.begin, edit.end - edit.begin), edit.fresh);
      at = edit.end;
    }
    sink_.keep(source.substr(at));
    if (!edits.after.empty()) sink_.insert(edits.after);
    source_.clear();
  }

 private:
  ScriptKind kind_;
  const UrlRewriter& urls_;
  EditSink& sink_;
  std::string source_;
  bool too_large_ = false;
};

}  // namespace

std::unique_ptr<Rewriter> make_script_rewriter(ScriptKind kind, const UrlRewriter& urls,
                                               EditSink& sink) {
  return std::make_unique<JsRewriter>(kind, urls, sink);
}

}  // namespace wm::rewrite
