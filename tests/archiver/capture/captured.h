#pragma once

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

#include "archiver/capture/capture.h"
#include "core/http/headers.h"
#include "tests/support/test_support.h"

namespace wm::test {

/// An index that holds what a test put into it.
class MapLookup final : public archiver::PayloadLookup {
 public:
  std::optional<Held> find(std::string_view digest) const override;
  std::map<std::string, Held, std::less<>> held;
};

struct StoredRecord {
  std::string type;
  std::string uri;
  http::Headers fields;
  std::string head;  ///< of the HTTP message in the block, with its empty line; "" for other blocks
  std::string payload;  ///< the rest of the block
  std::string field(std::string_view name) const {
    return std::string(fields.find(name).value_or(""));
  }
};

/// A WARC root and an engine over it.
class Archive {
 public:
  Archive();
  archiver::CaptureRequest request(const std::string& url) const;
  /// Captures, which must succeed, reads the WARC back and leaves a copy for the lint.
  archiver::CaptureResult capture(const archiver::CaptureRequest& request);
  Result<archiver::CaptureResult> try_capture(const archiver::CaptureRequest& request,
                                              std::stop_token stop = {});

  MapLookup lookup;
  std::vector<StoredRecord> records;  ///< of the last capture
  /// Records of a type and target URI, in order.
  std::vector<const StoredRecord*> find(std::string_view type, std::string_view uri) const;
  /// The one response of that URI.
  const StoredRecord& response(std::string_view uri) const;
  bool has(std::string_view uri) const {
    return !find("response", uri).empty() || !find("revisit", uri).empty();
  }
  std::size_t files() const;  ///< of any name below the root
  std::filesystem::path root() const { return dir_.path() / "warcs"; }

 private:
  void check_order() const;
  TempDir dir_;
  archiver::HttpEngine engine_;
};

/// Where copies of all WARCs that captures of this run wrote wait for the lint, which is one run
/// for all of them.
const std::filesystem::path& written_warcs();

std::string reason_for(const archiver::CaptureResult& result, std::string_view url);

}  // namespace wm::test
