#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "core/base/ascii.h"
#include "core/wacz/zip.h"
#include "server/archive/cdx_line.h"
#include "server/archive/signer.h"
#include "server/archive/whole_member.h"
#include "server/archive/zip_writer.h"
#include "core/http/body.h"
#include "tests/support/test_support.h"

namespace wm::archive {

namespace {

std::filesystem::path put(const TempDir& dir, std::string_view bytes) {
  const auto path = dir.path() / "file";
  BOOST_REQUIRE(replace_file(path, bytes));
  return path;
}

bool verifies(std::string_view text, const Signature& signature) {
  const std::string key = base64_decode(signature.public_key).value(), numbers = base64_decode(signature.signature).value();
  const auto* at = reinterpret_cast<const unsigned char*>(key.data());
  EVP_PKEY* pkey = d2i_PUBKEY(nullptr, &at, static_cast<long>(key.size()));
  ECDSA_SIG* parsed = ECDSA_SIG_new();
  const auto* raw = reinterpret_cast<const unsigned char*>(numbers.data());
  ECDSA_SIG_set0(parsed, BN_bin2bn(raw, 48, nullptr), BN_bin2bn(raw + 48, 48, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parsed, &der);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good = pkey != nullptr && EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, pkey) == 1 &&
                    EVP_DigestVerify(context, der, static_cast<std::size_t>(size), reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  EVP_MD_CTX_free(context);
  OPENSSL_free(der);
  ECDSA_SIG_free(parsed);
  EVP_PKEY_free(pkey);
  return good;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parts_of_an_export)

BOOST_AUTO_TEST_CASE(a_zip_gives_back_what_was_put_into_it) {
  ZipWriter writer(dos_time("20261124224509"));
  std::string zip = writer.begin("archive/data.warc.gz");
  for (const std::string_view piece : {"first ", "", "second"}) {
    BOOST_REQUIRE(writer.add(piece));
    zip += piece;
  }
  zip += writer.end();
  zip += writer.begin("pages/读书.jsonl");
  zip += writer.end();
  zip += writer.finish();
  BOOST_TEST(zip.size() == writer.position());
  BOOST_TEST(zip.substr(28, 2) == std::string(2, '\0'), "no extra field in a local header");

  const TempDir dir = test::temp_dir();
  const auto reader = wacz::ZipReader::open(ReadFile::open(put(dir, zip)).value()).value();
  BOOST_TEST(reader.complaints().empty());
  BOOST_REQUIRE(reader.entries().size() == 2u);
  BOOST_TEST(reader.entries()[0].size == 12u);
  BOOST_TEST(reader.entries()[1].name == "pages/读书.jsonl");
  BOOST_TEST(read_all(*reader.read(reader.entries()[0]).value(), 100).value() == "first second");
  BOOST_TEST(read_all(*reader.read(reader.entries()[1]).value(), 100).value().empty());
}

BOOST_AUTO_TEST_CASE(the_time_of_a_zip_is_within_what_it_can_say) {
  BOOST_TEST(dos_time("20261124224509") == ((46u << 9 | 11u << 5 | 24u) << 16 | 22u << 11 | 45u << 5 | 4u));
  BOOST_TEST(dos_time("19700101000000") == ((1u << 5 | 1u) << 16));
}

BOOST_AUTO_TEST_CASE(a_cdx_line_has_eleven_fields_without_blanks_in_them) {
  cdx::Capture capture{.surt = "com,example)/a b", .time = *Time14::parse("20260102030405"), .url = "http://example.com/a b", .mime = "text/html", .status = 200, .digest = "sha1:ABC", .redirect = {}, .file = "web/x.warc.gz", .offset = 7, .length = 9, .method = {}, .refers_to_uri = {}, .refers_to_time = {}};
  BOOST_TEST(to_cdx11(capture) == "com,example)/a%20b 20260102030405 http://example.com/a%20b text/html 200 ABC - - 9 7 web/x.warc.gz");
  capture.status.reset();
  capture.digest.clear();
  capture.mime = "";
  BOOST_TEST(to_cdx11(capture) == "com,example)/a%20b 20260102030405 http://example.com/a%20b - - - - - 9 7 web/x.warc.gz");
}

BOOST_AUTO_TEST_CASE(a_signature_verifies_and_the_key_stays_the_same_and_private) {
  const TempDir dir = test::temp_dir();
  const auto key = dir.path() / "keys" / "signing.pem";
  const Signature first = sign("sha256:00", key).value();
  BOOST_TEST(base64_decode(first.signature).value().size() == 96u);
  BOOST_TEST(verifies("sha256:00", first));
  BOOST_TEST(!verifies("sha256:01", first));
  BOOST_TEST(sign("sha256:01", key).value().public_key == first.public_key);
  struct stat status {};
  BOOST_REQUIRE(::stat(key.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  BOOST_REQUIRE(replace_file(key, "no key"));
  BOOST_TEST((sign("x", key).error().code == Error::Code::kCorrupt));
}

BOOST_AUTO_TEST_CASE(only_one_whole_member_with_its_check_sum_is_one) {
  const std::string member = http::gzip("WARC/1.1\r\nA: b\r\n\r\nsome text that is compressed, some text that is compressed\r\n\r\n");
  const TempDir dir = test::temp_dir();
  const auto whole = [&](std::string_view bytes, std::uint64_t length) { return is_whole_member(*ReadFile::open(put(dir, bytes)).value(), 0, length, 58).value(); };
  BOOST_TEST(whole(member, member.size()));
  for (std::size_t cut = 0; cut < member.size(); ++cut) BOOST_TEST(!whole(member, cut), "cut at " << cut);
  BOOST_TEST(!whole(member + member, 2 * member.size()), "two members");
  BOOST_TEST(!whole(member, member.size() + 1), "beyond the end");
  std::string flipped = member;
  flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1);
  BOOST_TEST(!whole(flipped, flipped.size()));
  BOOST_TEST(!whole("plain text", 10));
  for (const std::string content : {"WARC/1.1\r\nA: b\r\n\r\nshort\r\n\r\n", "\r\nWARC/1.1\r\nA: b\r\n\r\n56 bytes with the two that are in front of the version line\r\n\r\n"}) {
    const std::string other = http::gzip(content);
    BOOST_TEST(!whole(other, other.size()), content);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::archive
