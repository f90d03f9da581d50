#include "tests/archiver/capture/captured.h"

#include <atomic>

#include "core/base/digest.h"
#include "core/http/parser.h"
#include "core/warc/reader.h"

namespace wm::test {

namespace fs = std::filesystem;

std::optional<archiver::PayloadLookup::Held> MapLookup::find(std::string_view digest) const {
  const auto found = held.find(digest);
  if (found == held.end()) return std::nullopt;
  return found->second;
}

namespace {

std::vector<StoredRecord> read_records(const fs::path& path) {
  auto reader = warc::WarcReader::open(path).value();
  std::vector<StoredRecord> records;
  while (auto record = reader.next().value()) {
    BOOST_TEST(record->damage.empty());
    StoredRecord stored{.type = std::string(warc::name_of(record->type())),
                        .uri = record->target_uri(),
                        .fields = record->fields,
                        .head = {},
                        .payload = read_all(record->block(), 256 << 20).value()};
    const bool http = stored.field("Content-Type").starts_with("application/http");
    if (const auto length = http ? http::head_length(stored.payload) : std::nullopt) {
      stored.head = stored.payload.substr(0, *length);
      stored.payload.erase(0, *length);
    }
    records.push_back(std::move(stored));
  }
  BOOST_TEST(reader.take_damage().empty());
  return records;
}

}  // namespace

const fs::path& written_warcs() {
  static const TempDir folder = temp_dir();
  return folder.path();
}

Archive::Archive() : dir_(temp_dir()), engine_(dir_.path() / "warcs", lookup) {}

archiver::CaptureRequest Archive::request(const std::string& url) const {
  static std::atomic<int> number{0};
  archiver::CaptureRequest request;
  request.url = url;
  request.capture_id = "capture" + std::to_string(++number);
  request.settings.allow_private = true;
  return request;
}

Result<archiver::CaptureResult> Archive::try_capture(const archiver::CaptureRequest& request,
                                                     std::stop_token stop) {
  return engine_.capture(request, std::move(stop));
}

archiver::CaptureResult Archive::capture(const archiver::CaptureRequest& request) {
  auto result = engine_.capture(request, {});
  BOOST_REQUIRE_MESSAGE(result, result.error().what);
  const fs::path path = root() / result->warc;
  records = read_records(path);
  check_order();
  fs::copy_file(path, written_warcs() / path.filename());
  return std::move(*result);
}

/// Every response or revisit is followed by its own request; payload digests are those of the
/// payloads.
void Archive::check_order() const {
  BOOST_REQUIRE(!records.empty());
  BOOST_TEST(records.front().type == "warcinfo");
  BOOST_TEST(records.back().uri.starts_with("urn:pageinfo:"));
  for (std::size_t i = 0; i + 1 < records.size(); ++i) {
    const StoredRecord& record = records[i];
    if (record.type != "response" && record.type != "revisit") continue;
    const StoredRecord& request = records[i + 1];
    BOOST_TEST(request.type == "request");
    BOOST_TEST(request.uri == record.uri);
    BOOST_TEST(request.field("WARC-Concurrent-To") == record.field("WARC-Record-ID"));
    BOOST_TEST(request.field("WARC-Date") == record.field("WARC-Date"));
    if (record.type == "response")
      BOOST_TEST(record.field("WARC-Payload-Digest") == sha1_digest(record.payload));
    else
      BOOST_TEST(record.payload == "");
  }
}

std::vector<const StoredRecord*> Archive::find(std::string_view type, std::string_view uri) const {
  std::vector<const StoredRecord*> found;
  for (const StoredRecord& record : records) {
    if (record.type == type && record.uri == uri) found.push_back(&record);
  }
  return found;
}

const StoredRecord& Archive::response(std::string_view uri) const {
  const auto found = find("response", uri);
  BOOST_REQUIRE_MESSAGE(found.size() == 1, found.size() << " responses of " << uri);
  return *found.front();
}

std::size_t Archive::files() const {
  std::size_t count = 0;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(root(), error);
       it != fs::recursive_directory_iterator(); ++it) {
    if (!it->is_directory()) ++count;
  }
  return count;
}

std::string reason_for(const archiver::CaptureResult& result, std::string_view url) {
  for (const auto& missed : result.missed) {
    if (missed.url == url) return missed.reason;
  }
  return "";
}

}  // namespace wm::test
