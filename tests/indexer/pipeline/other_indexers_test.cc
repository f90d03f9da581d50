#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "core/base/ascii.h"
#include "core/url/surt.h"
#include "tests/indexer/pipeline/pipeline_test_support.h"

using namespace wm;
using test::Archive;

namespace {

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  const std::string text = test::read_text(path);
  for (const auto line : split(text, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

bool has_escaped_ampersand(std::string_view url) {
  return url.find("%26") != url.npos;
}

/// What two indexers must agree on.
std::string row(const cdx::Capture& c, bool posted) {
  const std::string key = has_escaped_ampersand(c.url) ? "-"
                          : posted                     ? c.surt.substr(0, c.surt.find('?'))
                                                       : c.surt;
  return key + " " + c.time.text() + " " + c.url + " " + c.mime + " " +
         (c.status ? std::to_string(*c.status) : "-") + " " + c.digest + " " +
         std::to_string(c.offset) + "+" + std::to_string(c.length);
}

}  // namespace

// One difference is on purpose: surt-py undoes %26 in a query and then takes it for the '&' between
// arguments. Keys of such URLs are not compared. The sites were recorded by a pywb that filed a
// POST under its body without naming the method: their keys are compared up to '?'.
BOOST_AUTO_TEST_CASE(rows_of_real_sites_are_those_of_pywb) {
  const auto root = test::shared_path("corpus/real-sites");
  if (!root) return;
  std::size_t rows = 0;
  Archive t;
  for (const auto& site : std::filesystem::directory_iterator(*root)) {
    std::map<std::uint64_t, cdx::Capture> pywb;
    std::set<std::string> files;
    for (const auto& line : lines_of(site.path() / "pywb.cdxj")) {
      const auto capture = test::must(cdx::from_cdxj(line));
      pywb[capture.offset] = capture;
      files.insert(capture.file);
    }
    for (const auto& file : files) {
      test::must(pipeline::index_warc(*t.store, site.path(), file, {}));
      for (const auto& capture : t.captures(file)) {
        const bool posted = capture.method.has_value();
        BOOST_TEST_CONTEXT(file << " at " << capture.offset) {
          BOOST_TEST(pywb.contains(capture.offset));
          BOOST_TEST(row(capture, posted) == row(pywb[capture.offset], posted));
        }
        pywb.erase(capture.offset);
        ++rows;
      }
    }
    for (const auto& [offset, capture] : pywb)
      BOOST_ERROR("pywb has a row at " << offset << " that we have not: " << capture.url);
  }
  BOOST_TEST(rows > 400u);
}

namespace {

/// The fields of a CDX line that mean the same to both: time, media type, status, digest, length,
/// offset.
struct CdxRow {
  std::string key, time, url, mime, status, digest, length, offset;
};

CdxRow cdx_row(std::string_view line) {
  auto f = split(line, ' ');
  // A URL with blanks has them written out: fields are counted from the right.
  const std::size_t n = f.size();
  return {std::string(f[0]),     std::string(f[1]),     std::string(f[2]),
          std::string(f[n - 8]), std::string(f[n - 7]), std::string(f[n - 6]),
          std::string(f[n - 3]), std::string(f[n - 2])};
}

}  // namespace

BOOST_AUTO_TEST_CASE(rows_of_cdx_writers_examples_are_those_it_expects) {
  const auto root = test::shared_path("corpus/warc-zoo/cdx-writer");
  if (!root) return;
  // Where CDX-Writer and we differ on purpose, by file and field, with the reason.
  const std::map<std::string, std::string> known = {
      {"ftp-resource-block-digest.warc.gz status",
       "a resource has no status; 226 is what CDX-Writer makes up for FTP"},
      {"ftp-resource-payload-digest.warc.gz status", "as above"},
      {"empty-gzips.warc.gz status",
       "a revisit's own HTTP head has a status; pywb tells it too, CDX-Writer does not"},
  };
  std::size_t rows = 0;
  std::size_t compared_files = 0;
  Archive t;
  for (const auto& expected : std::filesystem::directory_iterator(*root / "expected")) {
    const std::string name = expected.path().filename().string();
    if (!name.ends_with(".default.cdx")) continue;
    const std::string file = name.substr(0, name.size() - std::string(".default.cdx").size());
    test::must(pipeline::index_warc(*t.store, *root, file, {}));
    std::map<std::string, cdx::Capture> ours;
    for (const auto& capture : t.captures(file)) ours[std::to_string(capture.offset)] = capture;
    ++compared_files;
    for (const auto& line : lines_of(expected.path())) {
      if (line.starts_with(" CDX")) continue;
      const CdxRow want = cdx_row(line);
      BOOST_TEST_CONTEXT(file << " at " << want.offset) {
        const auto found = ours.find(want.offset);
        BOOST_TEST((found != ours.end()));
        if (found == ours.end()) continue;
        const auto& c = found->second;
        const auto same = [&](const char* field, const std::string& a, const std::string& b) {
          if (!known.contains(file + " " + field)) BOOST_TEST_CONTEXT(field) BOOST_TEST(a == b);
        };
        same("time", c.time.text(), want.time);
        same("mime", c.mime, want.mime);
        same("status", c.status ? std::to_string(*c.status) : "-", want.status);
        same("digest", c.digest.starts_with("sha1:") ? c.digest.substr(5) : c.digest, want.digest);
        same("length", std::to_string(c.length), want.length);
        if (!has_escaped_ampersand(c.url)) same("key", c.surt, want.key);
        ++rows;
      }
    }
  }
  BOOST_TEST(compared_files > 15u);
  BOOST_TEST(rows > 20u);
}
