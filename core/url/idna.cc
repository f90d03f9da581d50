#include <unicode/uidna.h>
#include <unicode/ustring.h>

#include <vector>

#include "core/base/result.h"
#include "core/url/host_internal.h"

namespace wm::url {
namespace {

/// Punycode takes time by the square of a label's length; no real name is near this.
constexpr std::size_t kLongestDomain = 4096;

std::optional<std::vector<UChar>> to_utf16(std::string_view text) {
  std::vector<UChar> out(text.size() + 1);
  std::int32_t length = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strFromUTF8WithSub(out.data(), static_cast<std::int32_t>(out.size()), &length, text.data(),
                       static_cast<std::int32_t>(text.size()), 0xfffd, nullptr, &error);
  if (U_FAILURE(error)) return std::nullopt;
  out.resize(static_cast<std::size_t>(length));
  return out;
}

const UIDNA* uts46() {
  // Immutable and thread-safe once open; lives as long as the process.
  static const UIDNA* const idna = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UIDNA* opened =
        uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
                            UIDNA_NONTRANSITIONAL_TO_UNICODE,
                        &error);
    WM_CHECK(U_SUCCESS(error));
    return opened;
  }();
  return idna;
}

/// What CheckHyphens=false and VerifyDnsLength=false leave unchecked.
constexpr std::uint32_t kIgnoredErrors =
    UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
    UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

}  // namespace

std::optional<std::string> uts46_to_ascii(std::string_view domain) {
  if (domain.size() > kLongestDomain) return std::nullopt;
  // Room for any case mapping (NFKC makes one code point up to 18) is asked for when the first try
  // was too small.
  std::string out(domain.size() * 4 + 64, '\0');
  for (int round = 0; round < 2; ++round) {
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode error = U_ZERO_ERROR;
    const std::int32_t length =
        uidna_nameToASCII_UTF8(uts46(), domain.data(), static_cast<std::int32_t>(domain.size()),
                               out.data(), static_cast<std::int32_t>(out.size()), &info, &error);
    if (length < 0 || (U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR)) return std::nullopt;
    const bool fits = static_cast<std::size_t>(length) <= out.size();
    out.resize(static_cast<std::size_t>(length));
    if (!fits) continue;
    if ((info.errors & ~kIgnoredErrors) != 0) return std::nullopt;
    return out;
  }
  return std::nullopt;
}

std::optional<std::string> idna2003_label_to_ascii(std::string_view label) {
  if (label.size() > kLongestDomain) return std::nullopt;
  const auto source = to_utf16(label);
  if (!source) return std::nullopt;
  // RFC 3490 4.1: a label of more than 63 characters fails, so this is room enough.
  std::array<UChar, 256> ascii;
  UErrorCode error = U_ZERO_ERROR;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  const std::int32_t length = uidna_toASCII(
      source->data(), static_cast<std::int32_t>(source->size()), ascii.data(),
      static_cast<std::int32_t>(ascii.size()), UIDNA_ALLOW_UNASSIGNED, nullptr, &error);
#pragma GCC diagnostic pop
  if (U_FAILURE(error) || length <= 0) return std::nullopt;
  std::string out;
  for (std::int32_t i = 0; i < length; ++i)
    out += static_cast<char>(ascii[static_cast<std::size_t>(i)]);
  return out;
}

std::string unicode_lower(std::string_view text) {
  auto source = to_utf16(text);
  if (!source) return std::string(text);
  // Lower-casing makes at most three code units of one.
  std::vector<UChar> lower(source->size() * 3 + 1);
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t length =
      u_strToLower(lower.data(), static_cast<std::int32_t>(lower.size()), source->data(),
                   static_cast<std::int32_t>(source->size()), "", &error);
  std::string out(static_cast<std::size_t>(length) * 3, '\0');
  std::int32_t bytes = 0;
  u_strToUTF8WithSub(out.data(), static_cast<std::int32_t>(out.size()), &bytes, lower.data(),
                     length, 0xfffd, nullptr, &error);
  if (U_FAILURE(error)) return std::string(text);
  out.resize(static_cast<std::size_t>(bytes));
  return out;
}

}  // namespace wm::url
