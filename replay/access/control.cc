#include "replay/access/control.h"

#include "core/base/log.h"

namespace wm::access {
namespace {

constexpr std::size_t kFileBytes = 256 << 20;

Rules parse_logged(const std::filesystem::path& path, std::string_view content) {
  std::vector<Rules::Complaint> complaints;
  Rules rules = Rules::parse(content, complaints);
  for (const auto& complaint : complaints)
    log::error("{}:{}: {}; this line is passed over", path.string(), complaint.line,
               complaint.what);
  log::info("{}: {} access rules", path.string(), rules.size());
  return rules;
}

}  // namespace

Result<std::shared_ptr<const Control>> Control::open(const std::filesystem::path& path,
                                                     std::chrono::milliseconds pause) {
  auto control = std::make_shared<Control>();
  control->file_ = std::make_unique<WatchedFile<Rules>>(
      path, kFileBytes, [path](std::string_view content) { return parse_logged(path, content); },
      pause);
  WM_TRY(control->file_->reload());
  return control;
}

Judge Control::judge() const {
  if (!file_) return {};
  return {file_->get(), std::chrono::floor<std::chrono::seconds>(now_micros())};
}

}  // namespace wm::access
