#include "core/warc/writer.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "core/base/digest.h"
#include "core/warc/gzip_compressor.h"

namespace wm::warc {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTrailer = "\r\n\r\n";
constexpr std::string_view kConformsTo =
    "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/";

fs::path open_path_of(const fs::path& path) {
  fs::path open = path;
  open += ".open";
  return open;
}

/// A field line; what could end the line early is a blank, whoever put it there.
void add_line(std::string& head, std::string_view name, std::string_view value) {
  const std::size_t from = head.size();
  head.append(name).append(": ").append(value);
  for (std::size_t i = from; i < head.size(); ++i) {
    const auto c = static_cast<unsigned char>(head[i]);
    if (c < 0x20 || c == 0x7f) head[i] = ' ';
  }
  head += "\r\n";
}

std::string head_of(const NewRecord& record, std::uint64_t length, std::string_view block_digest,
                    std::string_view warcinfo_id) {
  std::string head = "WARC/1.1\r\n";
  for (const http::Header& field : record.fields) add_line(head, field.name, field.value);
  if (record.type != RecordType::kWarcinfo && !record.fields.has("WARC-Warcinfo-ID")) {
    add_line(head, "WARC-Warcinfo-ID", warcinfo_id);
  }
  add_line(head, "WARC-Block-Digest", block_digest);
  add_line(head, "Content-Length", std::to_string(length));
  head += "\r\n";
  return head;
}

class FileWriter final : public WarcWriter {
 public:
  /// `path` is empty for a file that somebody else names.
  FileWriter(std::unique_ptr<WritableFile> file, fs::path path, WriteOptions options)
      : file_(std::move(file)),
        path_(std::move(path)),
        options_(std::move(options)),
        gzip_(options_.compression_level) {}
  ~FileWriter() override { abandon(); }
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void go_on(std::uint64_t size, std::string warcinfo_id) {
    at_ = size;
    warcinfo_id_ = std::move(warcinfo_id);
  }

  Result<> write_warcinfo(SysMicros date, std::string_view final_name) {
    const NewRecord record = warcinfo(date, final_name);
    warcinfo_id_ = record.id;
    std::vector<std::pair<std::string, std::string>> lines = {
        {"software", "Waymark/" WM_VERSION},
        {"format", "WARC File Format 1.1"},
        {"conformsTo", std::string(kConformsTo)}};
    lines.insert(lines.end(), options_.info.begin(), options_.info.end());
    WM_TRY(write(record, {warc_fields(lines)}));
    return {};
  }

  Result<RecordPosition> write(const NewRecord& record,
                               std::initializer_list<std::string_view> parts) override {
    return guarded([&]() -> Result<RecordPosition> {
      std::uint64_t length = 0;
      Digester digester(Digester::Algorithm::kSha1);
      for (const std::string_view part : parts) {
        length += part.size();
        digester.update(part);
      }
      const std::string head = head_of(record, length, sha1_label(digester.finish()), warcinfo_id_);
      if (length <= options_.whole_record_bytes) {
        whole_.assign(head);
        for (const std::string_view part : parts) whole_.append(part);
        whole_.append(kTrailer);
        return append(WM_TRY(gzip_.compress(whole_)));
      }
      return stream([&]() -> Result<> {
        WM_TRY(gzip_.add(head));
        for (const std::string_view part : parts) WM_TRY(gzip_.add(part));
        return gzip_.add(kTrailer);
      });
    });
  }

  Result<RecordPosition> write_stream(const NewRecord& record, std::string_view block_head,
                                      Source& body, std::uint64_t length,
                                      std::string_view block_digest) override {
    return guarded([&]() -> Result<RecordPosition> {
      Digester digester(Digester::Algorithm::kSha1);
      digester.update(block_head);
      const std::string head =
          head_of(record, block_head.size() + length, block_digest, warcinfo_id_);
      const auto check = [&]() -> Result<> {
        if (sha1_label(digester.finish()) == block_digest) return {};
        return fail(Error::Code::kInvalid,
                    "block digest of " + record.id + " is not what was announced");
      };
      if (block_head.size() + length <= options_.whole_record_bytes) {
        whole_.assign(head).append(block_head);
        WM_TRY(pump(body, length, digester, [&](std::string_view bytes) -> Result<> {
          whole_.append(bytes);
          return {};
        }));
        WM_TRY(check());
        whole_.append(kTrailer);
        return append(WM_TRY(gzip_.compress(whole_)));
      }
      return stream([&]() -> Result<> {
        WM_TRY(gzip_.add(head));
        WM_TRY(gzip_.add(block_head));
        WM_TRY(
            pump(body, length, digester, [&](std::string_view bytes) { return gzip_.add(bytes); }));
        WM_TRY(check());
        return gzip_.add(kTrailer);
      });
    });
  }

  std::uint64_t bytes_written() const override { return at_; }
  std::string_view warcinfo_id() const override { return warcinfo_id_; }

  Result<> finish() override {
    if (state_ != State::kOpen)
      return fail(Error::Code::kInvalid, "finish of a WARC that is not open: " + path_.string());
    auto done = seal();
    if (!done) abandon();
    return done;
  }

  void abandon() noexcept override {
    if (state_ == State::kFinished || state_ == State::kAbandoned) return;
    state_ = State::kAbandoned;
    if (file_) (void)file_->close();
    file_.reset();
    if (path_.empty()) return;
    std::error_code ignored;
    // Renamed, but the folder could not be synced: finish() said no, so the file goes under its
    // final name too.
    if (!fs::remove(open_path_of(path_), ignored) && renaming_) fs::remove(path_, ignored);
  }

 private:
  enum class State { kOpen, kFailed, kFinished, kAbandoned };

  /// After a failed write the file's end is unknown: nothing more goes in.
  template <class Write>
  Result<RecordPosition> guarded(Write write) {
    if (state_ != State::kOpen)
      return fail(Error::Code::kInvalid, "write to a WARC that is not open: " + path_.string());
    auto position = write();
    if (!position) state_ = State::kFailed;
    return position;
  }

  Result<RecordPosition> append(std::string_view member) {
    WM_TRY(file_->append(member));
    const RecordPosition position{.offset = at_, .length = member.size()};
    at_ += member.size();
    return position;
  }

  template <class Fill>
  Result<RecordPosition> stream(Fill fill) {
    const std::uint64_t offset = at_;
    const auto sink = [this](std::string_view bytes) -> Result<> {
      WM_TRY(append(bytes));
      return {};
    };
    WM_TRY(gzip_.begin(sink));
    WM_TRY(fill());
    WM_TRY(gzip_.end());
    return RecordPosition{.offset = offset, .length = at_ - offset};
  }

  template <class Sink>
  static Result<> pump(Source& body, std::uint64_t length, Digester& digester, Sink sink) {
    std::vector<char> buffer(64 * 1024);
    for (std::uint64_t left = length; left > 0;) {
      const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
      const std::size_t got = WM_TRY(body.read(std::span<char>(buffer).first(most)));
      if (got == 0) {
        return fail(Error::Code::kInvalid,
                    "the body ended " + std::to_string(left) + " bytes before its length");
      }
      digester.update({buffer.data(), got});
      WM_TRY(sink(std::string_view(buffer.data(), got)));
      left -= got;
    }
    return {};
  }

  Result<> seal() {
    WM_TRY(file_->sync());
    auto file = std::move(file_);
    WM_TRY(file->close());
    if (!path_.empty()) {
      std::error_code error;
      if (fs::exists(fs::symlink_status(path_, error))) {
        return fail(Error::Code::kConflict, path_.string() + " has come into being meanwhile");
      }
      renaming_ = true;
      WM_TRY(rename_durably(open_path_of(path_), path_));
    }
    state_ = State::kFinished;
    return {};
  }

  std::unique_ptr<WritableFile> file_;
  fs::path path_;
  WriteOptions options_;
  GzipCompressor gzip_;
  std::string warcinfo_id_;
  std::string whole_;
  std::uint64_t at_ = 0;
  State state_ = State::kOpen;
  bool renaming_ = false;
};

}  // namespace

Result<std::unique_ptr<WarcWriter>> WarcWriter::create(const fs::path& path, SysMicros date,
                                                       WriteOptions options) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error))) {
    return fail(Error::Code::kConflict, path.string() + " exists already");
  }
  auto file = WM_TRY(create_file(open_path_of(path)));
  auto writer = std::make_unique<FileWriter>(std::move(file), path, std::move(options));
  WM_TRY(writer->write_warcinfo(date, path.filename().string()));
  return writer;
}

Result<std::unique_ptr<WarcWriter>> WarcWriter::over(std::unique_ptr<WritableFile> file,
                                                     std::string_view final_name, SysMicros date,
                                                     WriteOptions options) {
  auto writer = std::make_unique<FileWriter>(std::move(file), fs::path(), std::move(options));
  WM_TRY(writer->write_warcinfo(date, final_name));
  return writer;
}

std::unique_ptr<WarcWriter> WarcWriter::resume(std::unique_ptr<WritableFile> file, std::uint64_t size,
                                               std::string warcinfo_id, WriteOptions options) {
  auto writer = std::make_unique<FileWriter>(std::move(file), fs::path(), std::move(options));
  writer->go_on(size, std::move(warcinfo_id));
  return writer;
}

}  // namespace wm::warc
