#include "server/archive/sorted_items.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

namespace wm::archive {

namespace {

constexpr std::size_t kItemBytes = 256 << 20;
constexpr std::size_t kItemCost = 48;  // what a string costs besides its bytes
constexpr std::size_t kReadBytes = 64 << 10;

std::unexpected<Error> io_error(const char* doing) {
  return fail(Error::Code::kIo, std::string("cannot ") + doing + " a temporary file: " + std::system_category().message(errno));
}

/// A file without a name: gone when it is closed, whatever happens.
class Scratch {
 public:
  ~Scratch() {
    if (fd_ >= 0) ::close(fd_);
  }
  Result<> open() {
    std::error_code error;
    std::string path = (std::filesystem::temp_directory_path(error) / "waymark-XXXXXX").string();
    if (error) return fail(Error::Code::kIo, "there is no folder for temporary files: " + error.message());
    fd_ = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd_ < 0) return io_error("make");
    ::unlink(path.c_str());
    return {};
  }
  bool is_open() const { return fd_ >= 0; }
  std::uint64_t size() const { return size_; }

  Result<> append(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return io_error("write to");
      bytes.remove_prefix(static_cast<std::size_t>(put));
      size_ += static_cast<std::uint64_t>(put);
    }
    return {};
  }
  Result<std::size_t> read_at(std::uint64_t offset, char* into, std::size_t count) const {
    for (;;) {
      const ssize_t got = ::pread(fd_, into, count, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return io_error("read");
      return static_cast<std::size_t>(got);
    }
  }

 private:
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

/// One sorted stretch of the file, read in order: each item behind its length in four bytes.
class Run {
 public:
  Run(const Scratch& file, std::uint64_t begin, std::uint64_t end) : file_(&file), at_(begin), end_(end) {}

  /// Sets item(); false at the end.
  Result<bool> advance() {
    if (at_ == end_ && buffer_.size() == given_) return false;
    std::array<char, 4> head{};
    WM_TRY(take(head.data(), head.size()));
    std::uint32_t length = 0;
    std::memcpy(&length, head.data(), sizeof length);
    item_.resize(length);
    WM_TRY(take(item_.data(), length));
    return true;
  }
  std::string& item() { return item_; }

 private:
  Result<> take(char* into, std::size_t count) {
    while (count > 0) {
      if (given_ == buffer_.size()) WM_TRY(fill());
      const std::size_t part = std::min(count, buffer_.size() - given_);
      std::memcpy(into, buffer_.data() + given_, part);
      into += part;
      given_ += part;
      count -= part;
    }
    return {};
  }
  Result<> fill() {
    given_ = 0;
    buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kReadBytes, end_ - at_)));
    const std::size_t got = buffer_.empty() ? 0 : WM_TRY(file_->read_at(at_, buffer_.data(), buffer_.size()));
    if (got == 0) return fail(Error::Code::kIo, "a temporary file is shorter than what was written to it");
    buffer_.resize(got);
    at_ += got;
    return {};
  }

  const Scratch* file_;
  std::uint64_t at_;
  std::uint64_t end_;
  std::string buffer_;
  std::size_t given_ = 0;
  std::string item_;
};

}  // namespace

struct SortedItems::State {
  explicit State(std::size_t bytes) : limit(bytes) {}
  const std::size_t limit;
  std::vector<std::string> items;
  std::size_t cost = 0;
  std::size_t given = 0;  // of items, once they come out
  bool reading = false;
  Scratch file;
  std::vector<std::uint64_t> ends;  // of the runs in the file
  std::vector<Run> runs;            // a heap: the one with the least item in front
  std::optional<std::string> last;

  static bool after(Run& a, Run& b) { return a.item() > b.item(); }

  Result<> spill() {
    std::sort(items.begin(), items.end());
    if (!file.is_open()) WM_TRY(file.open());
    std::string out;
    for (const std::string& item : items) {
      const auto length = static_cast<std::uint32_t>(item.size());
      out.append(reinterpret_cast<const char*>(&length), sizeof length).append(item);
      if (out.size() < kReadBytes) continue;
      WM_TRY(file.append(out));
      out.clear();
    }
    WM_TRY(file.append(out));
    ends.push_back(file.size());
    items.clear();
    cost = 0;
    return {};
  }

  Result<> begin_reading() {
    reading = true;
    if (ends.empty()) {
      std::sort(items.begin(), items.end());
      return {};
    }
    WM_TRY(spill());
    std::uint64_t begin = 0;
    for (const std::uint64_t end : ends) {
      Run run(file, begin, end);
      begin = end;
      if (WM_TRY(run.advance())) runs.push_back(std::move(run));
    }
    std::make_heap(runs.begin(), runs.end(), after);
    return {};
  }

  Result<std::optional<std::string>> least() {
    if (ends.empty()) return given < items.size() ? std::optional(std::move(items[given++])) : std::nullopt;
    if (runs.empty()) return std::nullopt;
    std::pop_heap(runs.begin(), runs.end(), after);
    std::string item = std::move(runs.back().item());
    if (WM_TRY(runs.back().advance())) {
      std::push_heap(runs.begin(), runs.end(), after);
    } else {
      runs.pop_back();
    }
    return item;
  }
};

SortedItems::SortedItems(std::size_t memory_bytes) : state_(std::make_unique<State>(memory_bytes)) {}
SortedItems::~SortedItems() = default;
SortedItems::SortedItems(SortedItems&&) noexcept = default;
SortedItems& SortedItems::operator=(SortedItems&&) noexcept = default;

Result<> SortedItems::add(std::string_view item) {
  WM_CHECK(!state_->reading);
  if (item.size() > kItemBytes) return fail(Error::Code::kTooLarge, "an item of " + std::to_string(item.size()) + " bytes to sort");
  state_->items.emplace_back(item);
  state_->cost += item.size() + kItemCost;
  return state_->cost < state_->limit ? Result<>() : state_->spill();
}

Result<std::optional<std::string>> SortedItems::next() {
  State& s = *state_;
  if (!s.reading) WM_TRY(s.begin_reading());
  for (;;) {
    auto item = WM_TRY(s.least());
    if (!item || item != s.last) {
      s.last = item;
      return item;
    }
  }
}

}  // namespace wm::archive
