// The rules against rows that other tools made: canonicalizer tables, and keys of real captures.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "core/base/ascii.h"
#include "core/url/surt.h"
#include "tests/support/test_support.h"

namespace wm::url {
namespace {

using nlohmann::json;

/// Rows where surt-py, which our key follows, does otherwise than the tool the row is from. First
/// the input, then why.
using Differences = std::map<std::string, const char*>;

const Differences kWebarchiveCommons = {
    {"http://example.org/\xe2\x80\xa8",
     "U+2028 is a character like others, not a line break to be dropped"},
    {"\nhttp://examp\xe2\x80\xa9\t\rle.org/         ", "U+2029 likewise"},
    {"https://....../path/file.txt", "a host of dots only is none, and the whole then no URL"},
};
const Differences kOutbackCdx = {
    {"http://www.basix.nsw.gov.au/information/"
     "index.jsp;jsessionid=3E544261B39C3B399E1C6BB38D6888E6",
     "path parameters are kept"},
    {"http://intersector.wa.gov.au/"
     "current_issue?CFID=2051199&CFTOKEN=697395b12ed216e1-F6DFAF77-D433-FA57-5582BC6000844470&"
     "jsessionid=92303280691120833351543",
     "a jsessionid has 32 characters"},
    {"http://jobsearch.gov.au/JobDetails/"
     "JobDetails.aspx?st=11&WHCode=0&TextOnly=0&rgn=&Occ=7991&BroadLoc=0&SessionID="
     "uqft0ovnt3tq4rrygdt5z145&CommJobs=0&CurPage=4&TotalRec=195&JobPos=65&JobID=107556635&SortDir="
     "1&SortField=3&",
     "sessionid is no session id known to surt-py, and empty arguments are kept"},
    {"http://\xc3\x80.com/\xc3\x80", "only ASCII letters of a path are lowercased"},
    {"http://example.org/too/many/../../../dots", "'..' above the root stays"},
    {"http://pandora.nla.gov.au/pan/10075/20150801-0000/www.nlc.org.au/assets/CSS/"
     "style62ea.css?ver=1.2",
     "no rules for one archive's hosts"},
    {"youtube-dl:http://web.acma.gov.au/apservices/action/challenge?method=viewChallenge",
     "the URL within stays as it is"},
    {"screenshot:http://web.acma.gov.au/apservices/action/challenge?method=viewChallenge",
     "the URL within stays as it is"},
    {"urn:transclusions:http://web.acma.gov.au/apservices/action/challenge?method=viewChallenge",
     "the URL within stays as it is"},
    {"youtube-dl:00001:http://web.acma.gov.au/apservices/action/challenge?method=viewChallenge",
     "the URL within stays as it is"},
};

json rows_of(std::string_view name) {
  const auto path = test::shared_path("corpus/cases/" + std::string(name));
  return path ? json::parse(test::read_text(*path)) : json::array();
}

bool among_variants(const std::string& url, const std::string& key) {
  const auto keys = surt_variants(url);
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

struct CdxRow {
  std::string key, url;
};

std::vector<CdxRow> cdxj_rows(const std::filesystem::path& path) {
  std::vector<CdxRow> rows;
  std::istringstream lines(test::read_text(path));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t key_end = line.find(' ');
    const std::size_t json_at = line.find(' ', key_end + 1);
    rows.push_back({line.substr(0, key_end), json::parse(line.substr(json_at + 1)).at("url")});
  }
  return rows;
}

/// "N b a …": key, time, URL.
std::vector<CdxRow> cdx_rows(const std::filesystem::path& path) {
  std::vector<CdxRow> rows;
  std::istringstream lines(test::read_text(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(" CDX")) continue;
    const auto fields = split(line, ' ');
    if (fields.size() > 2) rows.push_back({std::string(fields[0]), std::string(fields[2])});
  }
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_CASE(webarchive_commons_rows_hold) {
  for (const json& row : rows_of("webarchive_commons_canonicalizer_cases.json")) {
    const std::string in = row.at("in"), out = row.at("out"), flavour = row.at("canonicalizer");
    BOOST_TEST_CONTEXT(flavour << " " << in) {
      if (kWebarchiveCommons.contains(in)) {
        BOOST_TEST(surt(in) != surt(out), kWebarchiveCommons.at(in));
      } else if (flavour == "BasicURLCanonicalizer") {
        // The first half of the steps: case, "www." and the trailing slash are the second's, so
        // both sides go through it.
        BOOST_TEST(canonical_url(in) == canonical_url(out));
        BOOST_TEST(surt(in) == surt(out));
      } else if (in == "http://example.org/foo/?") {
        BOOST_TEST(
            canonical_url(in) ==
            "http://example.org/foo");  // that canonicalizer keeps the slash; the key has none
      } else {
        BOOST_TEST(canonical_url(in) == out);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(outbackcdx_rows_hold) {
  for (const json& row : rows_of("outbackcdx_canonicalizer_cases.json")) {
    const std::string in = row.at("in"), out = row.at("out");
    const bool is_key = row.at("kind") == "surt";
    BOOST_TEST_CONTEXT(in) {
      if (kOutbackCdx.contains(in)) {
        BOOST_TEST((is_key ? surt(in) : canonical_url(in)) != out, kOutbackCdx.at(in));
        if (is_key) BOOST_TEST(among_variants(in, out));
      } else {
        BOOST_TEST((is_key ? surt(in) : canonical_url(in)) == out);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(keys_of_real_captures_hold) {
  const auto sites = test::shared_path("corpus/real-sites");
  if (!sites) return;
  std::size_t rows = 0, split_ampersands = 0, posts = 0;
  for (const auto& site : std::filesystem::directory_iterator(*sites)) {
    if (!exists(site.path() / "pywb.cdxj")) continue;
    for (const CdxRow& row : cdxj_rows(site.path() / "pywb.cdxj")) {
      ++rows;
      BOOST_TEST_CONTEXT(row.url) {
        if (row.url.find("%26") != std::string::npos && surt(row.url) != row.key) {
          // surt-py decodes "%26" in a query and sorts the halves as two arguments. We find its
          // key, but do not file under it.
          ++split_ampersands;
          BOOST_TEST(among_variants(row.url, row.key));
        } else if (row.url == "https://www.reddit.com/web/log/error.json") {
          // A POST: pywb's key has the body as arguments, the line's URL does not.
          ++posts;
          BOOST_TEST(row.key.starts_with(surt(row.url) + '?'));
        } else {
          BOOST_TEST(surt(row.url) == row.key);
        }
      }
    }
  }
  BOOST_TEST(rows >= 420u);
  BOOST_TEST(split_ampersands <= 4u);
  BOOST_TEST(posts == 2u);
}

BOOST_AUTO_TEST_CASE(keys_of_cdx_writer_hold) {
  const auto folder = test::shared_path("corpus/warc-zoo/cdx-writer/expected");
  if (!folder) return;
  std::size_t rows = 0, split_ampersands = 0;
  for (const auto& file : std::filesystem::directory_iterator(*folder)) {
    for (const CdxRow& row : cdx_rows(file.path())) {
      ++rows;
      BOOST_TEST_CONTEXT(file.path().filename().string() << " " << row.url) {
        if (row.url.find("%26") != std::string::npos && surt(row.url) != row.key) {
          ++split_ampersands;
          BOOST_TEST(among_variants(row.url, row.key));
        } else {
          BOOST_TEST(surt(row.url) == row.key);
        }
      }
    }
  }
  BOOST_TEST(rows > 40u);
  BOOST_TEST(split_ampersands <= 3u);
}

}  // namespace wm::url
