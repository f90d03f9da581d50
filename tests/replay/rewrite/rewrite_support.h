#pragma once

#include <string>
#include <string_view>

#include "replay/rewrite/rewrite.h"

namespace wm::test {

struct RewriteCase {
  std::string timestamp = "20200102030405";
  std::string modifier = "";
  std::string prefix = "/web/";
  std::string head_insert = "";
  rewrite::Scripts scripts = rewrite::Scripts::kRewrite;
  std::string callback = "";
};

/// Rewrites `input` cut into pieces of `piece` bytes, 0: whole; checks on the way that what is kept
/// and what is replaced is the input.
std::string rewritten(rewrite::Kind kind, std::string_view input, std::string_view url,
                      const RewriteCase& how, std::size_t piece = 0, std::size_t first = 0);

/// The output is `expected`, at every split of the input in two and byte by byte.
void check_rewrite(rewrite::Kind kind, std::string_view input, std::string_view expected,
                   std::string_view url, const RewriteCase& how = {});

}  // namespace wm::test
