#include "replay/cdxserver/fields.h"

#include <array>

#include "core/base/ascii.h"

namespace wm::cdxserver {
namespace {

/// name: pywb's; other: of the Internet Archive and OutbackCDX; letter: of a CDX header line.
struct Names {
  Field field;
  std::string_view name;
  std::string_view other;
  std::string_view letter = {};
};
constexpr std::array kNames = {
    Names{Field::kUrlkey, "urlkey", "urlkey", "N"},
    Names{Field::kTimestamp, "timestamp", "timestamp", "b"},
    Names{Field::kUrl, "url", "original", "a"},
    Names{Field::kMime, "mime", "mimetype", "m"},
    Names{Field::kStatus, "status", "statuscode", "s"},
    Names{Field::kDigest, "digest", "digest", "k"},
    Names{Field::kRedirect, "redirect", "redirect", "r"},
    Names{Field::kRobotFlags, "robotflags", "robotflags", "M"},
    Names{Field::kLength, "length", "length", "S"},
    Names{Field::kOffset, "offset", "offset", "V"},
    Names{Field::kFilename, "filename", "filename", "g"},
    Names{Field::kOrigLength, "orig.length", "originalLength"},
    Names{Field::kOrigOffset, "orig.offset", "originalOffset"},
    Names{Field::kOrigFilename, "orig.filename", "originalFilename"},
    Names{Field::kMethod, "method", "method"},
    Names{Field::kRequestDigest, "request_digest", "request_digest"},
    Names{Field::kRefersToUri, "refers_to_uri", "refers_to_uri"},
    Names{Field::kRefersToTime, "refers_to_time", "refers_to_time"},
    Names{Field::kCollection, "source-coll", "source"},
    Names{Field::kAccess, "access", "access"},
    Names{Field::kDupeCount, "dupecount", "dupecount"},
    Names{Field::kSkipCount, "skipcount", "skipcount"},
    Names{Field::kGroupCount, "groupcount", "groupcount"},
    Names{Field::kUniqCount, "uniqcount", "uniqcount"},
    Names{Field::kEndTimestamp, "endtimestamp", "endtimestamp"},
};

std::string_view digest_text(std::string_view digest, Dialect dialect) {
  if (dialect != Dialect::kOwn && digest.starts_with("sha1:")) digest.remove_prefix(5);
  return digest;
}

std::string_view number_text(std::uint64_t number, std::string& buffer) {
  return buffer = std::to_string(number);
}

/// What a revisit says of its own: resolved, it has the type and status of its original.
const cdx::Capture& shown(const Row& row) {
  return row.original ? *row.original : row.capture;
}

}  // namespace

std::optional<Field> field_of(std::string_view name) {
  if (name == "redirecturl") return Field::kRedirect;
  if (name == "file") return Field::kFilename;
  for (const Names& known : kNames) {
    if (name == known.name || name == known.other || (!name.empty() && name == known.letter))
      return known.field;
  }
  if (const auto number = parse_u64(name); number && *number <= 10)
    return static_cast<Field>(*number);
  return std::nullopt;
}

std::string_view name_of(Field field, Dialect dialect) noexcept {
  const Names& names = kNames[static_cast<std::size_t>(field)];
  if (dialect == Dialect::kOutback && field == Field::kRedirect) return "redirecturl";
  return dialect == Dialect::kInternetArchive || dialect == Dialect::kOutback ? names.other
                                                                              : names.name;
}

Column column_of(Field field, Dialect dialect) {
  return {field, std::string(name_of(field, dialect))};
}

std::vector<Column> classic_columns(Dialect dialect) {
  std::vector<Column> columns;
  for (auto field = static_cast<std::size_t>(Field::kUrlkey);
       field <= static_cast<std::size_t>(Field::kFilename); ++field)
    columns.push_back(column_of(static_cast<Field>(field), dialect));
  return columns;
}

std::vector<Column> usual_columns(Dialect dialect) {
  using enum Field;
  if (dialect == Dialect::kOutback) return classic_columns(dialect);
  std::vector<Field> fields = {kUrlkey, kTimestamp, kUrl, kMime, kStatus, kDigest};
  if (dialect == Dialect::kInternetArchive) {
    fields.push_back(kLength);
  } else {
    fields.insert(fields.end(), {kRedirect, kMethod, kRequestDigest, kRefersToUri, kRefersToTime,
                                 kLength, kOffset, kFilename, kAccess});
  }
  std::vector<Column> columns;
  for (const Field field : fields) columns.push_back(column_of(field, dialect));
  return columns;
}

std::string_view text_of(const Row& row, Field field, Dialect dialect, std::string& buffer) {
  const cdx::Capture& capture = row.capture;
  switch (field) {
    case Field::kUrlkey:
      return capture.surt;
    case Field::kTimestamp:
      return buffer = capture.time.text();
    case Field::kUrl:
      return capture.url;
    case Field::kMime:
      return shown(row).mime;
    case Field::kStatus:
      if (!shown(row).status) return {};
      return buffer = std::to_string(*shown(row).status);
    case Field::kDigest:
      return digest_text(capture.digest, dialect);
    case Field::kRedirect:
      return capture.redirect ? std::string_view(*capture.redirect) : std::string_view();
    case Field::kRobotFlags:
      return {};
    case Field::kLength:
      return number_text(capture.length, buffer);
    case Field::kOffset:
      return number_text(capture.offset, buffer);
    case Field::kFilename:
      return capture.file;
    case Field::kOrigLength:
      return row.original ? number_text(row.original->length, buffer) : std::string_view();
    case Field::kOrigOffset:
      return row.original ? number_text(row.original->offset, buffer) : std::string_view();
    case Field::kOrigFilename:
      return row.original ? std::string_view(row.original->file) : std::string_view();
    case Field::kMethod:
      return capture.method ? std::string_view(*capture.method) : std::string_view();
    case Field::kRequestDigest:
      return digest_text(capture.request_digest, dialect);
    case Field::kRefersToUri:
      return capture.refers_to_uri ? std::string_view(*capture.refers_to_uri) : std::string_view();
    case Field::kRefersToTime:
      if (!capture.refers_to_time) return {};
      return buffer = capture.refers_to_time->text();
    case Field::kCollection:
      return capture.collection;
    case Field::kAccess:
      // Told where it is not as it mostly is.
      return row.access == access::Access::kAllow ? std::string_view()
                                                  : access::name_of(row.access);
    case Field::kDupeCount:
      return number_text(row.dupes, buffer);
    case Field::kSkipCount:
      return number_text(row.skipped, buffer);
    case Field::kGroupCount:
      return number_text(row.skipped + 1, buffer);
    case Field::kUniqCount:
      return number_text(row.unique, buffer);
    case Field::kEndTimestamp:
      return buffer = row.end.text();
  }
  return {};
}

}  // namespace wm::cdxserver
