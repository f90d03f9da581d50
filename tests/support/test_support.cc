#include "tests/support/test_support.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace wm::test {

namespace fs = std::filesystem;

fs::path data_path(std::string_view relative) {
  const char* root = std::getenv("WM_SOURCE_DIR");
  return fs::path(root ? root : ".") / "tests/data" / relative;
}

std::optional<fs::path> shared_path(std::string_view relative) {
  const char* root = std::getenv("WM_SHARED_DIR");
  fs::path path = fs::path(root ? root : "../shared") / relative;
  std::error_code error;
  if (fs::exists(path, error)) return path;
  BOOST_TEST_MESSAGE("skipped: ../shared/" << relative << " is not here");
  return std::nullopt;
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in.good(), "cannot read " << path.string());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

ExactCopy::ExactCopy(std::string_view bytes) : bytes_(new char[bytes.size()]), size_(bytes.size()) {
  if (!bytes.empty()) std::memcpy(bytes_.get(), bytes.data(), bytes.size());
}

PiecewiseSource::PiecewiseSource(std::string bytes, std::size_t piece, std::optional<std::size_t> fail_after)
    : bytes_(std::move(bytes)), piece_(piece), fail_after_(fail_after) {}

Result<std::size_t> PiecewiseSource::read(std::span<char> into) {
  if (fail_after_ && at_ >= *fail_after_) return fail(Error::Code::kIo, "PiecewiseSource fails as told");
  std::size_t count = std::min({piece_, into.size(), bytes_.size() - at_});
  if (fail_after_) count = std::min(count, *fail_after_ - at_);
  if (count > 0) std::memcpy(into.data(), bytes_.data() + at_, count);
  at_ += count;
  return count;
}

TempDir temp_dir() {
  auto dir = TempDir::create("waymark-test-");
  BOOST_REQUIRE_MESSAGE(dir.has_value(), "no temporary folder");
  return std::move(*dir);
}

}  // namespace wm::test
