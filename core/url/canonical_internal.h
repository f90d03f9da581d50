#pragma once

#include <optional>
#include <string>
#include <string_view>

// The steps that surt-py (0.3.1: handyurl, GoogleURLCanonicalizer, IAURLCanonicalizer,
// URLRegexTransformer) makes a key by, apart from the differences that
// docs/decisions/0101-surt-flavour.md lists.

namespace wm::url {

/// Where the tools that make SURTs differ; the defaults are ours.
struct CanonicalOptions {
  enum class Sessions { kStrip, kKeep };
  enum class TrailingSlash { kStrip, kKeep };
  /// surt-py decodes "%26" in a query to "&" and then sorts what it cut out as if it were an
  /// argument.
  enum class EncodedAmpersand { kKeep, kDecode };
  Sessions sessions = Sessions::kStrip;
  TrailingSlash trailing_slash = TrailingSlash::kStrip;
  EncodedAmpersand encoded_ampersand = EncodedAmpersand::kKeep;
};

struct CanonicalParts {
  std::string
      scheme;  ///< lower case; empty: `path` is the whole input, which is no URL and kept as it is
  std::string host;       ///< empty if there is none; IPv6 without brackets
  bool brackets = false;  ///< the host was in brackets
  std::string port;       ///< decimal; empty for the scheme's default
  std::string path;
  std::optional<std::string> query;
};

CanonicalParts canonicalize(std::string_view url, const CanonicalOptions& options = {});

/// Whether a scheme and ':' begin the text. "host.example:8080/x" has none: no scheme has a dot and
/// is followed by a port.
bool has_scheme(std::string_view text);

enum class Ipv4Order { kReversed, kAsWritten };
std::string key_of(const CanonicalParts& parts, Ipv4Order order = Ipv4Order::kReversed);

/// Percent-decodes until nothing is left to decode, in one pass. With kKeep "%26" stays.
std::string unescape_repeatedly(std::string_view text,
                                CanonicalOptions::EncodedAmpersand ampersand);
/// Escapes what is not printable ASCII, '#' and '%'; with kKeep not the '%' of "%26".
std::string escape_once(std::string_view text, CanonicalOptions::EncodedAmpersand ampersand);
/// Resolves "." and "..", joins repeated slashes. surt-py's normalizePath, ".." at the root
/// included.
std::string normalize_path(std::string_view path);
/// Arguments in the order of their names, then "a" before "a=", then by value.
std::string sort_query(std::string query);
/// Blanks and control characters escaped, so that the text can be a field of a CDX line.
std::string escape_blanks(std::string_view text);

/// ASP.NET's "(S(…))/" and "(…)/" before an .aspx name.
std::string strip_path_session(std::string path);
/// jsessionid, phpsessid, sid, ASPSESSIONID…, cfid with cftoken.
std::string strip_query_session(std::string query);

}  // namespace wm::url
