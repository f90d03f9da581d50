#include "replay/rewrite/edit.h"

#include <algorithm>

namespace wm::rewrite {

void write_edits(std::string_view text, std::vector<Edit>& edits, EditSink& sink) {
  std::ranges::stable_sort(edits, {}, &Edit::begin);
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < at) continue;
    sink.keep(text.substr(at, edit.begin - at));
    sink.edit(text.substr(edit.begin, edit.end - edit.begin), edit.fresh);
    at = edit.end;
  }
  sink.keep(text.substr(at));
}

void HeldRewriter::feed(std::string_view bytes) {
  if (too_long_) return sink_.keep(bytes);
  text_ += bytes;
  if (text_.size() <= limit_) return;
  too_long_ = true;
  sink_.keep(text_);
  text_ = std::string();
}

void HeldRewriter::finish() {
  if (!text_.empty()) rewrite(text_);
  text_ = std::string();
}

}  // namespace wm::rewrite
