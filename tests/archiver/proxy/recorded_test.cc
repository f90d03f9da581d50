// From the browser's request to the records of a WARC.
#include <map>

#include "archiver/capture/recorder.h"
#include "core/http/parser.h"
#include "core/warc/reader.h"
#include "core/warc/writer.h"
#include "tests/archiver/proxy/proxied.h"

using namespace wm;
using namespace wm::test;

namespace {

class NothingHeld final : public archiver::PayloadLookup {
  std::optional<Held> find(std::string_view) const override { return std::nullopt; }
};

struct Stored {
  std::string head;
  std::string payload;
};

/// Blocks by type and target URI.
std::map<std::string, Stored> read_back(const std::filesystem::path& path) {
  std::map<std::string, Stored> stored;
  auto reader = warc::WarcReader::open(path).value();
  while (auto record = reader.next().value()) {
    const std::string block = read_all(record->block(), 64 << 20).value();
    const std::size_t length = http::head_length(block).value_or(block.size());
    stored[std::string(warc::name_of(record->type())) + " " + record->target_uri()] = {
        block.substr(0, length), block.substr(length)};
  }
  BOOST_TEST(reader.take_damage().empty());
  return stored;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recorded)

BOOST_AUTO_TEST_CASE(what_passed_is_in_the_warc_byte_for_byte) {
  TestSite site;
  const std::string packed(
      "\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\xcc\x49\x05\0\x6f\x3a\x2d\xc2\x03\0\0\0", 23);
  const std::string latin1 = "<meta charset=iso-8859-1><p>caf\xe9\0bom";
  const std::string large(3 << 20, 'L');
  site.on("/packed", reply(200, "Content-Type: text/css\r\nContent-Encoding: gzip\r\n", packed));
  site.on("/latin1", chunked("Content-Type: text/html\r\n", latin1, 7));
  site.on("/large", reply(200, "Content-Type: application/zip\r\n", large));
  site.on("/moved", redirect(302, "/latin1"));
  site.on("/post", html("thanks"));
  Proxied proxied(Proxied::settings_for(site));
  for (const char* path : {"/packed", "/latin1", "/large", "/moved"})
    proxied.get(site.url(path, "a.test"));
  HttpClient client = proxied.connect();
  const std::string upload(200000, '\xff');
  BOOST_REQUIRE(client.send(
      "POST" + get_request(site.url("/post", "a.test"), "Content-Length: 200000\r\n").substr(3) +
      upload));
  BOOST_REQUIRE(client.receive());
  proxied.drain();

  const TempDir folder = temp_dir();
  const auto path = folder.path() / "x.warc.gz";
  const NothingHeld nothing;
  auto writer =
      warc::WarcWriter::create(path, proxied.seen.exchanges().at(0).exchange.started).value();
  archiver::Recorder recorder(*writer, nothing, "page");
  for (const auto& one : proxied.seen.exchanges())
    BOOST_REQUIRE(recorder.record(one.exchange, one.facts.resource_type));
  BOOST_REQUIRE(writer->finish());

  auto stored = read_back(path);
  const auto at = [&](const std::string& type, const char* target) -> Stored& {
    return stored[type + " " + site.url(target, "a.test")];
  };
  BOOST_TEST((at("response", "/packed").payload == packed));
  BOOST_TEST(at("response", "/packed").head.find("Content-Encoding: gzip\r\n") !=
             std::string::npos);
  BOOST_TEST((at("response", "/latin1").payload == latin1));
  BOOST_TEST((at("response", "/large").payload == large));
  BOOST_TEST(at("response", "/moved").head.starts_with("HTTP/1.1 302 "));
  BOOST_TEST((at("request", "/post").payload == upload));
  BOOST_TEST(at("request", "/post").head.starts_with("POST /post HTTP/1.1\r\n"));
  BOOST_TEST(recorder.resources() == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
