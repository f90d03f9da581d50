#include "core/base/digest.h"

#include <openssl/evp.h>

#include <array>

#include "core/base/ascii.h"
#include "core/base/result.h"

namespace wm {

struct Digester::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const EVP_MD* algorithm = nullptr;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Digester::Digester(Algorithm algorithm) : state_(std::make_unique<State>()) {
  switch (algorithm) {
    case Algorithm::kSha1: state_->algorithm = EVP_sha1(); break;
    case Algorithm::kSha256: state_->algorithm = EVP_sha256(); break;
    case Algorithm::kMd5: state_->algorithm = EVP_md5(); break;
  }
  WM_CHECK(EVP_DigestInit_ex(state_->context, state_->algorithm, nullptr) == 1);
}

Digester::~Digester() = default;
Digester::Digester(Digester&&) noexcept = default;
Digester& Digester::operator=(Digester&&) noexcept = default;

void Digester::update(std::string_view bytes) {
  WM_CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Digester::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw;
  unsigned int length = 0;
  WM_CHECK(EVP_DigestFinal_ex(state_->context, raw.data(), &length) == 1);
  WM_CHECK(EVP_DigestInit_ex(state_->context, state_->algorithm, nullptr) == 1);
  return {raw.begin(), raw.begin() + length};
}

std::string sha1_label(std::string_view raw_digest) { return "sha1:" + base32_encode(raw_digest); }

std::string sha1_digest(std::string_view bytes) {
  Digester sha1(Digester::Algorithm::kSha1);
  sha1.update(bytes);
  return sha1_label(sha1.finish());
}

std::string sha256_hex(std::string_view bytes) {
  Digester sha256(Digester::Algorithm::kSha256);
  sha256.update(bytes);
  return hex_encode(sha256.finish());
}

std::string normalized_digest(std::string_view written) {
  written = trim(written);
  const std::size_t colon = written.find(':');
  std::string label = colon == std::string_view::npos ? "" : to_lower(written.substr(0, colon));
  std::erase(label, '-');
  const std::string_view value = colon == std::string_view::npos ? written : written.substr(colon + 1);
  if (!label.empty() && label != "sha1") return label + ":" + std::string(value);

  std::optional<std::string> raw;
  if (value.size() == 32) raw = base32_decode(value);
  if (value.size() == 40) raw = hex_decode(value);
  if (value.size() == 27 || value.size() == 28) raw = base64_decode(value);
  if (raw && raw->size() == 20) return sha1_label(*raw);
  return label.empty() ? std::string(value) : "sha1:" + std::string(value);
}

}  // namespace wm
