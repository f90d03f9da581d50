// URL Standard 4.4: file URLs, paths, query and fragment.
#include <algorithm>

#include "core/base/ascii.h"
#include "core/url/parser_internal.h"
#include "core/url/percent_encode_internal.h"

namespace wm::url {
namespace {

/// "A Windows drive letter is two code points, of which the first is an ASCII alpha and the second
/// is either ':' or '|'."
bool is_drive_letter(std::string_view text) {
  return text.size() == 2 && is_alpha(text[0]) && (text[1] == ':' || text[1] == '|');
}

/// "A string starts with a Windows drive letter if …" it does and what follows is nothing, '/',
/// '\', '?' or '#'.
bool starts_with_drive_letter(std::string_view text) {
  return is_drive_letter(text.substr(0, 2)) &&
         (text.size() == 2 || std::string_view("/\\?#").find(text[2]) != std::string_view::npos);
}

/// The path "/C:" begins with a normalized Windows drive letter; so does "/C:/…".
bool path_begins_with_drive(std::string_view path) {
  return path.size() >= 3 && is_alpha(path[1]) && path[2] == ':' &&
         (path.size() == 3 || path[3] == '/');
}

/// "A single-dot URL path segment is "." or "%2e"", in either case.
bool is_single_dot(std::string_view segment) {
  return segment == "." || iequals(segment, "%2e");
}

bool is_double_dot(std::string_view segment) {
  return segment == ".." || iequals(segment, ".%2e") || iequals(segment, "%2e.") ||
         iequals(segment, "%2e%2e");
}

}  // namespace

/// Shorten a url's path. The path is kept as text, "/" before each segment.
void Parser::shorten_path() {
  std::string& path = url_.path_;
  // 3. If url's scheme is "file", path's size is 1, and path[0] is a normalized Windows drive
  // letter, then return.
  if (url_.scheme_ == "file" && path.size() == 3 && path_begins_with_drive(path)) return;
  // 4. Remove path's last item, if any.
  if (!path.empty()) path.resize(path.rfind('/'));
}

Result<> Parser::file() {
  // 1.-2. Set url's host to the empty string.
  url_.host_ = std::string();
  // 3. If c is '/' or '\': file slash state.
  if (c_is_slash()) {
    ++at_;
    return file_slash();
  }
  // 4. Otherwise, if base is non-null and base's scheme is "file":
  if (base_ == nullptr || base_->scheme_ != "file") return path();
  // 4.1. Set url's host, path and query to base's. 4.2-4.3. '?' and '#'.
  url_.host_ = base_->host_;
  url_.path_ = base_->path_;
  url_.query_ = base_->query_;
  if (at_end() || c_is('?') || c_is('#')) return query_or_fragment();
  // 4.4. Otherwise: set url's query to null; shorten the path, or, if a drive letter follows, empty
  // it.
  url_.query_.reset();
  if (starts_with_drive_letter(rest())) {
    url_.path_.clear();
  } else {
    shorten_path();
  }
  return path();
}

Result<> Parser::file_slash() {
  // 1. If c is '/' or '\': file host state.
  if (c_is_slash()) {
    ++at_;
    return file_host();
  }
  // 2.1. If base is a file URL: its host, and its drive letter unless one follows.
  if (base_ != nullptr && base_->scheme_ == "file") {
    url_.host_ = base_->host_;
    if (!starts_with_drive_letter(rest()) && path_begins_with_drive(base_->path_))
      url_.path_ = base_->path_.substr(0, 3);
  }
  // 2.2. Set state to path state, and decrease pointer by 1.
  return path();
}

Result<> Parser::file_host() {
  // 1. If c is the EOF code point, '/', '\', '?' or '#':
  const std::size_t end = find_delimiter("/?#");
  const std::string_view text = in_.substr(at_, end - at_);
  // 1.1. If buffer is a Windows drive letter: path state, where the buffer becomes the first
  // segment.
  if (is_drive_letter(text)) return path();
  at_ = end;
  // 1.2. Otherwise, if buffer is the empty string: an empty host. 1.3. Otherwise: parse it;
  // "localhost" is the empty host.
  if (!text.empty()) {
    WM_TRY(host(text));
    if (*url_.host_ == "localhost") url_.host_->clear();
  }
  return path_start();
}

Result<> Parser::path_start() {
  // 1. If url is special: path state; a slash is consumed. 4. Otherwise, if c is not the EOF code
  // point: the same with '/'. 2.-3. '?' and '#' of a URL that is not special begin query and
  // fragment.
  if (!special_ && (at_end() || c_is('?') || c_is('#'))) return query_or_fragment();
  if (c_is_slash()) ++at_;
  return path();
}

/// Path state 1.1-1.4, for one buffer. `last`: c is neither '/' nor, in a special URL, '\'.
void Parser::append_segment(std::string_view segment, bool last) {
  std::string& path = url_.path_;
  if (is_double_dot(segment)) {
    // 1.2. Shorten url's path; if this was the last segment, append the empty string.
    shorten_path();
    if (last) path += '/';
  } else if (is_single_dot(segment)) {
    // 1.3. A last single dot appends the empty string.
    if (last) path += '/';
  } else {
    // 1.4.1. A drive letter at the start of a file URL's path has ':' for its second code point.
    const bool drive = path.empty() && url_.scheme_ == "file" && is_drive_letter(segment);
    path += '/';
    path += segment;
    if (drive) path.back() = ':';
  }
}

Result<> Parser::path() {
  for (bool last = false; !last;) {
    // 2. UTF-8 percent-encode c using the path percent-encode set and append the result to buffer.
    const std::size_t end = find_delimiter("/?#");
    segment_.clear();
    append_encoded(segment_, in_.substr(at_, end - at_), kPathSet);
    at_ = end;
    last = !c_is_slash();
    append_segment(segment_, last);
    if (!last) ++at_;
  }
  // 1.6-1.7. '?' and '#'.
  return query_or_fragment();
}

Result<> Parser::opaque_path() {
  url_.opaque_path_ = true;
  const std::size_t end = std::min(in_.find_first_of("?#", at_), in_.size());
  std::string_view text = in_.substr(at_, end - at_);
  at_ = end;
  // 3. A space right before '?' or '#' is encoded, as it would be lost if they were removed; other
  // spaces stay.
  const bool encode_last = end < in_.size() && text.ends_with(' ');
  if (encode_last) text.remove_suffix(1);
  append_encoded(url_.path_, text, kC0ControlSet);
  if (encode_last) url_.path_ += "%20";
  return query_or_fragment();
}

Result<> Parser::query_or_fragment() {
  if (c_is('?')) return query();
  if (c_is('#')) return fragment();
  return {};
}

Result<> Parser::query() {
  ++at_;
  const std::size_t end = std::min(in_.find('#', at_), in_.size());
  url_.query_ = std::string();
  append_encoded(*url_.query_, in_.substr(at_, end - at_), special_ ? kSpecialQuerySet : kQuerySet);
  at_ = end;
  return c_is('#') ? fragment() : Result<>();
}

Result<> Parser::fragment() {
  ++at_;
  url_.fragment_ = std::string();
  append_encoded(*url_.fragment_, rest(), kFragmentSet);
  at_ = in_.size();
  return {};
}

}  // namespace wm::url
