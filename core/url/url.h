#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::url {

/// A URL as the WHATWG URL Standard parses and serialises it. A value. IDNA is UTS 46 by ICU, as the standard's domain to ASCII.
/// Input longer than 64 KiB is refused (kTooLarge): longer ones occur only as attacks or data: URLs, which nothing here parses.
class Url {
 public:
  /// kInvalid with the reason if the standard's parser returns failure. `base` resolves a relative input. `input` is UTF-8;
  /// bytes that are not valid UTF-8 are percent-encoded as they are.
  static Result<Url> parse(std::string_view input, const Url* base = nullptr);

  const std::string& scheme() const { return scheme_; }  ///< without ':'
  const std::string& username() const { return username_; }
  const std::string& password() const { return password_; }
  bool has_host() const { return host_.has_value(); }
  /// Serialised: punycode, dotted IPv4, "[…]" IPv6; "" if there is none.
  std::string_view host() const { return host_ ? std::string_view(*host_) : std::string_view(); }
  std::optional<std::uint16_t> port() const { return port_; }  ///< nullopt for the scheme's default
  std::uint16_t effective_port() const;                         ///< 0 if the scheme has no default
  const std::string& path() const { return path_; }             ///< with leading '/' unless opaque
  bool has_opaque_path() const { return opaque_path_; }
  const std::optional<std::string>& query() const { return query_; }        ///< without '?'
  const std::optional<std::string>& fragment() const { return fragment_; }  ///< without '#'

  bool is_http() const { return scheme_ == "http" || scheme_ == "https"; }
  /// "https://host[:port]" for http(s), ws(s) and ftp; "null" otherwise.
  std::string origin() const;
  /// path plus query, as a request line has it.
  std::string path_and_query() const;

  std::string href() const;
  std::string href_without_fragment() const;
  void clear_fragment() { fragment_.reset(); }

  friend bool operator==(const Url&, const Url&) = default;

 private:
  friend class Parser;
  std::string scheme_;
  std::string username_;
  std::string password_;
  std::optional<std::string> host_;
  std::optional<std::uint16_t> port_;
  std::string path_;
  bool opaque_path_ = false;
  std::optional<std::string> query_;
  std::optional<std::string> fragment_;
};

/// `reference` against `base` in one call; the href of the result.
Result<std::string> resolve(std::string_view reference, const Url& base);

/// Percent-decodes; '+' stays '+'. Broken escapes stay as they are.
std::string percent_decode(std::string_view text);
/// Escapes all but RFC 3986 unreserved characters.
std::string percent_encode_component(std::string_view text);

}  // namespace wm::url
