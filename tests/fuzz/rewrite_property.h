#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "replay/rewrite/rewrite.h"

namespace wm::fuzz {

/// Both sides of every edit.
class BothSides final : public rewrite::EditSink {
 public:
  void keep(std::string_view bytes) override {
    input += bytes;
    output += bytes;
  }
  void edit(std::string_view old, std::string_view fresh) override {
    input += old;
    output += fresh;
  }
  std::string input, output;
};

inline BothSides rewrite_in_two(rewrite::Kind kind, std::string_view input, std::size_t cut) {
  rewrite::Address address;
  address.prefix = "/web/";
  address.timestamp = "20200102030405";
  address.document = url::Url::parse("https://a.example/dir/page?q").value();
  address.callback = "now_1";
  BothSides sides;
  const auto rewriter = rewrite::make_rewriter(
      kind, std::move(address),
      {.head_insert = "<!--replay-->", .scripts = rewrite::Scripts::kRewrite}, sides);
  rewriter->feed(input.substr(0, cut));
  rewriter->feed(input.substr(cut));
  rewriter->finish();
  return sides;
}

/// Taking the edits back gives the input, and where it is cut makes no difference.
inline void check_rewriter(rewrite::Kind kind, const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const BothSides whole = rewrite_in_two(kind, input, 0);
  if (whole.input != input) std::abort();
  const BothSides halves =
      rewrite_in_two(kind, input, size < 2 ? 0 : (size * 2654435761u >> 3) % size);
  if (halves.input != input || halves.output != whole.output) std::abort();
}

}  // namespace wm::fuzz
