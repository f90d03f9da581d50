#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/warc/record_builder.h"

namespace wm::warc {

struct WriteOptions {
  int compression_level = 6;
  std::size_t whole_record_bytes = 8 << 20;  ///< larger records are compressed as a stream (zlib)
  /// Further lines of the warcinfo block, as "isPartOf" or "operator".
  std::vector<std::pair<std::string, std::string>> info{};
};

struct RecordPosition {
  std::uint64_t offset;
  std::uint64_t length;
};

/// Writes one WARC/1.1 file, one gzip member a record. The file is `<path>.open` until finish() has
/// fsynced and renamed it: a file with its final name is whole. One thread. After an error nothing
/// more may be written; abandon() or the destructor removes the file.
class WarcWriter {
 public:
  /// kConflict if `path` or `<path>.open` exists. Parent folders are made. Writes the warcinfo
  /// record.
  static Result<std::unique_ptr<WarcWriter>> create(const std::filesystem::path& path,
                                                    SysMicros date, WriteOptions options = {});
  /// The same over a given file (tests); finish() then only syncs and closes.
  static Result<std::unique_ptr<WarcWriter>> over(std::unique_ptr<WritableFile> file,
                                                  std::string_view final_name, SysMicros date,
                                                  WriteOptions options = {});
  /// Goes on with a file of `size` bytes of whole members, the first of them the warcinfo record of
  /// this id: `file` appends to it. finish() only syncs and closes.
  static std::unique_ptr<WarcWriter> resume(std::unique_ptr<WritableFile> file, std::uint64_t size,
                                            std::string warcinfo_id, WriteOptions options = {});
  virtual ~WarcWriter() = default;

  /// One record whose block is the concatenation of `parts`.
  virtual Result<RecordPosition> write(const NewRecord& record,
                                       std::initializer_list<std::string_view> parts) = 0;
  /// The id of the warcinfo record of this file, which every other record names.
  virtual std::string_view warcinfo_id() const = 0;
  /// One record whose block is `head` and then `length` bytes of `body`; the block digest is given,
  /// since it precedes the block. kInvalid if the body's length or the digest turns out to be
  /// another.
  virtual Result<RecordPosition> write_stream(const NewRecord& record, std::string_view head,
                                              Source& body, std::uint64_t length,
                                              std::string_view block_digest) = 0;
  virtual std::uint64_t bytes_written() const = 0;
  /// Syncs, renames to the final name, syncs the folder. The file is then true and final.
  virtual Result<> finish() = 0;
  /// Removes the unfinished file.
  virtual void abandon() noexcept = 0;
};

/// What to do at start-up with a file a crash left behind: keeps the whole members of
/// `<name>.open`, cuts the torn tail, syncs and gives how many records are whole, the warcinfo
/// among them. The caller decides to rename it (rename_durably) or remove it.
Result<std::uint64_t> recover_open_file(const std::filesystem::path& open_path);

}  // namespace wm::warc
