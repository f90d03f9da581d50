#pragma once

#include <string>
#include <string_view>

#include "core/url/host_internal.h"
#include "core/url/url.h"

namespace wm::url {

/// The longest href a Url may have.
inline constexpr std::size_t kLongestUrl = 64 << 10;

/// 0 for schemes without one. A scheme is special if it is one of these or "file".
std::uint16_t default_port(std::string_view scheme);
bool is_special(std::string_view scheme);

/// URL Standard 4.4, the basic URL parser without state override: one method a state, in the
/// standard's order, called with at_ on the code point the state begins with. A state that only
/// gathers a buffer up to a delimiter takes the whole run at once.
class Parser {
 public:
  /// `input` without leading and trailing C0 controls and spaces and without tabs and newlines.
  Parser(std::string_view input, const Url* base) : in_(input), base_(base) {}
  Result<Url> run();

 private:
  bool at_end() const { return at_ >= in_.size(); }
  bool c_is(char c) const { return !at_end() && in_[at_] == c; }
  bool c_is_slash() const { return c_is('/') || (special_ && c_is('\\')); }
  std::string_view rest() const { return in_.substr(at_); }
  std::size_t find_delimiter(std::string_view delimiters) const;
  void set_scheme(std::string_view scheme);
  void copy_authority_from_base();
  void shorten_path();
  void append_segment(std::string_view segment, bool last);

  Result<> scheme_start();
  Result<> after_scheme();
  Result<> no_scheme();
  Result<> special_relative_or_authority();
  Result<> path_or_authority();
  Result<> relative();
  Result<> relative_slash();
  Result<> special_authority_slashes();
  Result<> special_authority_ignore_slashes();
  Result<> authority();
  void userinfo(std::string_view text);
  Result<> host(std::string_view text);
  Result<> port(std::string_view text);
  Result<> file();
  Result<> file_slash();
  Result<> file_host();
  Result<> path_start();
  Result<> path();
  Result<> opaque_path();
  Result<> query_or_fragment();
  Result<> query();
  Result<> fragment();

  std::string_view in_;
  const Url* base_;
  std::size_t at_ = 0;
  bool special_ = false;
  Url url_;
  std::string segment_;  ///< scratch of path()
};

}  // namespace wm::url
