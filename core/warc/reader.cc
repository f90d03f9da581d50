#include "core/warc/reader.h"

#include "core/warc/record_scanner.h"

namespace wm::warc {

struct WarcReader::State {
  std::unique_ptr<RecordScanner> scanner;
};

WarcReader::WarcReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
WarcReader::~WarcReader() = default;
WarcReader::WarcReader(WarcReader&&) noexcept = default;
WarcReader& WarcReader::operator=(WarcReader&&) noexcept = default;

Result<WarcReader> WarcReader::open(const std::filesystem::path& path, ReadLimits limits) {
  return over(WM_TRY(ReadFile::open(path)), limits);
}

Result<WarcReader> WarcReader::over(std::shared_ptr<const ReadFile> file, ReadLimits limits) {
  auto state = std::make_unique<State>();
  state->scanner = WM_TRY(RecordScanner::open(std::move(file), limits));
  return WarcReader(std::move(state));
}

Result<WarcReader> WarcReader::at(std::shared_ptr<const ReadFile> file, std::uint64_t offset,
                                  ReadLimits limits) {
  auto state = std::make_unique<State>();
  state->scanner = WM_TRY(RecordScanner::open(std::move(file), limits, offset));
  return WarcReader(std::move(state));
}

Result<std::optional<WarcRecord>> WarcReader::next() {
  return state_->scanner->next();
}
Result<WarcReader::Finished> WarcReader::finish_record() {
  return state_->scanner->finish_record();
}
std::vector<Damage> WarcReader::take_damage() {
  return state_->scanner->take_damage();
}
std::uint64_t WarcReader::position() const {
  return state_->scanner->position();
}

}  // namespace wm::warc
