#pragma once

#include <string>
#include <string_view>

namespace wm::wacz {

/// What a datapackage-digest.json says of who made a WACZ. Nothing is refused for it.
struct Signature {
  enum class State {
    kUnsigned,
    kValid,    ///< of this datapackage.json, by the key or certificate that comes with it
    kInvalid,  ///< there is one, but not of this datapackage.json, or it cannot be read
  };
  State state = State::kUnsigned;
  std::string signer;  ///< "key sha256:<hex of the public key>" or "domain <name>"; "" if not valid
  std::string reason;  ///< why it is invalid, or what of it was not looked at
};
std::string_view name_of(Signature::State state) noexcept;  ///< "unsigned", "valid", "invalid"

/// Verifies the signature in `digest_json` over the bytes of datapackage.json. Anonymous ones (a public key, ECDSA, r and s of the curve's
/// size) are true for whoever holds that key; of those with a domain the certificate's key and name are looked at, but neither its chain nor
/// the time stamp: both need roots of trust that an archive outlives. Source: wacz-auth 0.1.0.
Signature verify_signature(std::string_view digest_json, std::string_view package_json);

}  // namespace wm::wacz
