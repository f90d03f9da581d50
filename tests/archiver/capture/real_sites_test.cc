// Front pages of real sites, captured over real connections from a proxy that plays their
// recordings.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <set>

#include "archiver/capture/capture.h"
#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/http/body.h"
#include "core/http/parser.h"
#include "core/url/url.h"
#include "tests/archiver/capture/captured.h"
#include "tests/support/warc_origin.h"

using namespace wm;

BOOST_AUTO_TEST_SUITE(real_sites)

namespace {

const char* const kSites[] = {"Baidu", "Facebook", "GoogleJapan", "Reddit",
                              "Sina",  "VK",       "Wikipedia",   "Youtube"};

std::optional<std::filesystem::path> recording_of(const std::string& site) {
  const auto folder = test::shared_path("corpus/real-sites/" + site);
  if (!folder) return std::nullopt;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (entry.path().string().ends_with(".warc.gz")) return entry.path();
  }
  return std::nullopt;
}

std::string front_page_of(const test::WarcOrigin& origin) {
  for (const std::string& url : origin.urls()) {
    const auto held = origin.find(url);
    if (held && held->status == 200 && held->mime == "text/html") return url;
  }
  return {};
}

/// The value of an attribute in a tag's text, by plain search: this is the other opinion on what a
/// page names, and shares nothing with the extractor under test.
std::string attribute(std::string_view tag, std::string_view name) {
  for (std::size_t at = ifind(tag, name); at != tag.npos; at = ifind(tag, name, at + 1)) {
    const std::size_t equals = at + name.size();
    if (at == 0 || !is_space(tag[at - 1]) || equals + 1 >= tag.size() || tag[equals] != '=')
      continue;
    const char quote = tag[equals + 1];
    if (quote != '"' && quote != '\'')
      return std::string(
          tag.substr(equals + 1, tag.find_first_of(" \t\r\n>", equals + 1) - equals - 1));
    const std::size_t end = tag.find(quote, equals + 2);
    return end == tag.npos ? "" : std::string(tag.substr(equals + 2, end - equals - 2));
  }
  return {};
}

std::string without_amp(std::string text) {
  for (std::size_t at = text.find("&amp;"); at != text.npos; at = text.find("&amp;", at + 1))
    text.erase(at + 1, 4);
  return text;
}

/// URLs in src of img, script, iframe, embed, source and in href of style sheets and icons, outside
/// comments and scripts.
std::set<std::string> plainly_named(std::string_view page, const url::Url& base) {
  std::set<std::string> urls;
  std::size_t at = 0;
  while ((at = page.find('<', at)) != page.npos) {
    const std::string_view rest = page.substr(at);
    if (rest.starts_with("<!--")) {
      at = std::min(page.find("-->", at), page.size());
      continue;
    }
    const std::string_view tag = rest.substr(0, rest.find('>'));
    std::string reference;
    for (const std::string_view name : {"<img ", "<script ", "<iframe ", "<embed ", "<source "}) {
      if (istarts_with(tag, name)) reference = attribute(tag, "src");
    }
    const std::string rel = istarts_with(tag, "<link ") ? to_lower(attribute(tag, "rel")) : "";
    if (rel == "stylesheet" || rel == "icon" || rel == "shortcut icon")
      reference = attribute(tag, "href");
    if (!reference.empty()) {
      const auto url = url::Url::parse(without_amp(reference), &base);
      if (url && url->is_http()) urls.insert(url->href_without_fragment());
    }
    const bool script = istarts_with(tag, "<script");
    at = script ? std::min(ifind(page, "</script", at), page.size()) : at + 1;
  }
  return urls;
}

std::string decoded(const test::StoredRecord& record) {
  const auto head =
      http::parse_response_head(record.head, http::Mode::kLenient, http::kArchiveHeadLimits)
          .value()
          .head;
  return read_up_to(
             *http::decoded_body(std::make_unique<StringSource>(record.payload), head.headers),
             64 << 20)
      .value();
}

/// Digest of what an archive holds for a URL, whether as response or as revisit.
std::string digest_in(const test::Archive& archive, const std::string& url) {
  for (const char* type : {"response", "revisit"}) {
    for (const auto* record : archive.find(type, url)) return record->field("WARC-Payload-Digest");
  }
  return {};
}

}  // namespace

BOOST_DATA_TEST_CASE(a_real_front_page_is_captured_with_all_it_names_byte_for_byte,
                     boost::unit_test::data::make(kSites), site) {
  const auto recording = recording_of(site);
  if (!recording) return;
  const auto folder = test::temp_dir();
  const auto origin = test::WarcOrigin::start({*recording}).value();
  const auto ca_file = folder.path() / "ca.pem";
  BOOST_REQUIRE(replace_file(ca_file, origin->ca_pem()));
  const std::string front = front_page_of(*origin);
  BOOST_REQUIRE(front != "");

  test::Archive archive;
  auto request = archive.request(front);
  request.settings.allow_private = false;  // the proxy is let through because it was named
  request.settings.proxy = "http://127.0.0.1:" + std::to_string(origin->port());
  request.settings.ca_file = ca_file;
  const auto result = archive.capture(request);
  BOOST_TEST(result.status == 200);
  BOOST_TEST(result.final_url == front);

  std::size_t compared = 0;
  for (const auto& record : archive.records) {
    if (record.type != "response" && record.type != "revisit") continue;
    const auto held = origin->find(record.uri);
    if (!held) continue;
    ++compared;
    BOOST_TEST(record.field("WARC-Payload-Digest") == held->payload_digest, record.uri);
  }
  std::size_t named = 0;
  const auto base = url::Url::parse(front).value();
  for (const std::string& url : plainly_named(decoded(archive.response(front)), base)) {
    const auto held = origin->find(url);
    if (!held) continue;
    ++named;
    BOOST_TEST(digest_in(archive, url) == held->payload_digest,
               "the page names it and the recording holds it: " << url);
  }
  BOOST_TEST_MESSAGE(site << ": " << origin->urls().size() << " URLs recorded, "
                          << origin->asked().size() << " asked, " << compared
                          << " captured byte for byte, " << named
                          << " of them named plainly by the page, " << result.revisits
                          << " revisits, " << result.missed.size() << " missed");
  BOOST_TEST(compared > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
