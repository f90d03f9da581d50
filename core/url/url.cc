#include "core/url/url.h"

#include "core/base/ascii.h"
#include "core/url/parser_internal.h"

namespace wm::url {
namespace {

/// Basic URL parser, steps 1.1-1.3 and 2-3: without C0 controls and spaces around it, without tabs
/// and newlines in it.
std::string_view cleaned(std::string_view input, std::string& storage) {
  while (!input.empty() && static_cast<unsigned char>(input.front()) <= ' ') input.remove_prefix(1);
  while (!input.empty() && static_cast<unsigned char>(input.back()) <= ' ') input.remove_suffix(1);
  if (input.find_first_of("\t\n\r") == std::string_view::npos) return input;
  storage.reserve(input.size());
  for (char c : input) {
    if (c != '\t' && c != '\n' && c != '\r') storage += c;
  }
  return storage;
}

}  // namespace

Result<Url> Url::parse(std::string_view input, const Url* base) {
  if (input.size() > kLongestUrl) return fail(Error::Code::kTooLarge, "a URL of more than 64 KiB");
  std::string storage;
  auto url = WM_TRY(Parser(cleaned(input, storage), base).run());
  // What the encoding made longer, or the base: so that every href can be parsed again.
  const std::size_t parts = url.scheme_.size() + url.username_.size() + url.password_.size() +
                            url.host().size() + url.path_.size() +
                            (url.query_ ? url.query_->size() : 0) +
                            (url.fragment_ ? url.fragment_->size() : 0);
  constexpr std::size_t kPunctuation = 16;
  if (parts + kPunctuation > kLongestUrl)
    return fail(Error::Code::kTooLarge, "a URL of more than 64 KiB");
  return url;
}

std::uint16_t Url::effective_port() const {
  return port_.value_or(default_port(scheme_));
}

std::string Url::origin() const {
  if (default_port(scheme_) == 0) return "null";
  std::string out = scheme_ + "://" + std::string(host());
  if (port_) out += ':' + std::to_string(*port_);
  return out;
}

std::string Url::path_and_query() const {
  return query_ ? path_ + '?' + *query_ : path_;
}

// URL Standard 4.5, "URL serializing".
std::string Url::href_without_fragment() const {
  // 1. Let output be url's scheme and ':'.
  std::string out = scheme_ + ':';
  if (host_) {
    // 2. If url's host is non-null: "//", credentials, host, port.
    out += "//";
    if (!username_.empty() || !password_.empty()) {
      out += username_;
      if (!password_.empty()) out += ':' + password_;
      out += '@';
    }
    out += *host_;
    if (port_) out += ':' + std::to_string(*port_);
  } else if (!opaque_path_ && path_.starts_with("//")) {
    // 3. Without a host, a path whose first segment is empty would read as one: "/." keeps it a
    // path.
    out += "/.";
  }
  // 4.-5. The path, then '?' and the query.
  out += path_;
  if (query_) out += '?' + *query_;
  return out;
}

std::string Url::href() const {
  std::string out = href_without_fragment();
  if (fragment_) out += '#' + *fragment_;
  return out;
}

Result<std::string> resolve(std::string_view reference, const Url& base) {
  const auto url = WM_TRY(Url::parse(reference, &base));
  return url.href();
}

}  // namespace wm::url
