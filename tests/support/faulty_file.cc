#include "tests/support/faulty_file.h"

#include <algorithm>

namespace wm::test {

Result<> FaultyFile::append(std::string_view bytes) {
  WM_CHECK(!disk_->closed);
  const std::size_t room = disk_->full_at
                               ? *disk_->full_at - std::min(*disk_->full_at, disk_->written.size())
                               : bytes.size();
  disk_->written.append(bytes.substr(0, room));
  if (room < bytes.size()) return fail(Error::Code::kIo, "the faulty disk is full");
  return {};
}

Result<> FaultyFile::sync() {
  WM_CHECK(!disk_->closed);
  if (disk_->sync_fails) return fail(Error::Code::kIo, "the faulty disk cannot sync");
  disk_->synced = disk_->written.size();
  return {};
}

Result<> FaultyFile::close() {
  disk_->closed = true;
  if (disk_->close_fails) return fail(Error::Code::kIo, "the faulty disk cannot close");
  return {};
}

}  // namespace wm::test
