#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay/cdxserver/format.h"
#include "replay/cdxserver/query.h"

using namespace wm;

// Any query string is read or refused in each dialect; what was read can be filtered and printed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cdxserver::Dialect;
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  cdxserver::Row row;
  row.capture.surt = "example,a)/x y";
  row.capture.url = "http://a.example/x\xff y";
  row.capture.mime = "text/html";
  for (const Dialect dialect :
       {Dialect::kPywb, Dialect::kInternetArchive, Dialect::kOutback, Dialect::kOwn}) {
    const auto query = cdxserver::parse_query(dialect, "web", raw);
    if (!query) {
      if (query.error().what.empty()) std::abort();
      continue;
    }
    for (const auto& filter : query->filters) static_cast<void>(filter.lets_through(row));
    std::string out;
    const auto format = cdxserver::make_format(*query, {.origin = "", .collection = "web"});
    format->begin(out);
    format->row(out, row);
    format->end(out, "key");
    if (query->output == cdxserver::Output::kText && out.find_first_of("\r\t") != out.npos)
      std::abort();
  }
  static_cast<void>(cdxserver::parse_xml_query("web", raw));
  return 0;
}
