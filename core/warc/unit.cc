#include "core/warc/unit.h"

#include <algorithm>
#include <cstring>

namespace wm::warc {

namespace {

constexpr std::size_t kStreamBytes = 256 * 1024;
constexpr std::size_t kStoredPiece = 64 * 1024;

}  // namespace

void Unit::open_plain(std::uint64_t offset) {
  kind_ = Kind::kPlain;
  offset_ = offset;
  stored_at_ = offset;
  base_ = begin_ = size_ = 0;
  ended_ = broken_ = mismatch_ = false;
}

std::span<char> Unit::room(std::size_t bytes) {
  if (bytes > capacity_) {
    buffer_ = std::make_unique_for_overwrite<char[]>(bytes);
    capacity_ = bytes;
  }
  return {buffer_.get(), capacity_};
}

void Unit::open_decoded(std::uint64_t offset, std::uint64_t stored_end, std::size_t size) {
  kind_ = Kind::kGzip;
  offset_ = offset;
  stored_at_ = stored_end;
  base_ = begin_ = 0;
  size_ = size;
  ended_ = true;
  broken_ = mismatch_ = false;
}

Result<> Unit::open_coded(Kind kind, std::uint64_t offset, StreamDecoder& decoder,
                          std::size_t whole_bytes) {
  kind_ = kind;
  decoder_ = &decoder;
  decoder_->reset();
  offset_ = offset;
  stored_at_ = offset;
  base_ = begin_ = size_ = 0;
  ended_ = broken_ = mismatch_ = false;
  room(kStreamBytes);
  while (!ended_ && size_ < whole_bytes) WM_TRY(decode_some(whole_bytes));
  return {};
}

std::optional<std::uint64_t> Unit::size() const {
  if (kind_ == Kind::kPlain) return window_.end() - std::min(offset_, window_.end());
  if (!ended_) return std::nullopt;
  return base_ + size_;
}

void Unit::end_broken(std::string reason) {
  damage_.push_back({stored_at_, std::move(reason)});
  ended_ = broken_ = true;
}

/// Decodes one piece behind what there is, letting the buffer grow up to `limit`.
Result<> Unit::decode_some(std::size_t limit) {
  if (begin_ + size_ == capacity_) {
    if (begin_ > 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, size_);
      begin_ = 0;
    } else {
      const std::size_t larger = std::max(capacity_ + kStoredPiece, std::min(capacity_ * 2, limit));
      auto grown = std::make_unique_for_overwrite<char[]>(larger);
      std::memcpy(grown.get(), buffer_.get(), size_);
      buffer_ = std::move(grown);
      capacity_ = larger;
    }
  }
  const std::string_view stored = WM_TRY(window_.view(stored_at_, kStoredPiece));
  const std::size_t filled = begin_ + size_;
  const auto progress = decoder_->step(stored, {buffer_.get() + filled, capacity_ - filled});
  stored_at_ += progress.used;
  size_ += progress.made;
  const char* what = kind_ == Kind::kGzip ? "gzip member" : "zstd frame";
  switch (progress.step) {
    case StreamDecoder::Step::kEnd:
      ended_ = true;
      break;
    case StreamDecoder::Step::kMismatch:
      damage_.push_back({stored_at_, std::string(what) + ": " + decoder_->problem() +
                                         "; its bytes are given as they are"});
      ended_ = mismatch_ = true;
      break;
    case StreamDecoder::Step::kBroken:
      end_broken(std::string(what) + " is broken after " + std::to_string(made()) +
                 " bytes: " + decoder_->problem());
      break;
    case StreamDecoder::Step::kGoOn:
      if (progress.used == 0 && progress.made == 0) {
        // Nothing left to go on with: the file ends within the unit. Or damage made it run on to
        // there.
        end_broken("the file ends within a " + std::string(what));
      }
      break;
  }
  return {};
}

Result<std::string_view> Unit::view(std::uint64_t at, std::size_t want) {
  if (kind_ == Kind::kPlain) return window_.view(offset_ + at, want);
  if (!in_memory() && at > base_) {
    // A stream forgets. What it has not reached yet is decoded and passed over.
    while (at > base_ + size_ && !ended_) {
      base_ += size_;
      begin_ = size_ = 0;
      WM_TRY(decode_some(kStreamBytes));
    }
    const auto gone = static_cast<std::size_t>(std::min<std::uint64_t>(at - base_, size_));
    base_ += gone;
    begin_ += gone;
    size_ -= gone;
  }
  if (at < base_ || at > base_ + size_) return std::string_view();
  while (!ended_ && size_ < want) WM_TRY(decode_some(want));
  const auto skip = static_cast<std::size_t>(at - base_);
  return std::string_view(buffer_.get() + begin_ + skip, size_ - skip);
}

Result<std::string_view> Unit::glance(std::uint64_t at, std::size_t want) {
  WM_CHECK(random_access());
  if (kind_ == Kind::kPlain) return window_.glance(offset_ + at, want);
  const std::string_view all = WM_TRY(view(at, 0));
  return all.substr(0, want);
}

}  // namespace wm::warc
