#include "core/base/source.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace wm {

namespace {

std::size_t take(std::string_view bytes, std::size_t& at, std::span<char> into) {
  const std::size_t count = std::min(into.size(), bytes.size() - at);
  if (count > 0) std::memcpy(into.data(), bytes.data() + at, count);
  at += count;
  return count;
}

enum class AtLimit { kFail, kCut };

Result<std::string> read_whole(Source& source, std::size_t limit_bytes, AtLimit at_limit) {
  std::string all;
  std::array<char, 64 * 1024> buffer;
  for (;;) {
    const std::size_t got = WM_TRY(source.read(buffer));
    if (got == 0) return all;
    if (got > limit_bytes - all.size()) {
      if (at_limit == AtLimit::kFail) {
        return fail(Error::Code::kTooLarge, "more than " + std::to_string(limit_bytes) + " bytes");
      }
      all.append(buffer.data(), limit_bytes - all.size());
      return all;
    }
    all.append(buffer.data(), got);
  }
}

}  // namespace

Result<std::size_t> StringSource::read(std::span<char> into) { return take(bytes_, at_, into); }

Result<std::size_t> ViewSource::read(std::span<char> into) {
  std::size_t at = 0;
  const std::size_t got = take(bytes_, at, into);
  bytes_.remove_prefix(got);
  return got;
}

Result<std::size_t> LimitedSource::read(std::span<char> into) {
  const std::size_t most = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
  if (most == 0) return std::size_t{0};
  const std::size_t got = WM_TRY(inner_->read(into.first(most)));
  left_ -= got;
  return got;
}

Result<std::string> read_all(Source& source, std::size_t limit_bytes) {
  return read_whole(source, limit_bytes, AtLimit::kFail);
}

Result<std::string> read_up_to(Source& source, std::size_t limit_bytes) {
  return read_whole(source, limit_bytes, AtLimit::kCut);
}

Result<std::uint64_t> skip(Source& source, std::uint64_t count) {
  std::array<char, 64 * 1024> buffer;
  std::uint64_t done = 0;
  while (done < count) {
    const std::size_t most = static_cast<std::size_t>(std::min<std::uint64_t>(count - done, buffer.size()));
    const std::size_t got = WM_TRY(source.read(std::span<char>(buffer).first(most)));
    if (got == 0) break;
    done += got;
  }
  return done;
}

}  // namespace wm
