#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace wm {

/// A digest taken piece by piece (OpenSSL). One thread.
class Digester {
 public:
  enum class Algorithm { kSha1, kSha256, kMd5 };
  explicit Digester(Algorithm algorithm);
  ~Digester();
  Digester(Digester&&) noexcept;
  Digester& operator=(Digester&&) noexcept;

  void update(std::string_view bytes);
  /// The raw digest bytes; the Digester starts anew.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "sha1:" and upper-case base32, as in WARC-Payload-Digest and CDX.
std::string sha1_label(std::string_view raw_digest);
std::string sha1_digest(std::string_view bytes);
/// Lower-case hex without a label.
std::string sha256_hex(std::string_view bytes);

/// The "sha1:BASE32" form of a digest written by anyone: any case, base16, base32 or base64, label missing or "SHA-1:".
/// Digests of other algorithms come back as "<lower-case label>:<value as written>".
std::string normalized_digest(std::string_view written);

}  // namespace wm
