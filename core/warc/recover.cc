#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/warc/reader.h"
#include "core/warc/writer.h"

namespace wm::warc {

namespace {

struct Whole {
  std::uint64_t records = 0;
  std::uint64_t end = 0;
};

/// The longest start of the file that is whole: one record a member, one right after the other,
/// nothing odd about any.
Result<Whole> whole_part(const std::filesystem::path& path) {
  Whole whole;
  auto reader = WM_TRY(WarcReader::open(path));
  for (;;) {
    const auto record = WM_TRY(reader.next());
    if (!record || record->offset != whole.end || !record->own_member) return whole;
    const auto finished = WM_TRY(reader.finish_record());
    if (!record->damage.empty() || !finished.damage.empty() || !reader.take_damage().empty() ||
        finished.length == 0)
      return whole;
    whole.end += finished.length;
    ++whole.records;
  }
}

std::unexpected<Error> os_error(const std::filesystem::path& path, std::string_view doing) {
  return fail(Error::Code::kIo, "cannot " + std::string(doing) + " " + path.string() + ": " +
                                    std::system_category().message(errno));
}

}  // namespace

Result<std::uint64_t> recover_open_file(const std::filesystem::path& open_path) {
  const Whole whole = WM_TRY(whole_part(open_path));
  const int fd = ::open(open_path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return os_error(open_path, "open");
  const bool cut = ::ftruncate(fd, static_cast<off_t>(whole.end)) == 0 && ::fsync(fd) == 0;
  const auto failure = cut ? Result<>{} : Result<>(os_error(open_path, "cut"));
  ::close(fd);
  WM_TRY(failure);
  return whole.records;
}

}  // namespace wm::warc
