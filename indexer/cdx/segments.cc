#include "indexer/cdx/segments.h"

#include "core/base/ascii.h"
#include "core/base/log.h"
#include "core/warc/reader.h"
#include "indexer/cdx/cdx_index.h"
#include "indexer/store/coding.h"

namespace wm::cdx {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMostSegments = 100'000;
constexpr std::size_t kOriginBytes = 1024;

std::optional<std::uint64_t> number_of(const warc::WarcRecord& record, std::string_view field) {
  const auto text = record.field(field);
  return text ? parse_u64(trim(*text)) : std::nullopt;
}

/// A NUL ends each part, so none may hold one.
std::string key_of(std::string_view collection, std::string_view origin) {
  std::string key("segment\0", 8);
  key.append(collection).push_back('\0');
  for (const char c : origin) key += c == '\0' ? ' ' : c;
  key.push_back('\0');
  return key;
}

/// One block after the other. A segment that cannot be read ends the whole there.
class JoinedBlock final : public Source {
 public:
  JoinedBlock(std::unique_ptr<Source> first, std::vector<Segment> rest, std::string origin,
              OpenFile open)
      : block_(std::move(first)),
        rest_(std::move(rest)),
        origin_(std::move(origin)),
        open_(std::move(open)) {}

  Result<std::size_t> read(std::span<char> into) override {
    for (;;) {
      const std::size_t got = WM_TRY(block_->read(into));
      if (got > 0 || next_ == rest_.size()) return got;
      auto opened = open_next();
      if (!opened) {
        log::warning("segment {} of {} is missing: {}", rest_[next_].number, origin_,
                     opened.error().what);
        return fail(Error::Code::kCorrupt, "a segment of the record cannot be read");
      }
      block_ = std::move(*opened);
      ++next_;
    }
  }

 private:
  Result<std::unique_ptr<Source>> open_next() const {
    const Segment& segment = rest_[next_];
    auto file = WM_TRY(open_(segment.file));
    auto record = WM_TRY(warc::read_record_at(std::move(file), segment.offset, segment.length));
    const auto found = segment_of(record);
    if (!found || found->number != segment.number || segment_origin(record) != origin_)
      return fail(Error::Code::kCorrupt, "another record is at its place");
    return std::move(record.block_);
  }

  std::unique_ptr<Source> block_;
  const std::vector<Segment> rest_;
  const std::string origin_;
  const OpenFile open_;
  std::size_t next_ = 0;
};

}  // namespace

std::optional<Segment> segment_of(const warc::WarcRecord& record) {
  if (record.type() != warc::RecordType::kContinuation) return std::nullopt;
  const auto number = number_of(record, "WARC-Segment-Number");
  const auto origin = segment_origin(record);
  if (!number || *number < 2 || origin.empty() || origin.size() > kOriginBytes) return std::nullopt;
  return Segment{.number = *number,
                 .file = {},
                 .offset = record.offset,
                 .length = 0,
                 .total = number_of(record, "WARC-Segment-Total-Length")};
}

std::string_view segment_origin(const warc::WarcRecord& record) {
  if (record.type() != warc::RecordType::kContinuation) return trim(record.id());
  return trim(record.field("WARC-Segment-Origin-ID").value_or(std::string_view()));
}

bool is_first_segment(const warc::WarcRecord& record) {
  return record.type() != warc::RecordType::kContinuation &&
         number_of(record, "WARC-Segment-Number") == 1U && !record.id().empty();
}

Result<> Segments::add(store::Batch& batch, std::string_view collection, std::string_view origin,
                       const Segment& segment) const {
  std::string key = key_of(collection, origin);
  store::put_big_endian(key, segment.number, 8);
  std::string value(1, static_cast<char>(kVersion));
  store::put_varint(value, WM_TRY(store_.intern(kFileSpace, segment.file)));
  store::put_varint(value, segment.offset);
  store::put_varint(value, segment.length);
  store::put_varint(value, segment.total ? *segment.total + 1 : 0);
  batch.put(store::Family::kMeta, key, value);
  return {};
}

Result<Segments::Chain> Segments::following(std::string_view collection,
                                            std::string_view origin) const {
  Chain chain;
  const std::string prefix = key_of(collection, origin);
  auto cursor = store_.cursor(store::Family::kMeta);
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    Segment segment;
    segment.number = store::big_endian(cursor.key().substr(prefix.size()));
    if (segment.number != chain.segments.size() + 2 || chain.segments.size() == kMostSegments)
      break;
    store::Reader in(cursor.value());
    if (in.byte() != kVersion) break;
    const auto file = static_cast<std::uint32_t>(in.varint());
    segment.offset = in.varint();
    segment.length = in.varint();
    const std::uint64_t total = in.varint();
    auto name = WM_TRY(store_.name_of(kFileSpace, file));
    if (!in.ok() || !name) break;
    segment.file = std::move(*name);
    if (total > 0) segment.total = total - 1;
    chain.complete = segment.total.has_value();
    chain.segments.push_back(std::move(segment));
    if (chain.complete) break;
  }
  WM_TRY(cursor.status());
  return chain;
}

Result<warc::WarcRecord> open_record(const Segments& segments, const OpenFile& open,
                                     const Capture& capture) {
  auto file = WM_TRY(open(capture.file));
  auto record = WM_TRY(warc::read_record_at(std::move(file), capture.offset, capture.length));
  if (!is_first_segment(record)) return record;
  const std::string origin(segment_origin(record));
  auto chain = WM_TRY(segments.following(capture.collection, origin));
  if (!chain.complete)
    record.damage.push_back({record.offset, "segment " + std::to_string(chain.segments.size() + 2) +
                                                " of the record is not in the archive"});
  if (chain.segments.empty()) return record;
  record.content_length = chain.complete ? chain.segments.back().total : std::nullopt;
  record.block_bytes.reset();
  record.block_ = std::make_unique<JoinedBlock>(std::move(record.block_), std::move(chain.segments),
                                                origin, open);
  return record;
}

}  // namespace wm::cdx
