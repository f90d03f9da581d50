// URL Standard 4.4: from the scheme to the port.
#include "core/url/parser_internal.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/percent_encode_internal.h"

namespace wm::url {

std::uint16_t default_port(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws") return 80;
  if (scheme == "https" || scheme == "wss") return 443;
  if (scheme == "ftp") return 21;
  return 0;
}

bool is_special(std::string_view scheme) {
  return default_port(scheme) != 0 || scheme == "file";
}

std::size_t Parser::find_delimiter(std::string_view delimiters) const {
  std::size_t end = at_;
  while (end < in_.size() && delimiters.find(in_[end]) == std::string_view::npos &&
         !(special_ && in_[end] == '\\'))
    ++end;
  return end;
}

void Parser::set_scheme(std::string_view scheme) {
  url_.scheme_ = to_lower(scheme);
  special_ = is_special(url_.scheme_);
}

void Parser::copy_authority_from_base() {
  url_.username_ = base_->username_;
  url_.password_ = base_->password_;
  url_.host_ = base_->host_;
  url_.port_ = base_->port_;
}

Result<Url> Parser::run() {
  WM_TRY(scheme_start());
  return std::move(url_);
}

/// Scheme start state and scheme state.
Result<> Parser::scheme_start() {
  // Scheme start 1. If c is an ASCII alpha … 2. Otherwise, set state to no scheme state.
  if (at_end() || !is_alpha(in_[0])) return no_scheme();
  // Scheme 1. If c is an ASCII alphanumeric, +, -, or ., append c, lowercased, to buffer.
  std::size_t end = 0;
  while (end < in_.size() &&
         (is_alnum(in_[end]) || in_[end] == '+' || in_[end] == '-' || in_[end] == '.'))
    ++end;
  // Scheme 3. Otherwise, if c is not ':', start over in no scheme state.
  if (end == in_.size() || in_[end] != ':') return no_scheme();
  // Scheme 2.2, 2.4. Set url's scheme to buffer, and buffer to the empty string.
  set_scheme(in_.substr(0, end));
  at_ = end + 1;
  return after_scheme();
}

/// Scheme state, steps 2.5 to 2.9.
Result<> Parser::after_scheme() {
  // 5. If url's scheme is "file", file state.
  if (url_.scheme_ == "file") return file();
  // 6. If url is special, base is non-null, and base's scheme is url's scheme: special relative or
  // authority state.
  if (special_ && base_ != nullptr && base_->scheme_ == url_.scheme_)
    return special_relative_or_authority();
  // 7. Otherwise, if url is special: special authority slashes state.
  if (special_) return special_authority_slashes();
  // 8. Otherwise, if remaining starts with '/': path or authority state.
  if (c_is('/')) {
    ++at_;
    return path_or_authority();
  }
  // 9. Otherwise, set url's path to the empty string and state to opaque path state.
  return opaque_path();
}

Result<> Parser::no_scheme() {
  // 1. If base is null, or base has an opaque path and c is not '#': failure.
  if (base_ == nullptr) return fail(Error::Code::kInvalid, "a relative URL has no base");
  if (base_->opaque_path_ && !c_is('#'))
    return fail(Error::Code::kInvalid, "the base of a relative URL has no hierarchy");
  // 2. Otherwise, if base has an opaque path and c is '#': all of base but the fragment.
  if (base_->opaque_path_) {
    set_scheme(base_->scheme_);
    url_.path_ = base_->path_;
    url_.opaque_path_ = true;
    url_.query_ = base_->query_;
    return fragment();
  }
  // 3. Otherwise, if base's scheme is not "file": relative state. 4. Otherwise, file state.
  if (base_->scheme_ != "file") return relative();
  set_scheme("file");
  return file();
}

Result<> Parser::special_relative_or_authority() {
  // 1. If c is '/' and remaining starts with '/': special authority ignore slashes state. 2.
  // Otherwise: relative state.
  if (!rest().starts_with("//")) return relative();
  at_ += 2;
  return special_authority_ignore_slashes();
}

Result<> Parser::path_or_authority() {
  // 1. If c is '/', then set state to authority state. 2. Otherwise, path state, and decrease
  // pointer by 1.
  if (!c_is('/')) return path();
  ++at_;
  return authority();
}

Result<> Parser::relative() {
  // 1.-2. Set url's scheme to base's scheme.
  set_scheme(base_->scheme_);
  // 3. If c is '/': relative slash state. 4. Otherwise, if url is special and c is '\': the same.
  if (c_is_slash()) {
    ++at_;
    return relative_slash();
  }
  // 5.1. Set url's username, password, host, port, path and query to base's.
  copy_authority_from_base();
  url_.path_ = base_->path_;
  url_.query_ = base_->query_;
  // 5.2-5.3. '?' and '#' replace query and fragment. 5.4. Otherwise, if c is not the EOF code
  // point:
  if (at_end() || c_is('?') || c_is('#')) return query_or_fragment();
  url_.query_.reset();
  shorten_path();
  return path();
}

Result<> Parser::relative_slash() {
  // 1. If url is special and c is '/' or '\': special authority ignore slashes state.
  if (special_ && c_is_slash()) return special_authority_ignore_slashes();
  // 2. Otherwise, if c is '/': authority state.
  if (c_is('/')) {
    ++at_;
    return authority();
  }
  // 3. Otherwise, set url's username, password, host and port to base's, and state to path state.
  copy_authority_from_base();
  return path();
}

Result<> Parser::special_authority_slashes() {
  // 1.-2. Two slashes are expected; without them it is a validation error only.
  if (rest().starts_with("//")) at_ += 2;
  return special_authority_ignore_slashes();
}

Result<> Parser::special_authority_ignore_slashes() {
  // 1. If c is neither '/' nor '\': authority state. 2. Otherwise, validation error.
  while (c_is('/') || c_is('\\')) ++at_;
  return authority();
}

/// Authority state, host state and port state, over the run up to the delimiter that ends all
/// three.
Result<> Parser::authority() {
  const std::size_t end = find_delimiter("/?#");
  std::string_view text = in_.substr(at_, end - at_);
  at_ = end;
  // Authority 1. Each '@' ends what has been credentials so far: the last one counts, and those
  // before are part of them as %40.
  if (const std::size_t at_sign = text.rfind('@'); at_sign != std::string_view::npos) {
    userinfo(text.substr(0, at_sign));
    text.remove_prefix(at_sign + 1);
    // Authority 2.1. If atSignSeen is true and buffer is the empty string: failure.
    if (text.empty()) return fail(Error::Code::kInvalid, "credentials without a host");
  }
  // Host 1, 4, 5. The first ':' that is not inside brackets ends the host.
  bool inside_brackets = false;
  std::size_t colon = 0;
  for (; colon < text.size(); ++colon) {
    if (text[colon] == '[') inside_brackets = true;
    if (text[colon] == ']') inside_brackets = false;
    if (text[colon] == ':' && !inside_brackets) break;
  }
  // Host 2.1. If c is ':' and buffer is the empty string: failure. 3.1: so it is for a special URL
  // without a host.
  if (colon == 0 && (special_ || colon < text.size()))
    return fail(Error::Code::kInvalid, "a URL has no host");
  WM_TRY(host(text.substr(0, colon)));
  if (colon < text.size()) WM_TRY(port(text.substr(colon + 1)));
  return path_start();
}

/// Authority 1.4-1.6. For each codePoint in buffer: the first ':' ends the username; all is encoded
/// by the userinfo set.
void Parser::userinfo(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  append_encoded(url_.username_, text.substr(0, colon), kUserinfoSet);
  if (colon < text.size()) append_encoded(url_.password_, text.substr(colon + 1), kUserinfoSet);
}

Result<> Parser::host(std::string_view text) {
  url_.host_ = WM_TRY(parse_host(text, special_ ? HostKind::kSpecial : HostKind::kOpaque));
  return {};
}

Result<> Parser::port(std::string_view text) {
  // 1. ASCII digits are gathered. 3. Any other code point before the delimiter is failure.
  std::uint32_t value = 0;
  for (char c : text) {
    if (!is_digit(c)) return fail(Error::Code::kInvalid, "a port is no number");
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
    // 2.1.2. If port is greater than 2^16 - 1: failure.
    if (value > 0xffff) return fail(Error::Code::kInvalid, "a port is too large");
  }
  // 2.1.3. Set url's port to null if port is url's scheme's default port; otherwise to port.
  const bool is_default = value != 0 && value == default_port(url_.scheme_);
  if (!text.empty() && !is_default) url_.port_ = static_cast<std::uint16_t>(value);
  return {};
}

}  // namespace wm::url
