#include "server/archive/signer.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <memory>

#include "core/base/ascii.h"
#include "core/base/file.h"

namespace wm::archive {

namespace {

constexpr int kCoordinateBytes = 48;
constexpr std::size_t kKeyFileBytes = 16 << 10;

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;

std::unexpected<Error> ssl_error(const std::string& doing) { return fail(Error::Code::kIo, "cannot " + doing + " with OpenSSL"); }

std::string_view bytes_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Result<Key> make_key(const std::filesystem::path& path) {
  Key key(EVP_EC_gen("P-384"));
  const Bio pem(BIO_new(BIO_s_mem()));
  if (!key || !pem || PEM_write_bio_PKCS8PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) return ssl_error("make a key");
  WM_TRY(replace_private_file(path, bytes_of(pem.get())));
  return key;
}

Result<Key> key_in(const std::filesystem::path& path) {
  const auto stored = read_file(path, kKeyFileBytes);
  if (!stored && stored.error().code == Error::Code::kNotFound) return make_key(path);
  const std::string pem_text = WM_TRY(stored);
  const Bio pem(BIO_new_mem_buf(pem_text.data(), static_cast<int>(pem_text.size())));
  Key key(PEM_read_bio_PrivateKey(pem.get(), nullptr, nullptr, nullptr));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC || EVP_PKEY_get_bits(key.get()) != 8 * kCoordinateBytes) {
    return fail(Error::Code::kCorrupt, path.string() + " holds no P-384 key");
  }
  return key;
}

/// WebCrypto wants the two numbers, OpenSSL gives them in ASN.1.
Result<std::string> plain_numbers(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>> parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::array<unsigned char, 2 * kCoordinateBytes> plain{};
  if (!parsed || BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), plain.data(), kCoordinateBytes) < 0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), plain.data() + kCoordinateBytes, kCoordinateBytes) < 0) {
    return ssl_error("take a signature apart");
  }
  return std::string(reinterpret_cast<const char*>(plain.data()), plain.size());
}

}  // namespace

Result<Signature> sign(std::string_view text, const std::filesystem::path& key_file) {
  const Key key = WM_TRY(key_in(key_file));
  const std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::array<unsigned char, 256> der{};
  std::size_t size = der.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), der.data(), &size, bytes, text.size()) != 1) {
    return ssl_error("sign");
  }
  const Bio spki(BIO_new(BIO_s_mem()));
  if (!spki || i2d_PUBKEY_bio(spki.get(), key.get()) != 1) return ssl_error("write a public key");
  const std::string numbers = WM_TRY(plain_numbers({reinterpret_cast<const char*>(der.data()), size}));
  return Signature{.signature = base64_encode(numbers), .public_key = base64_encode(bytes_of(spki.get()))};
}

}  // namespace wm::archive
