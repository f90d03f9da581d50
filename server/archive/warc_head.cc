#include "server/archive/warc_head.h"

#include "core/warc/writer.h"

namespace wm::archive {

namespace {

/// Keeps what the writer wrote: its warcinfo record.
class Kept final : public WritableFile {
 public:
  explicit Kept(std::string& into) : into_(into) {}
  Result<> append(std::string_view bytes) override {
    into_ += bytes;
    return {};
  }
  Result<> sync() override { return {}; }
  Result<> close() override { return {}; }

 private:
  std::string& into_;
};

}  // namespace

Result<std::string> warc_head(SysMicros date, std::string_view file_name) {
  std::string member;
  const auto writer = WM_TRY(warc::WarcWriter::over(std::make_unique<Kept>(member), file_name, date, {.info = {{"isPartOf", "an export of Waymark"}}}));
  WM_TRY(writer->finish());
  return member;
}

}  // namespace wm::archive
