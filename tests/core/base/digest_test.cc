#include "core/base/digest.h"

#include <boost/test/unit_test.hpp>

namespace wm {

BOOST_AUTO_TEST_CASE(known_digests) {
  BOOST_TEST(sha1_digest("") == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
  BOOST_TEST(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(a_digest_in_pieces_equals_one_at_once_and_starts_anew) {
  Digester digester(Digester::Algorithm::kSha1);
  for (int round = 0; round < 2; ++round) {
    digester.update("hello ");
    digester.update("world");
    BOOST_TEST(sha1_label(digester.finish()) == sha1_digest("hello world"));
  }
}

BOOST_AUTO_TEST_CASE(digests_as_others_write_them_come_to_one_form) {
  const std::string ours = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ";
  for (const char* written : {"sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "SHA1:3i42h3s6nnfq2msvx7xzkyayscx5qbyj", "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
                              "sha-1:da39a3ee5e6b4b0d3255bfef95601890afd80709", " sha1:2jmj7l5rSw0yVb/vlWAYkK/YBwk= "}) {
    BOOST_TEST(normalized_digest(written) == ours);
  }
  BOOST_TEST(normalized_digest("SHA-256:abcd") == "sha256:abcd");
  BOOST_TEST(normalized_digest("sha1:notadigest") == "sha1:notadigest");
  BOOST_TEST(normalized_digest("") == "");
}

}  // namespace wm
