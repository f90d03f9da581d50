#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "replay/rewrite/edit.h"

namespace wm::rewrite {

/// The name that a URL asks its answer to call ("?callback=f", "?jsonp=f"); "" if it asks for none,
/// or for something that is no name.
std::string callback_of(std::string_view url);

/// JSON, or JSON handed to a function ("f({…})"): only the function's name changes, to the one that
/// is asked for now. Scripts make it up anew at every visit, so the archived one is never waiting.
/// `sink` outlives it.
class JsonpRewriter final : public Rewriter {
 public:
  JsonpRewriter(std::string callback, EditSink& sink)
      : callback_(std::move(callback)), sink_(sink) {}
  void feed(std::string_view bytes) override;
  void finish() override;

 private:
  void decide();

  std::string callback_;
  EditSink& sink_;
  std::string start_;  ///< until it is clear what calls the function
  std::size_t next_look_ = 256;
  bool decided_ = false;
};

/// Does a body begin as "f({…" does, blanks and comments first?
bool begins_as_jsonp(std::string_view first_bytes);

}  // namespace wm::rewrite
