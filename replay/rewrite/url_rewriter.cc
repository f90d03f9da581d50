#include "replay/rewrite/url_rewriter.h"

#include <algorithm>
#include <utility>

#include "core/base/ascii.h"

namespace wm::rewrite {
namespace {

constexpr bool is_url_blank(char c) {
  return static_cast<unsigned char>(c) <= 0x20;
}

std::string_view without_blanks(std::string_view url) {
  while (!url.empty() && is_url_blank(url.front())) url.remove_prefix(1);
  while (!url.empty() && is_url_blank(url.back())) url.remove_suffix(1);
  return url;
}

std::size_t scheme_length(std::string_view url) {
  if (url.empty() || !is_alpha(url.front())) return 0;
  std::size_t at = 1;
  while (at < url.size() &&
         (is_alnum(url[at]) || url[at] == '+' || url[at] == '-' || url[at] == '.'))
    ++at;
  return at < url.size() && url[at] == ':' ? at + 1 : 0;
}

bool is_archived_scheme(std::string_view scheme) {
  return iequals(scheme, "http:") || iequals(scheme, "https:") || iequals(scheme, "ftp:") ||
         iequals(scheme, "ftps:");
}

/// Can a reference be resolved by writing it behind a folder of `depth` levels? Not if it climbs
/// out of it, or hides dots and slashes.
bool stays_below(std::string_view reference, std::size_t depth) {
  const auto path = reference.substr(0, reference.find_first_of("?#"));
  std::size_t level = depth;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const auto segment = path.substr(at, end - at);
    if (segment == "..") {
      if (level == 0) return false;
      --level;
    } else if (segment != "." && end < path.size()) {
      ++level;
    }
    at = end + 1;
  }
  return path.find('\\') == std::string_view::npos && ifind(path, "%2e") == std::string_view::npos;
}

}  // namespace

UrlRewriter::UrlRewriter(Address address)
    : address_(std::move(address)),
      base_(address_.document),
      relative_works_(address_.relative_works) {
  for (std::size_t i = 0; i < prefixes_.size(); ++i) {
    prefixes_[i] = address_.prefix + address_.timestamp +
                   std::string(memento::name_of(static_cast<Modifier>(i)));
    if (!prefixes_[i].ends_with('/')) prefixes_[i] += '/';
  }
  learn_base();
}

void UrlRewriter::learn_base() {
  origin_ = base_.has_host() ? base_.scheme() + "://" + std::string(base_.host()) : std::string();
  if (!origin_.empty() && base_.port()) origin_ += ":" + std::to_string(*base_.port());
  const auto& path = base_.path();
  const auto folder = std::string_view(path).substr(0, path.rfind('/') + 1);
  directory_ = origin_ + std::string(folder);
  const auto slashes = std::count(folder.begin(), folder.end(), '/');
  depth_ = slashes > 0 ? static_cast<std::size_t>(slashes) - 1 : 0;
}

void UrlRewriter::set_base(std::string_view href) {
  auto parsed = url::Url::parse(without_blanks(href), &address_.document);
  if (!parsed || !parsed->has_host()) return;
  const auto written = without_blanks(href);
  const bool is_absolute = scheme_length(written) != 0 || written.starts_with("//");
  if (is_absolute) {
    // A base of just a host has no folder for relative references to be appended to.
    const std::size_t host = written.find("//");
    relative_works_ =
        host != std::string_view::npos && written.find('/', host + 2) != std::string_view::npos;
  }
  base_ = std::move(*parsed);
  learn_base();
}

UrlEdit UrlRewriter::edit(std::string_view url, Modifier modifier) const {
  return edit(url, modifier, Relative::kLeave);
}

UrlEdit UrlRewriter::edit_all(std::string_view url, Modifier modifier) const {
  return edit(url, modifier, Relative::kRewrite);
}

UrlEdit UrlRewriter::edit(std::string_view written, Modifier modifier, Relative relative) const {
  std::string_view url = without_blanks(written);
  std::string clean;
  // The URL parser drops these wherever they stand.
  if (url.find_first_of("\t\n\r") != std::string_view::npos) {
    clean = url;
    std::erase_if(clean, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
    url = clean;
  }
  if (url.empty() || url.front() == '#' || url.front() == '{') return {};
  if (const std::size_t scheme = scheme_length(url)) {
    if (!is_archived_scheme(url.substr(0, scheme)) || is_ours(url)) return {};
    if (url.substr(scheme).starts_with("//")) return {UrlEdit::Kind::kInsert, prefix(modifier)};
    return replaced(url, modifier);
  }
  if (url.front() == '\\' || url.starts_with("/\\")) return replaced(url, modifier);
  if (url.starts_with("//")) return {UrlEdit::Kind::kInsert, prefix(modifier)};
  if (url.front() == '/') {
    if (origin_.empty() || is_ours(url)) return {};
    return {UrlEdit::Kind::kInsert, prefix(modifier) + origin_};
  }
  return edit_relative(url, modifier, relative);
}

UrlEdit UrlRewriter::edit_relative(std::string_view url, Modifier modifier,
                                   Relative relative) const {
  if (origin_.empty()) return {};
  const bool stays = stays_below(url, depth_);
  if (stays && relative_works_ && relative == Relative::kLeave) return {};
  if (url.front() == '?' || !stays) return replaced(url, modifier);
  return {UrlEdit::Kind::kInsert, prefix(modifier) + directory_};
}

UrlEdit UrlRewriter::replaced(std::string_view url, Modifier modifier) const {
  auto resolved = url::resolve(url, base_);
  if (!resolved) return {};
  return {UrlEdit::Kind::kReplace, prefix(modifier) + *resolved};
}

std::string UrlRewriter::rewritten(std::string_view written, Modifier modifier) const {
  const std::string_view url = without_blanks(written);
  const auto change = edit(url, modifier, Relative::kRewrite);
  switch (change.kind) {
    case UrlEdit::Kind::kLeave:
      return std::string(url);
    case UrlEdit::Kind::kInsert:
      return change.text + std::string(url);
    case UrlEdit::Kind::kReplace:
      return change.text;
  }
  return std::string(url);
}

bool UrlRewriter::is_ours(std::string_view url) const {
  // A page may well hold "/web/…" of its own; only its own timestamp makes it ours.
  if (!url.starts_with(address_.prefix)) return false;
  if (scheme_length(address_.prefix) != 0) return true;
  return !address_.timestamp.empty() &&
         url.substr(address_.prefix.size()).starts_with(address_.timestamp);
}

}  // namespace wm::rewrite
