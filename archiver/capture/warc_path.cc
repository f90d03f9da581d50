#include "archiver/capture/warc_path.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace wm::archiver {
namespace {
bool is_safe(char c) {
  return is_alnum(c) || c == '.' || c == '_' || c == '-';
}
}  // namespace

Result<std::string> warc_path(std::string_view collection, Time14 time, std::string_view capture_id,
                              std::string_view host) {
  if (collection.empty() || collection.size() > 64 || collection.front() == '.' ||
      !std::all_of(collection.begin(), collection.end(), is_safe)) {
    return fail(Error::Code::kInvalid,
                "a collection is named by letters, digits, '.', '_' and '-', not \"" +
                    std::string(collection) + "\"");
  }
  std::string id;
  for (const char c : capture_id) {
    if (is_alnum(c) && id.size() < 12) id += c;
  }
  if (id.empty()) return fail(Error::Code::kInvalid, "a capture needs an id");
  std::string name;
  for (const char c : host.substr(0, 80)) name += is_safe(c) ? c : '_';
  const std::string digits = time.text();
  return std::string(collection) + "/" + digits.substr(0, 4) + "/" + digits.substr(4, 2) + "/wm-" +
         digits + "-" + id + "-" + name + ".warc.gz";
}

}  // namespace wm::archiver
