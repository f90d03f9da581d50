// OpenWayback's remote index: OpenSearch queries answered in XML, as its
// RemoteResourceIndex reads them and OutbackCDX answers them.
#include <algorithm>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/step_source.h"
#include "core/html/tokenizer.h"
#include "core/http/media_type.h"
#include "replay/cdxserver/parameters_internal.h"
#include "replay/cdxserver/rows.h"
#include "replay/cdxserver/xml_internal.h"

namespace wm::cdxserver {
namespace {

constexpr std::size_t kPieceBytes = 16 << 10;
/// Results counted beyond those that are told.
constexpr std::uint64_t kCounted = 10'000;
constexpr std::uint64_t kMostResults = 1'000'000;

/// XML 1.0 has no control characters, whatever they are escaped to.
std::string xml_text(std::string_view value) {
  std::string text = html::escape_text(valid_utf8(value));
  std::erase_if(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  return text;
}

void put(std::string& out, std::string_view name, std::string_view value) {
  out += '<';
  out += name;
  out += '>';
  out += xml_text(value);
  out += "</";
  out += name;
  out += '>';
}

void put_field(std::string& out, std::string_view name, const Row& row, Field field) {
  std::string buffer;
  const auto value = text_of(row, field, Dialect::kOutback, buffer);
  put(out, name, value.empty() ? std::string_view("-") : value);
}

void put_capture(std::string& out, const Row& row) {
  out += "<result>";
  put_field(out, "compressedoffset", row, Field::kOffset);
  if (row.capture.length != 0) put_field(out, "compressedendoffset", row, Field::kLength);
  put_field(out, "mimetype", row, Field::kMime);
  put_field(out, "file", row, Field::kFilename);
  put_field(out, "redirecturl", row, Field::kRedirect);
  put_field(out, "urlkey", row, Field::kUrlkey);
  put_field(out, "digest", row, Field::kDigest);
  put_field(out, "httpresponsecode", row, Field::kStatus);
  put_field(out, "robotflags", row, Field::kRobotFlags);
  put_field(out, "url", row, Field::kUrl);
  put_field(out, "capturedate", row, Field::kTimestamp);
  out += "</result>\n";
}

/// A URL of a prefix query: its captures collapsed into the last.
void put_url(std::string& out, const Row& row) {
  out += "<result>";
  put_field(out, "urlkey", row, Field::kUrlkey);
  put_field(out, "originalurl", row, Field::kUrl);
  put_field(out, "numversions", row, Field::kUniqCount);
  put_field(out, "numcaptures", row, Field::kGroupCount);
  put(out, "firstcapturets", row.first.text());
  put_field(out, "lastcapturets", row, Field::kEndTimestamp);
  out += "</result>\n";
}

class XmlSource final : public StepSource {
 public:
  XmlSource(Rows rows, XmlQuery query) : rows_(std::move(rows)), query_(std::move(query)) {}

 protected:
  Result<bool> step(std::string& out) override {
    if (!std::exchange(begun_, true))
      out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wayback>\n";
    while (out.size() < kPieceBytes) {
      auto row = WM_TRY(rows_.next());
      const bool last = returned_ >= query_.limit && seen_ >= kCounted;
      if (!row || last) {
        finish(out);
        return false;
      }
      if (++seen_ <= query_.offset || returned_ >= query_.limit) continue;
      if (returned_++ == 0) out += "<results>\n";
      if (query_.prefix) {
        put_url(out, *row);
      } else {
        put_capture(out, *row);
      }
    }
    rows_.pause();
    return true;
  }

 private:
  void finish(std::string& out) const {
    if (returned_ == 0) {
      out += "<error>";
      put(out, "title", "Resource Not In Archive");
      put(out, "message", "The Resource you requested is not in this archive.");
      out += "</error>\n</wayback>\n";
      return;
    }
    out += "</results>\n<request>";
    put(out, "startdate", query_.from ? query_.from->text() : "19960101000000");
    const Time14 now(std::chrono::floor<std::chrono::seconds>(now_micros()));
    put(out, "enddate", query_.to.value_or(now).text());
    put(out, "type", query_.type);
    put(out, "firstreturned", std::to_string(query_.offset));
    put(out, "url", url::surt(query_.url));
    put(out, "resultsrequested", std::to_string(query_.limit));
    put(out, "resultstype", query_.prefix ? "resultstypeurl" : "resultstypecapture");
    put(out, "numreturned", std::to_string(returned_));
    put(out, "numresults", std::to_string(seen_));
    out += "</request>\n</wayback>\n";
  }

  Rows rows_;
  XmlQuery query_;
  bool begun_ = false;
  std::uint64_t seen_ = 0;
  std::uint64_t returned_ = 0;
};

Listing unknown_type() {
  return {
      "application/xml; charset=utf-8",
      std::make_unique<StringSource>(
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wayback>\n<error><title>Unsupported query "
          "type</title><message>The requested query type is unknown to the index."
          "</message></error>\n</wayback>\n")};
}

Result<std::uint64_t> number_of(std::string_view name, std::string_view digits) {
  const auto number = parse_u64(digits);
  if (!number || *number > kMostResults)
    return refuse(name, "a whole number up to " + std::to_string(kMostResults));
  return *number;
}

/// One `name:value` of q, its value escaped once more.
Result<> set_term(XmlQuery& query, std::string_view term) {
  const std::size_t colon = term.find(':');
  if (colon == std::string_view::npos)
    return fail(Error::Code::kInvalid, "q must be name:value terms with a blank between");
  const auto name = term.substr(0, colon);
  const auto decoded = http::parse_form("v=" + std::string(term.substr(colon + 1)));
  const std::string& value = decoded.front().second;
  if (name == "type") {
    query.type = to_lower(value);
    query.prefix = query.type == "prefixquery";
  } else if (name == "url") {
    query.url = value;
  } else if (name == "limit") {
    query.limit = WM_TRY(number_of("limit", value));
  } else if (name == "offset") {
    query.offset = WM_TRY(number_of("offset", value));
  } else if (name == "startdate") {
    query.from = WM_TRY(time_of("startdate", value, Time14::Pad::kEarliest));
  } else if (name == "enddate") {
    query.to = WM_TRY(time_of("enddate", value, Time14::Pad::kLatest));
  }
  return {};
}

}  // namespace

Result<std::optional<XmlQuery>> parse_xml_query(std::string_view collection, std::string_view raw) {
  const Parameters given = WM_TRY(Parameters::parse(raw));
  const auto q = given.find("q");
  if (!q) return std::nullopt;
  XmlQuery query;
  query.collection = collection;
  for (const auto term : split(*q, ' ')) {
    if (!term.empty()) WM_TRY(set_term(query, term));
  }
  if (query.url.empty()) return fail(Error::Code::kInvalid, "q must have a term url:…");
  if (const auto count = WM_TRY(given.number("count")))
    query.limit = std::min(*count, kMostResults);
  if (const auto page = WM_TRY(given.number("start_page"))) {
    if (*page > kMostResults) return refuse("start_page", "a page that there is");
    query.offset = *page == 0 ? 0 : query.limit * (*page - 1);
  }
  return query;
}

Result<Listing> xml_listing(const cdx::CdxIndex& index, const access::Judge& judge, XmlQuery query,
                            std::uint64_t scan_limit) {
  if (query.type != "urlquery" && !query.prefix) return unknown_type();
  Query rows_of;
  rows_of.dialect = Dialect::kOutback;
  rows_of.collection = query.collection;
  rows_of.url = query.url;
  rows_of.from = query.from;
  rows_of.to = query.to;
  if (query.prefix) {
    rows_of.match = url::MatchType::kPrefix;
    rows_of.collapse.push_back({Field::kUrlkey});
    rows_of.collapse_to_last = true;
    rows_of.count_groups = true;
  }
  auto rows = WM_TRY(Rows::open(index, judge, std::move(rows_of), scan_limit));
  return Listing{"application/xml; charset=utf-8",
                 std::make_unique<XmlSource>(std::move(rows), std::move(query))};
}

}  // namespace wm::cdxserver
