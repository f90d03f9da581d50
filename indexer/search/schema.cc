#include "indexer/search/schema.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/url/url.h"
#include "indexer/store/coding.h"

namespace wm::search {
namespace {

// Xapian takes 245 bytes; a NUL counts twice.
constexpr std::size_t kBooleanTermBytes = 180;

std::string boolean_value(std::string_view value) {
  if (value.size() <= kBooleanTermBytes && value.find('\0') == value.npos)
    return std::string(value);
  return std::string(value.substr(0, 60)) + sha256_hex(value);
}

std::string_view class_of_mime(std::string_view mime) {
  if (mime == "text/html" || mime == "application/xhtml+xml") return "html";
  if (mime == "application/pdf") return "pdf";
  if (mime.ends_with("/json") || mime.ends_with("+json")) return "json";
  if (mime.ends_with("/xml") || mime.ends_with("+xml")) return "xml";
  const auto slash = mime.find('/');
  if (slash == mime.npos) return {};
  return mime.substr(0, slash);
}

}  // namespace

std::string tag_key(std::string_view tag) {
  UErrorCode error = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFKCCasefoldInstance(error);
  WM_CHECK(U_SUCCESS(error));
  const icu::UnicodeString folded =
      form->normalize(icu::UnicodeString::fromUTF8(valid_utf8(tag)), error);
  std::string text;
  folded.toUTF8String(text);
  std::string key;
  for (const char c : trim(text)) {
    if (!is_space(c)) {
      key.push_back(c);
    } else if (!key.ends_with(' ')) {
      key.push_back(' ');
    }
  }
  return key;
}

std::vector<std::string> tag_terms(std::string_view tag) {
  const std::string key = tag_key(tag);
  std::vector<std::string> terms;
  for (std::size_t at = key.find('/'); at != key.npos && terms.size() < 16;
       at = key.find('/', at + 1)) {
    if (at > 0) terms.push_back(boolean_value(std::string_view(key).substr(0, at)));
  }
  if (!key.empty() && (terms.empty() || terms.back() != key)) terms.push_back(boolean_value(key));
  return terms;
}

std::string group_of(std::uint64_t link_id, std::string_view collection, std::string_view url) {
  if (link_id != 0) return "L" + std::to_string(link_id);
  return "U" + sha256_hex(std::string(collection) + '\0' + std::string(url)).substr(0, 24);
}

std::string id_term(std::string_view id) {
  return std::string(prefix::kId) + boolean_value(id);
}

std::string time_value(Time14 time) {
  std::string value;
  store::put_big_endian(value, time.number(), 6);
  return value;
}

std::vector<std::string> type_terms(std::string_view mime) {
  std::vector<std::string> terms;
  if (mime.empty()) return terms;
  terms.push_back(boolean_value(to_lower(mime)));
  if (const auto kind = class_of_mime(terms.front()); !kind.empty()) terms.emplace_back(kind);
  return terms;
}

std::vector<std::string> host_terms(std::string_view url) {
  std::vector<std::string> terms;
  const auto parsed = url::Url::parse(url);
  if (!parsed || parsed->host().empty()) return terms;
  std::string_view host = parsed->host();
  terms.push_back(boolean_value(host));
  if (host.front() == '[' || is_digit(host.back())) return terms;  // an address has no parents
  for (auto dot = host.find('.'); dot != host.npos && terms.size() < 20; dot = host.find('.')) {
    host.remove_prefix(dot + 1);
    if (!host.empty()) terms.push_back(boolean_value(host));
  }
  return terms;
}

std::string url_words(std::string_view url) {
  constexpr std::size_t kMost = 2000;
  auto rest = url;
  if (const auto scheme = rest.find("://"); scheme != rest.npos) rest.remove_prefix(scheme + 3);
  if (const auto fragment = rest.find('#'); fragment != rest.npos) rest = rest.substr(0, fragment);
  return valid_utf8(url::percent_decode(rest.substr(0, kMost)));
}

}  // namespace wm::search
