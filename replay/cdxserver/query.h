#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time14.h"
#include "core/url/surt.h"
#include "replay/cdxserver/filter.h"

namespace wm::cdxserver {

enum class Output {
  kText,        ///< columns with a blank between, "-" for what is not there
  kJsonArrays,  ///< one array of arrays
  kJsonDicts,   ///< one array of objects
  kJsonLines,   ///< an object a line
  kCdxj,
  kLink,  ///< as a TimeMap has them
};

/// Captures that follow each other and agree in this are told of once.
struct Collapse {
  Field field;
  std::size_t length = SIZE_MAX;  ///< of the value, from its start
  bool and_status = false;        ///< pywb's collapseTime: the status must agree too
};

/// Pages are counted in blocks of so many captures, as zipnum indexes have them.
inline constexpr std::uint64_t kBlockRows = 3000;

/// What a CDX request asks for, whatever its dialect.
struct Query {
  Dialect dialect = Dialect::kOwn;
  std::string collection = "web";
  std::string url;     ///< without wildcards
  std::string urlkey;  ///< instead of `url`
  url::MatchType match = url::MatchType::kExact;
  std::optional<Time14> from, to;
  enum class Sort { kForward, kReverse, kClosest } sort = Sort::kForward;
  Time14 closest;
  std::optional<std::uint64_t> limit;
  bool from_end = false;  ///< the last `limit` ones, in order
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> page;
  std::uint64_t page_rows = 0;
  bool show_page_count = false;
  std::vector<Filter> filters;
  std::vector<Collapse> collapse;
  bool collapse_to_last = false;
  std::vector<Column> columns;
  bool columns_asked = false;  ///< by the client; otherwise the dialect's usual ones
  Output output = Output::kCdxj;
  bool resolve_revisits = false;
  bool omit_self_redirects = false;
  bool show_resume_key = false;
  std::string resume_key;
  bool count_dupes = false;
  bool count_groups = false;  ///< skipped, unique and end of a Row are wanted
};

/// The query string of a request, raw. kInvalid says in words which parameter is wrong and what it
/// must be; parameters that nobody knows are passed over, as all CDX servers do. Sources: pywb
/// "CDX Server API", internetarchive/wayback wayback-cdx-server, OutbackCDX README.
Result<Query> parse_query(Dialect dialect, std::string_view collection, std::string_view raw);

/// An OpenSearch query of OpenWayback's remote index, `q=type:urlquery url:…`.
struct XmlQuery {
  std::string collection;
  std::string url;
  bool prefix = false;
  std::string type = "urlquery";  ///< as asked
  std::optional<Time14> from, to;
  std::uint64_t limit = 10'000;
  std::uint64_t offset = 0;
};
/// nullopt if the request is no such query.
Result<std::optional<XmlQuery>> parse_xml_query(std::string_view collection, std::string_view raw);

}  // namespace wm::cdxserver
