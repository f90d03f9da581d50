#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/warc/reader.h"
#include "core/warc/record_start.h"
#include "core/warc/unit.h"

struct libdeflate_decompressor;

namespace wm::warc {

class HeadParser;

/// What WarcReader is made of: goes from unit to unit (record_scanner_units.cc) and from record to
/// record in them (record_scanner.cc). It does not move: blocks point to it.
class RecordScanner {
 public:
  /// Records from `start` on, as if the file ended at `end`.
  static Result<std::unique_ptr<RecordScanner>> open(std::shared_ptr<const ReadFile> file,
                                                     const ReadLimits& limits,
                                                     std::uint64_t start = 0,
                                                     std::uint64_t end = UINT64_MAX);
  ~RecordScanner();
  RecordScanner(const RecordScanner&) = delete;
  RecordScanner& operator=(const RecordScanner&) = delete;

  Result<std::optional<WarcRecord>> next();
  Result<WarcReader::Finished> finish_record();
  std::vector<Damage> take_damage() { return std::exchange(between_, {}); }
  std::uint64_t position() const;
  /// For the block of the current record.
  Result<std::size_t> read_block(std::span<char> into);

 private:
  RecordScanner(StoredWindow window, const ReadLimits& limits, std::uint64_t start);

  // Units.
  Result<bool> open_unit();
  Result<bool> open_unit_here(std::string_view stored);
  Result<> open_gzip(std::uint64_t offset);
  Result<> open_zstd(std::uint64_t offset);
  Result<StreamDecoder*> zstd();
  Result<std::string> read_dictionary();
  Result<StreamDecoder*> peek_decoder(bool gzip);
  Result<std::optional<std::uint64_t>> following_unit();
  Result<bool> continue_unit();
  Result<> search_stored();
  Result<std::optional<std::uint64_t>> find_unit(std::uint64_t at, std::string_view stored);
  Result<bool> begins_unit(std::uint64_t at);
  Result<std::uint64_t> skip_padding(std::string_view stored);
  Result<> close_unit();
  Result<bool> ends_well(std::uint64_t at);

  // Records.
  Result<std::optional<WarcRecord>> try_record();
  Result<bool> skip_blanks();
  Result<> search_unit();
  Result<std::optional<WarcRecord>> read_warc();
  Result<bool> read_head(HeadParser& parser);
  Result<std::optional<WarcRecord>> read_arc(std::size_t line_length);
  WarcRecord start_record(std::string version);
  Result<std::optional<WarcRecord>> deliver(WarcRecord record,
                                            const std::vector<std::uint64_t>& lengths, bool arc);
  Result<bool> place_block(WarcRecord& record, const std::vector<std::uint64_t>& lengths, bool arc);
  Result<bool> place_without_length(WarcRecord& record, bool arc);
  Result<> place_by_contents(WarcRecord& record, std::uint64_t declared, bool arc);
  Result<bool> fits(std::uint64_t at, bool arc);
  Result<std::optional<std::uint64_t>> find_in_unit(std::uint64_t from);
  Result<std::uint64_t> without_trailer(std::uint64_t from, std::uint64_t end, bool arc);
  Result<> attach_block(WarcRecord& record, bool arc);
  Result<std::string_view> block_view();
  Result<> finish_current();
  Result<> finish_trailer();
  void note_skipped(std::uint64_t from);
  void note_between(std::uint64_t offset, std::string reason);

  ReadLimits limits_;
  StoredWindow window_;
  Unit unit_;
  std::unique_ptr<StreamDecoder> gzip_;
  std::unique_ptr<StreamDecoder> gzip_peek_;
  std::unique_ptr<StreamDecoder> zstd_;
  std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> deflate_;

  bool in_unit_ = false;
  std::uint64_t pos_ = 0;           ///< in the unit
  std::uint64_t unit_records_ = 0;  ///< begun in the unit
  std::uint64_t stored_ = 0;        ///< where the next unit is looked for
  bool bounded_ = false;            ///< only a part of the file is seen
  bool searching_ = false;          ///< ... behind damage: only what proves itself counts
  std::uint64_t told_to_ = 0;       ///< up to where skipped bytes have been reported
  bool arc_seen_ = false;
  bool zstd_file_ = false;  ///< the file begins as a .warc.zst does
  std::uint64_t delivered_ = 0;
  std::uint64_t
      redo_bytes_;  ///< how much may be decoded again after damage, so that cost stays linear

  /// The record that next() gave.
  struct Current {
    bool open = false;
    bool arc = false;
    bool chained =
        false;         ///< the block goes on in further units, or in a stream: read on, do not jump
    bool cut = false;  ///< its end is no proper end, and was reported
    bool trailer_told = false;
    bool to_unit_end = false;
    std::uint64_t offset = 0;
    std::uint64_t end = 0;       ///< of the block, in the unit, unless chained
    std::uint64_t left = 0;      ///< block bytes not passed yet
    std::uint64_t readable = 0;  ///< ... that are given out (ReadLimits::record_bytes)
  };
  Current current_;
  WarcReader::Finished finished_;
  std::vector<Damage> between_;
};

}  // namespace wm::warc
