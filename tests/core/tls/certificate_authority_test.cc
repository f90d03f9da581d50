#include "core/tls/certificate_authority.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "tests/support/test_support.h"

namespace wm::tls {

using namespace std::chrono_literals;

namespace {

X509* parsed(const std::string& pem) {
  BIO* text = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  BIO_free(text);
  BOOST_REQUIRE(certificate != nullptr);
  return certificate;
}

SSL_CTX* client_that_trusts(const std::string& authority_pem) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  X509* authority = parsed(authority_pem);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
  X509_free(authority);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return context;
}

/// A handshake in memory: what a client that trusts `authority_pem` and wants `host` thinks of the
/// server; X509_V_OK if all is well.
long verdict(const std::string& authority_pem, const std::string& host, ssl_ctx_st* server_context,
             std::string* protocol = nullptr) {
  SSL_CTX* context = client_that_trusts(authority_pem);
  SSL* client = SSL_new(context);
  SSL* server = SSL_new(server_context);
  BIO *client_end = nullptr, *server_end = nullptr;
  BIO_new_bio_pair(&client_end, 0, &server_end, 0);
  SSL_set_bio(client, client_end, client_end);
  SSL_set_bio(server, server_end, server_end);
  X509_VERIFY_PARAM* wanted = SSL_get0_param(client);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) != 1)
    X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), 0);
  const unsigned char offers[] = "\x02h2\x08http/1.1";
  SSL_set_alpn_protos(client, offers, sizeof offers - 1);
  SSL_set_connect_state(client);
  SSL_set_accept_state(server);
  for (int round = 0; round < 10; ++round) {
    SSL_do_handshake(client);
    SSL_do_handshake(server);
  }
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client, &chosen, &size);
  if (protocol != nullptr) protocol->assign(reinterpret_cast<const char*>(chosen), size);
  const long result = SSL_get_verify_result(client);
  BOOST_TEST((SSL_is_init_finished(client) == 1) == (result == X509_V_OK));
  SSL_free(client);
  SSL_free(server);
  SSL_CTX_free(context);
  return result;
}

std::unique_ptr<CertificateAuthority> authority(CertificateAuthority::Options options = {}) {
  return CertificateAuthority::create("Waymark test", options).value();
}

struct Good {
  const char* reason;
  std::string asked;
  std::string client_wants;
};
std::ostream& operator<<(std::ostream& out, const Good& row) {
  return out << row.reason;
}

const Good kGood[] = {
    {"a host name", "a.example", "a.example"},
    {"its case does not matter", "A.Example", "a.example"},
    {"nor does a final dot", "a.example.", "a.example"},
    {"an underscore occurs in the wild", "under_score.example", "under_score.example"},
    {"an internationalised name comes in its ASCII form", "xn--fiqs8s.example",
     "xn--fiqs8s.example"},
    {"a name longer than a common name may be", std::string(60, 'a') + ".b.example",
     std::string(60, 'a') + ".b.example"},
    {"an IPv4 address", "127.0.0.1", "127.0.0.1"},
    {"an IPv6 address as in CONNECT", "[::1]", "::1"},
    {"an IPv6 address as in SNI's place", "2001:DB8::1", "2001:db8::1"},
};

}  // namespace

BOOST_DATA_TEST_CASE(a_client_that_trusts_the_authority_accepts_a_leaf,
                     boost::unit_test::data::make(kGood), row) {
  const auto ca = authority();
  const auto leaf = ca->leaf_for(row.asked).value();
  std::string protocol;
  BOOST_TEST(verdict(ca->certificate_pem(), row.client_wants, leaf->server_context(), &protocol) ==
             X509_V_OK);
  BOOST_TEST(protocol == "http/1.1");
}

BOOST_AUTO_TEST_CASE(a_leaf_is_good_for_its_host_and_its_authority_alone) {
  const auto ca = authority();
  const auto other = authority();
  const auto leaf = ca->leaf_for("a.example").value();
  BOOST_TEST(verdict(ca->certificate_pem(), "b.example", leaf->server_context()) ==
             X509_V_ERR_HOSTNAME_MISMATCH);
  BOOST_TEST(verdict(ca->certificate_pem(), "sub.a.example", leaf->server_context()) ==
             X509_V_ERR_HOSTNAME_MISMATCH);
  BOOST_TEST(verdict(ca->certificate_pem(), "127.0.0.1", leaf->server_context()) ==
             X509_V_ERR_IP_ADDRESS_MISMATCH);
  BOOST_TEST(verdict(other->certificate_pem(), "a.example", leaf->server_context()) != X509_V_OK);
}

BOOST_AUTO_TEST_CASE(a_leaf_cannot_vouch_for_others) {
  const auto ca = authority();
  X509* leaf = parsed(ca->leaf_for("a.example").value()->chain_pem());
  BOOST_TEST(X509_check_ca(leaf) == 0);
  BOOST_TEST((X509_get_extended_key_usage(leaf) & XKU_SSL_SERVER) != 0u);
  X509_free(leaf);
}

const std::string kNoHosts[] = {"",
                                ".",
                                "a..b",
                                ".a.example",
                                "a.example,DNS:b.example",
                                "a.example\nb",
                                "*.example",
                                "a example",
                                "a/b",
                                "[::1",
                                "::1%lo",
                                std::string("a\0b", 3),
                                "b\xc3\xbc.example",
                                std::string(254, 'a'),
                                "user@host",
                                "host:443"};
BOOST_DATA_TEST_CASE(what_is_no_host_gets_no_certificate, boost::unit_test::data::make(kNoHosts),
                     host) {
  const auto refused = authority()->leaf_for(host);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(a_leaf_is_minted_once_while_it_is_cached) {
  const auto ca = authority({.cached_leaves = 2});
  const auto a = ca->leaf_for("a.example").value();
  BOOST_TEST(ca->leaf_for("A.EXAMPLE.").value() == a);
  const auto b = ca->leaf_for("b.example").value();
  BOOST_TEST(ca->leaf_for("a.example").value() == a);  // b is now the least recently used
  static_cast<void>(ca->leaf_for("c.example").value());
  BOOST_TEST(ca->leaf_for("a.example").value() == a);
  BOOST_TEST(ca->leaf_for("b.example").value() != b);
}

BOOST_AUTO_TEST_CASE(a_leaf_about_to_expire_is_minted_anew) {
  const auto ca = authority({.leaf_lifetime = 0s});
  BOOST_TEST(ca->leaf_for("a.example").value() != ca->leaf_for("a.example").value());
}

BOOST_AUTO_TEST_CASE(many_threads_may_ask_at_once) {
  const auto ca = authority({.cached_leaves = 3});
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&ca, i] {
        for (int n = 0; n < 40; ++n)
          WM_CHECK(ca->leaf_for("h" + std::to_string((n + i) % 5) + ".example").has_value());
      });
    }
  }
  BOOST_TEST(verdict(ca->certificate_pem(), "h1.example",
                     ca->leaf_for("h1.example").value()->server_context()) == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(an_authority_survives_being_stored) {
  const auto ca = authority();
  const auto again = CertificateAuthority::load(ca->secret_pem()).value();
  BOOST_TEST(again->certificate_pem() == ca->certificate_pem());
  BOOST_TEST(again->spki_sha256_base64() == ca->spki_sha256_base64());
  BOOST_TEST(verdict(ca->certificate_pem(), "a.example",
                     again->leaf_for("a.example").value()->server_context()) == X509_V_OK);
  BOOST_TEST(ca->certificate_pem().find("PRIVATE") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_key_pin_is_the_digest_of_the_public_key) {
  const auto ca = authority();
  X509* certificate = parsed(ca->certificate_pem());
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(X509_get0_pubkey(certificate), &der);
  const std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  X509_free(certificate);
  BOOST_TEST(base64_decode(ca->spki_sha256_base64()).value() ==
             hex_decode(sha256_hex(bytes)).value());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_an_authority_is_refused) {
  const auto ca = authority();
  const auto code = [](const std::string& pem) {
    return CertificateAuthority::load(pem).error().code;
  };
  const std::string key_of_another =
      authority()->secret_pem().substr(authority()->certificate_pem().size());
  BOOST_TEST((code("") == Error::Code::kCorrupt));
  BOOST_TEST((code(ca->certificate_pem()) == Error::Code::kCorrupt));
  BOOST_TEST((code(ca->certificate_pem() + key_of_another) == Error::Code::kCorrupt));
  BOOST_TEST(
      (code(ca->secret_pem().substr(0, ca->secret_pem().size() - 60)) == Error::Code::kCorrupt));
  const auto expired = authority({.lifetime = -60s});
  BOOST_TEST((code(expired->secret_pem()) == Error::Code::kInvalid));
}

BOOST_AUTO_TEST_CASE(opening_makes_one_and_then_finds_it_readable_by_its_owner_alone) {
  const TempDir dir = test::temp_dir();
  const auto path = dir.path() / "keys" / "proxy-ca.pem";
  const auto first = CertificateAuthority::open(path, "Waymark test").value();
  struct stat status{};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  BOOST_TEST(CertificateAuthority::open(path, "other")->get()->certificate_pem() ==
             first->certificate_pem());
  BOOST_REQUIRE(replace_file(path, "no authority").has_value());
  const auto broken = CertificateAuthority::open(path, "Waymark test");
  BOOST_REQUIRE(!broken.has_value());
  BOOST_TEST(broken.error().what.find(path.string()) != std::string::npos);
}

}  // namespace wm::tls
