#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/warc/record.h"

namespace wm::warc {

struct ReadLimits {
  std::size_t header_bytes = 1 << 20;  ///< per record head
  std::size_t header_fields = 20000;
  std::size_t whole_member_bytes = 8
                                   << 20;  ///< how far is read ahead to inflate a member at once
                                           ///< (libdeflate): surely up to half, at most all of this
  std::size_t whole_decoded_bytes =
      32 << 20;  ///< ... if it holds no more than this; larger ones are streamed
  std::uint64_t record_bytes = 1ull << 40;  ///< a block is cut here
  std::size_t dictionary_bytes = 8 << 20;   ///< .warc.zst
};

/// Reads the records of one WARC or ARC file in order: plain, gzip (a member a record, or any other
/// way of cutting), zstd.
///
/// Offsets are bytes from the start of the file as stored: for .warc.gz, of the gzip member, so
/// they go into the index as they are. Damage of any kind (docs/formats/warc.md, "Reading") is told
/// and got over: the reader goes on at the next gzip member or version line that makes sense. Never
/// fails for what a file holds, only for I/O. Linear in the file's size, memory bounded by
/// `limits`. Not thread-safe. Source: ISO 28500:2017 §4, Annex D; ARC 1.0/2.0.
class WarcReader {
 public:
  /// kNotFound, kDenied, kIo.
  static Result<WarcReader> open(const std::filesystem::path& path, ReadLimits limits = {});
  static Result<WarcReader> over(std::shared_ptr<const ReadFile> file, ReadLimits limits = {});
  /// As over(), from a record's `offset` on.
  static Result<WarcReader> at(std::shared_ptr<const ReadFile> file, std::uint64_t offset,
                               ReadLimits limits = {});
  ~WarcReader();
  WarcReader(WarcReader&&) noexcept;
  WarcReader& operator=(WarcReader&&) noexcept;

  /// The next record, nullopt at the end. Skips what is unread of the one before, whose block is
  /// invalid from then on; what was found out about that one after it was given is then in
  /// finish_record().
  Result<std::optional<WarcRecord>> next();

  /// What is known of a record when it has been read to its end.
  struct Finished {
    std::uint64_t length = 0;
    std::vector<Damage> damage;  ///< beyond what the record came with
  };
  /// Reads the record that next() gave to its end and tells its stored length: gzip and zstd, of
  /// the members it lies in; plain, of head and block, without the line ends behind it. The block
  /// is invalid from then on.
  Result<Finished> finish_record();

  /// Damage found between records since the last call: junk, empty members, a torn end.
  std::vector<Damage> take_damage();
  /// Bytes of the file passed so far, for progress.
  std::uint64_t position() const;

 private:
  struct State;
  explicit WarcReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The one record stored at [offset, offset+length) of a file; its block owns what it needs and may
/// outlive everything else. `length` may be 0 if unknown. kCorrupt if no record starts there.
Result<WarcRecord> read_record_at(std::shared_ptr<const ReadFile> file, std::uint64_t offset,
                                  std::uint64_t length, ReadLimits limits = {});

}  // namespace wm::warc
