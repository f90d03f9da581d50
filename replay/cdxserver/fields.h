#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "indexer/cdx/capture.h"
#include "replay/access/rules.h"

namespace wm::cdxserver {

/// Whose words a request is in, and its answer.
enum class Dialect {
  kPywb,
  kInternetArchive,
  kOutback,
  kOwn,  ///< `/api/v1/cdx` and `waymark cdx`: pywb's, with digests that say of what kind they are
};

enum class Field : std::uint8_t {
  kUrlkey,
  kTimestamp,
  kUrl,
  kMime,
  kStatus,
  kDigest,
  kRedirect,
  kRobotFlags,
  kLength,
  kOffset,
  kFilename,
  kOrigLength,
  kOrigOffset,
  kOrigFilename,
  kMethod,
  kRequestDigest,
  kRefersToUri,
  kRefersToTime,
  kCollection,
  kAccess,
  kDupeCount,
  kSkipCount,
  kGroupCount,
  kUniqCount,
  kEndTimestamp,
};

/// A field under the name it was asked for by.
struct Column {
  Field field;
  std::string name;
};

/// By any of the names that the dialects know it by, the letters of CDX files and the numbers of
/// the classic columns among them.
std::optional<Field> field_of(std::string_view name);
std::string_view name_of(Field field, Dialect dialect) noexcept;
Column column_of(Field field, Dialect dialect);
/// The eleven of a CDX file.
std::vector<Column> classic_columns(Dialect dialect);
/// What is printed when nobody asks for fields.
std::vector<Column> usual_columns(Dialect dialect);

/// A capture as it is listed.
struct Row {
  cdx::Capture capture;
  std::optional<cdx::Capture> original = {};  ///< of a revisit, if revisits are to be resolved
  access::Access access = access::Access::kAllow;
  std::uint64_t dupes = 0;    ///< captures of the same key with the same digest before it
  std::uint64_t skipped = 0;  ///< captures collapsed into it
  std::uint64_t unique = 0;   ///< digests among it and those
  Time14 first = {};          ///< captured first of them
  Time14 end = {};            ///< captured last
};

/// A field's text, "" if there is none. `buffer` may hold it, and lives as long as it must.
std::string_view text_of(const Row& row, Field field, Dialect dialect, std::string& buffer);

}  // namespace wm::cdxserver
