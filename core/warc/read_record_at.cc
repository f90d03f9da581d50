// One record by its place in a file: what replay does for every answer.
#include <libdeflate.h>

#include "core/base/ascii.h"
#include "core/warc/head_parser.h"
#include "core/warc/record_scanner.h"

namespace wm::warc {

namespace {

constexpr std::size_t kMinMember = 18;

struct Buffer {
  std::unique_ptr<char[]> bytes;
  std::size_t size = 0;
};

/// A block within a buffer that it owns.
class OwnedSource final : public Source {
 public:
  OwnedSource(std::unique_ptr<char[]> bytes, std::string_view block)
      : bytes_(std::move(bytes)), view_(block) {}
  Result<std::size_t> read(std::span<char> into) override { return view_.read(into); }

 private:
  std::unique_ptr<char[]> bytes_;
  ViewSource view_;
};

/// A block that is read by a scanner of its own.
class ScannedSource final : public Source {
 public:
  ScannedSource(std::unique_ptr<RecordScanner> scanner, std::unique_ptr<Source> block)
      : scanner_(std::move(scanner)), block_(std::move(block)) {}
  Result<std::size_t> read(std::span<char> into) override { return block_->read(into); }

 private:
  std::unique_ptr<RecordScanner> scanner_;
  std::unique_ptr<Source> block_;
};

std::size_t inflated_size(std::string_view member) {
  std::size_t size = 0;
  for (std::size_t i = 1; i <= 4; ++i)
    size = size << 8 | static_cast<unsigned char>(member[member.size() - i]);
  return size;
}

/// All of a member whose stored bytes are just [offset, offset + length); an empty buffer if it is
/// not as simple as that.
Result<Buffer> inflate_whole(const ReadFile& file, std::uint64_t offset, std::size_t length,
                             const ReadLimits& limits) {
  constexpr std::size_t kMaxRatio = 1032;  // of deflate
  const auto stored = std::make_unique_for_overwrite<char[]>(length);
  const std::size_t got = WM_TRY(file.read_at(offset, {stored.get(), length}));
  const std::string_view member(stored.get(), got);
  if (got != length || !maybe_gzip(member)) return Buffer{};
  Buffer whole;
  whole.size = inflated_size(member);
  if (whole.size > limits.whole_decoded_bytes || whole.size / kMaxRatio > length) return Buffer{};
  whole.bytes = std::make_unique_for_overwrite<char[]>(whole.size + 1);
  struct Free {
    void operator()(libdeflate_decompressor* p) const noexcept { libdeflate_free_decompressor(p); }
  };
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> deflate(
      libdeflate_alloc_decompressor());
  std::size_t used = 0;
  std::size_t made = 0;
  const auto result = libdeflate_gzip_decompress_ex(deflate.get(), member.data(), member.size(),
                                                    whole.bytes.get(), whole.size, &used, &made);
  if (result != LIBDEFLATE_SUCCESS || used != length || made != whole.size) return Buffer{};
  return whole;
}

/// The record of a buffer that holds just one, with nothing odd about it; nullopt otherwise.
std::optional<WarcRecord> simple_record(Buffer& whole, const ReadLimits& limits) {
  const std::string_view text(whole.bytes.get(), whole.size);
  std::size_t version = 0;
  if (match_version_line(text, true, version) != Match::kYes) return std::nullopt;
  HeadParser parser(limits);
  const std::size_t head = parser.feed(text);
  if (parser.state() != HeadParser::State::kDone) return std::nullopt;
  WarcRecord record;
  std::vector<std::string> notes;
  parser.finish(record.version, record.fields, notes);
  const auto written = record.fields.find("Content-Length");
  record.content_length = written ? parse_u64(*written) : std::nullopt;
  const std::string_view rest = text.substr(head);
  if (!notes.empty() || !record.content_length || *record.content_length > rest.size())
    return std::nullopt;
  const auto length = static_cast<std::size_t>(*record.content_length);
  if (rest.substr(length) != "\r\n\r\n" || length > limits.record_bytes) return std::nullopt;
  record.block_bytes = rest.substr(0, length);
  record.block_ = std::make_unique<OwnedSource>(std::move(whole.bytes), *record.block_bytes);
  return record;
}

}  // namespace

Result<WarcRecord> read_record_at(std::shared_ptr<const ReadFile> file, std::uint64_t offset,
                                  std::uint64_t length, ReadLimits limits) {
  if (length >= kMinMember && length <= limits.whole_member_bytes) {
    Buffer whole = WM_TRY(inflate_whole(*file, offset, static_cast<std::size_t>(length), limits));
    if (whole.bytes) {
      auto simple = simple_record(whole, limits);
      if (simple) {
        simple->offset = offset;
        simple->length = length;
        return std::move(*simple);
      }
    }
  }
  const auto nothing = [&] {
    return fail(Error::Code::kCorrupt, "no record starts at byte " + std::to_string(offset) +
                                           " of " + file->path().string());
  };
  if (length > UINT64_MAX - offset) return nothing();
  const std::uint64_t end = length == 0 ? UINT64_MAX : offset + length;
  auto scanner = WM_TRY(RecordScanner::open(file, limits, offset, end));
  auto record = WM_TRY(scanner->next());
  if (!record || record->offset != offset) return nothing();
  for (Damage& damage : scanner->take_damage()) record->damage.push_back(std::move(damage));
  record->block_ = std::make_unique<ScannedSource>(std::move(scanner), std::move(record->block_));
  return std::move(*record);
}

}  // namespace wm::warc
