#include "indexer/search/xapian_error.h"

#include <string_view>

namespace wm::search {

Error error_of(const Xapian::Error& error, const std::string& doing) {
  Error::Code code = Error::Code::kIo;
  const std::string_view type = error.get_type();
  if (type == "DatabaseLockError") code = Error::Code::kBusy;
  if (type == "DatabaseCorruptError" || type == "SerialisationError") code = Error::Code::kCorrupt;
  if (type == "DatabaseVersionError" || type == "FeatureUnavailableError")
    code = Error::Code::kUnsupported;
  if (type == "DatabaseNotFoundError") code = Error::Code::kNotFound;
  return {code, doing + ": " + error.get_description()};
}

}  // namespace wm::search
