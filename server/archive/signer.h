#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::archive {

/// What an anonymous signature of wacz-auth 0.1.0 holds, both in base64.
struct Signature {
  std::string signature;   ///< r and s, 48 bytes each (IEEE P1363)
  std::string public_key;  ///< SubjectPublicKeyInfo, DER
};

/// ECDSA with P-384 and SHA-256 over `text`, with the private key in `key_file` (PEM, mode 0600), which is made if there is none. kCorrupt for a
/// file that holds no such key; kIo.
Result<Signature> sign(std::string_view text, const std::filesystem::path& key_file);

}  // namespace wm::archive
