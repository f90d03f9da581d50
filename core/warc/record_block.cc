// The block of the current record: given out in memory or as a stream, passed over, and what stands
// behind it.
#include <algorithm>
#include <cstring>

#include "core/warc/record_scanner.h"

namespace wm::warc {

namespace {

constexpr std::size_t kPlainBlockInMemory = 256 * 1024;
constexpr std::size_t kStreamView = 4 * 1024;

/// Reads the block of the scanner's current record where it is not in memory.
class BlockSource final : public Source {
 public:
  explicit BlockSource(RecordScanner& scanner) : scanner_(scanner) {}
  Result<std::size_t> read(std::span<char> into) override { return scanner_.read_block(into); }

 private:
  RecordScanner& scanner_;
};

/// What is wrong with the line ends behind a block; "" if they are as they should be.
std::string trailer_problem(std::string_view rest, bool arc) {
  const std::size_t length = line_ends_at_front(rest);
  // Many ARC writers count the separating LF as a byte of the block.
  if (arc ? length == 0 || (length == 1 && rest.front() == '\n')
          : length == 4 && rest.starts_with("\r\n\r\n"))
    return {};
  return std::to_string(length) + " line-end bytes behind the block, not " +
         (arc ? "LF" : "CRLF CRLF");
}

}  // namespace

Result<> RecordScanner::attach_block(WarcRecord& record, bool arc) {
  const std::uint64_t readable = std::min(current_.left, limits_.record_bytes);
  if (readable < current_.left && !current_.to_unit_end) {
    record.damage.push_back({record.offset, "the block is cut at the limit of " +
                                                std::to_string(limits_.record_bytes) + " bytes"});
  }
  current_.readable = readable;
  if (current_.chained) {
    record.block_ = std::make_unique<BlockSource>(*this);
    return {};
  }
  current_.end = pos_ + current_.left;
  const bool plain = unit_.kind() == Unit::Kind::kPlain;
  if (plain) record.length = unit_.offset() + current_.end - record.offset;
  if (!current_.cut && !(plain && bounded_ && current_.end == *unit_.size())) {
    const std::string_view rest = WM_TRY(unit_.glance(current_.end, 64));
    const std::string problem = trailer_problem(rest, arc);
    if (!problem.empty()) record.damage.push_back({record.offset, problem});
    const bool last = current_.end + line_ends_at_front(rest) == *unit_.size();
    if (!plain && last && unit_records_ == 1)
      record.length = unit_.stored_position() - record.offset;
  }
  current_.trailer_told = true;
  if (plain && current_.left > kPlainBlockInMemory) {
    record.block_ = std::make_unique<BlockSource>(*this);
    return {};
  }
  const std::string_view block =
      WM_TRY(unit_.view(pos_, plain ? static_cast<std::size_t>(readable) : 0));
  record.block_bytes = block.substr(0, static_cast<std::size_t>(readable));
  record.block_ = std::make_unique<ViewSource>(*record.block_bytes);
  return {};
}

/// The next bytes of the block, from wherever they are; empty at its end.
Result<std::string_view> RecordScanner::block_view() {
  while (current_.left > 0) {
    const bool plain = unit_.kind() == Unit::Kind::kPlain;
    const std::string_view text =
        WM_TRY(unit_.view(pos_, plain ? kPlainBlockInMemory : kStreamView));
    if (!text.empty())
      return text.substr(
          0, static_cast<std::size_t>(std::min<std::uint64_t>(current_.left, text.size())));
    if (WM_TRY(continue_unit())) continue;
    if (!current_.to_unit_end) {
      finished_.damage.push_back(
          {position(),
           "the block is cut short: " + std::to_string(current_.left) + " bytes are missing"});
    }
    current_.cut = true;
    current_.left = current_.readable = 0;
  }
  return std::string_view();
}

Result<std::size_t> RecordScanner::read_block(std::span<char> into) {
  if (current_.readable == 0) return std::size_t{0};
  const std::string_view text = WM_TRY(block_view());
  const auto count = static_cast<std::size_t>(
      std::min<std::uint64_t>({text.size(), into.size(), current_.readable}));
  if (count > 0) std::memcpy(into.data(), text.data(), count);
  pos_ += count;
  current_.left -= count;
  current_.readable -= count;
  return count;
}

Result<WarcReader::Finished> RecordScanner::finish_record() {
  WM_TRY(finish_current());
  return finished_;
}

Result<> RecordScanner::finish_current() {
  if (!current_.open) return {};
  current_.open = false;
  if (!current_.chained) pos_ = current_.end;
  current_.readable = current_.left;
  while (current_.chained && current_.left > 0) {
    const std::string_view text = WM_TRY(block_view());
    pos_ += text.size();
    current_.left -= text.size();
  }
  const std::uint64_t block_end = unit_.offset() + pos_;
  WM_TRY(finish_trailer());
  const bool plain = unit_.kind() == Unit::Kind::kPlain;
  finished_.length = (plain ? block_end : unit_.stored_position()) - current_.offset;
  const bool at_end = !plain && WM_TRY(unit_.view(pos_, 1)).empty();
  if (at_end) finished_.length = unit_.stored_position() - current_.offset;
  if (!plain && !at_end && unit_records_ == 1) {
    finished_.damage.push_back({current_.offset,
                                "its compressed unit holds more than this record; what follows in "
                                "it cannot be read alone"});
  }
  for (Damage& damage : unit_.take_damage()) finished_.damage.push_back(std::move(damage));
  if (plain || at_end) WM_TRY(close_unit());
  return {};
}

/// Passes the line ends behind the block, up to the two that belong there.
Result<> RecordScanner::finish_trailer() {
  if (current_.cut) return {};
  const std::string_view rest = WM_TRY(unit_.view(pos_, 64));
  const std::string problem = trailer_problem(rest, current_.arc);
  if (!current_.trailer_told && !problem.empty()) finished_.damage.push_back({position(), problem});
  pos_ += line_ends_at_front(rest);
  return {};
}

}  // namespace wm::warc
