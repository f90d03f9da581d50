// Signatures over the datapackage.json "{"profile":"data-package","resources":[]}", made with the openssl program.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/base/digest.h"
#include "core/wacz/wacz.h"
#include "tests/core/wacz/zip_builder.h"
#include "tests/support/test_support.h"

using namespace wm;
using nlohmann::json;
using wacz::Signature;
using State = wacz::Signature::State;

namespace {

constexpr const char* kPackage = R"({"profile":"data-package","resources":[]})";
constexpr const char* kSignature =
    "io2BJkHrZJR2F6hsHlNxvZgR+TcgHsCDCUNrGqdac4fPXWJK94o8z5uQkKwFpjQC3pnUvuT0wX9B8Ncu4VAZRgedzOWVvVjaEJ1/syRq+U68XPPbIUJhuIjgFJAISps/";
constexpr const char* kKey =
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEko34ZvzmNMf83OrvlNyVDxlc4TJpeOKsJ4ZLkUU1O8vBTzaHATvIEDAx3a8zSXGMvBv7iTTP2l7+PA1GjxjLtjyvwH34HYmKtcmiEjEs6kqt"
    "IVkkdSgNu1x0OuzJ7PX3";
constexpr const char* kOtherKey =  // of the same curve
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE8HmyFbb9CpaVNYAeujnpMq/RHLowCWDvqXY3V3OXGL8QIvkdYoiZ6Lou1mlQ5I9dEORcHFZnVx5m5cRi+/TBQQtFS1wmNLKESGIC+b+G9YJA"
    "lQ2a7bGuiJg5exLBkQBN";
constexpr const char* kDomainSignature = "MEUCIGXby/ZwdTt0jB/98FybJYWD/WQT4l7TSvBmx2Z9cAavAiEA1l51LtyAgKheLoGu4EZDEVF/YP3bc9ykjpC6PD20Yf4=";
constexpr const char* kCertificate =  // of sign.example
    "-----BEGIN CERTIFICATE-----\nMIIBnjCCAUSgAwIBAgIUacmDeZpef20akFIN2lltyi2/gYAwCgYIKoZIzj0EAwIw\nFzEVMBMGA1UEAwwMc2lnbi5leGFtcGxlMCAXDTI2MTEyNTAwNDAyN1oYDzIxMjYx\n"
    "MTAxMDA0MDI3WjAXMRUwEwYDVQQDDAxzaWduLmV4YW1wbGUwWTATBgcqhkjOPQIB\nBggqhkjOPQMBBwNCAARu5GCRVzDf2Ga80UmCnbd/FRcUiSJVmDC9twjwfsHOWxqb\n"
    "tlE5anha93RLuL3OZXy6Y0obMTf/cJGAuJ6BcLY5o2wwajAdBgNVHQ4EFgQUXAI5\nUydJZ/7OVXgsfzT4kA8DMEEwHwYDVR0jBBgwFoAUXAI5UydJZ/7OVXgsfzT4kA8D\n"
    "MEEwDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxzaWduLmV4YW1wbGUwCgYI\nKoZIzj0EAwIDSAAwRQIhAMcaGtPJ/dhG/Dsi6udRqTkcuZ9ChCiIwDJDh1GIFYvB\n"
    "AiB7QOFhsiP5puxFIyDM8MStP9AaqnDyupMAolMr7hbTaQ==\n-----END CERTIFICATE-----\n";

json anonymous() {
  return {{"path", "datapackage.json"}, {"signedData", {{"hash", "sha256:" + sha256_hex(kPackage)}, {"signature", kSignature}, {"publicKey", kKey}}}};
}
json of_domain() {
  return {{"signedData", {{"hash", "sha256:" + sha256_hex(kPackage)}, {"signature", kDomainSignature}, {"domain", "sign.example"}, {"domainCert", kCertificate}}}};
}
json with(json digest, const char* field, const json& value) {
  digest["signedData"][field] = value;
  return digest;
}

struct Row {
  const char* what;
  json digest;
  State state;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.what; }

const Row kRows[] = {
    {"an anonymous signature", anonymous(), State::kValid},
    {"one of a domain", of_domain(), State::kValid},
    {"none", {{"hash", "x"}}, State::kUnsigned},
    {"no JSON object", json::array(), State::kUnsigned},
    {"of another package", with(anonymous(), "hash", "sha256:00"), State::kInvalid},
    {"of another key", with(anonymous(), "publicKey", kOtherKey), State::kInvalid},
    {"one bit off", with(anonymous(), "signature", "j" + std::string(kSignature).substr(1)), State::kInvalid},
    {"cut short", with(anonymous(), "signature", std::string(kSignature).substr(0, 64)), State::kInvalid},
    {"in ASN.1 where plain numbers belong", with(anonymous(), "signature", kDomainSignature), State::kInvalid},
    {"no base64", with(anonymous(), "signature", "!"), State::kInvalid},
    {"a key that is none", with(anonymous(), "publicKey", "AAAA"), State::kInvalid},
    {"a signature that is no text", with(anonymous(), "signature", 7), State::kInvalid},
    {"signedData is no object", {{"signedData", "x"}}, State::kInvalid},
    {"of another domain", with(of_domain(), "domain", "other.example"), State::kInvalid},
    {"of no domain", with(of_domain(), "domain", ""), State::kInvalid},
    {"a certificate that is none", with(of_domain(), "domainCert", "-----BEGIN CERTIFICATE-----\n"), State::kInvalid},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(signatures)

BOOST_DATA_TEST_CASE(a_signature_is_true_for_its_key_and_its_package_alone, boost::unit_test::data::make(kRows), row) {
  const Signature found = wacz::verify_signature(row.digest.dump(), kPackage);
  BOOST_TEST((found.state == row.state), found.reason);
  BOOST_TEST(found.signer.empty() == (row.state != State::kValid));
  BOOST_TEST(found.reason.empty() == (row.state != State::kInvalid && !found.signer.starts_with("domain")));
}

BOOST_AUTO_TEST_CASE(an_invalid_signature_is_a_complaint_and_no_end) {
  const std::string warc = "WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n";
  const auto bytes = test::ZipBuilder()
                         .add("datapackage.json", R"({"resources":[]})")
                         .add("datapackage-digest.json", anonymous().dump())
                         .add("archive/data.warc", warc)
                         .finish();
  auto reader = wacz::WaczReader::open(test::as_file(bytes)).value();
  BOOST_TEST(reader.members().size() == 1U);
  BOOST_TEST((reader.signature().state == State::kInvalid));
  bool told = false;
  for (const auto& one : reader.take_complaints()) told |= one.member == "datapackage-digest.json" && one.reason.starts_with("the signature is invalid");
  BOOST_TEST(told);
}

BOOST_AUTO_TEST_CASE(signatures_that_others_made_are_valid) {
  const std::pair<const char*, const char*> rows[] = {{"replayweb.page/example.wacz", "key sha256:0df677b63ae382bf"},
                                                      {"replayweb.page/iframetest.wacz", "key sha256:9db4b67c364537d6"},
                                                      {"py-wacz/invalid_signed_example_1.wacz", "domain btrix-sign-test.webrecorder.net"}};
  for (const auto& [name, signer] : rows) {
    const auto path = test::shared_path(std::string("corpus/warc-zoo/") + name);
    if (!path) continue;
    const auto reader = wacz::WaczReader::open(ReadFile::open(*path).value()).value();
    BOOST_TEST((reader.signature().state == State::kValid), name << ": " << reader.signature().reason);
    BOOST_TEST(reader.signature().signer.starts_with(signer), reader.signature().signer);
  }
}

BOOST_AUTO_TEST_SUITE_END()
