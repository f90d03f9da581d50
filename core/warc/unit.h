#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/warc/record.h"
#include "core/warc/stored_window.h"
#include "core/warc/stream_decoder.h"

namespace wm::warc {

/// A stretch of a file that is decoded as one: a gzip member, a zstd frame, or plain bytes. Its
/// decoded bytes are seen through view(), by their place in the unit. Small ones are decoded whole
/// and can be seen anywhere; large ones go by as a stream.
class Unit {
 public:
  enum class Kind { kPlain, kGzip, kZstd };
  explicit Unit(StoredWindow& window) : window_(window) {}
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  /// Everything from `offset` to the file's end, as it is.
  void open_plain(std::uint64_t offset);
  /// A member or frame that starts at `offset`: decoded whole if that is no more than
  /// `whole_bytes`.
  Result<> open_coded(Kind kind, std::uint64_t offset, StreamDecoder& decoder,
                      std::size_t whole_bytes);
  /// Room for a member decoded by somebody else ...
  std::span<char> room(std::size_t bytes);
  /// ... of which the first `size` bytes are the unit stored at [offset, stored_end).
  void open_decoded(std::uint64_t offset, std::uint64_t stored_end, std::size_t size);

  /// The bytes from `at` on: `want` or more, fewer only at the unit's end. Lives until the next
  /// call, or the window's next. A stream forgets what is before `at`.
  Result<std::string_view> view(std::uint64_t at, std::size_t want);
  /// A few bytes anywhere, without moving on; only of random_access() units.
  Result<std::string_view> glance(std::uint64_t at, std::size_t want);

  Kind kind() const { return kind_; }
  std::uint64_t offset() const { return offset_; }
  /// The decoded size, known unless this is a stream that has not come to its end.
  std::optional<std::uint64_t> size() const;
  bool random_access() const { return kind_ == Kind::kPlain || (ended_ && base_ == 0); }
  /// All of a unit that is not plain is in memory.
  bool in_memory() const { return kind_ != Kind::kPlain && ended_ && base_ == 0; }
  /// Where the unit's stored bytes end, once known; how far they were read before that.
  std::uint64_t stored_position() const { return stored_at_; }
  bool ended() const { return ended_; }
  /// It ended in damage: what follows has to be searched for.
  bool broken() const { return broken_; }
  /// It ended, but its check sum says that it is not what it was; where it ended may be wrong, too.
  bool mismatch() const { return mismatch_; }
  /// Damage found since the last call.
  std::vector<Damage> take_damage() { return std::exchange(damage_, {}); }
  bool has_damage() const { return !damage_.empty(); }
  /// Decoded bytes made so far.
  std::uint64_t made() const { return base_ + size_; }

 private:
  Result<> decode_some(std::size_t limit);
  void end_broken(std::string reason);

  StoredWindow& window_;
  Kind kind_ = Kind::kPlain;
  StreamDecoder* decoder_ = nullptr;
  std::uint64_t offset_ = 0;
  std::uint64_t stored_at_ = 0;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::uint64_t base_ = 0;  ///< place in the unit of buffer_[begin_]
  std::size_t begin_ = 0;
  std::size_t size_ = 0;  ///< decoded bytes from begin_ on
  bool ended_ = false;
  bool broken_ = false;
  bool mismatch_ = false;
  std::vector<Damage> damage_;
};

}  // namespace wm::warc
