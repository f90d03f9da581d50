#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm::archive {

/// Byte strings that come out in byte order, each once: as many as there are, in bounded memory. What does not fit is put, sorted, into a
/// nameless temporary file and merged at the end. One thread; first add(), then next().
class SortedItems {
 public:
  static constexpr std::size_t kMemoryBytes = 16 << 20;
  explicit SortedItems(std::size_t memory_bytes = kMemoryBytes);
  ~SortedItems();
  SortedItems(SortedItems&&) noexcept;
  SortedItems& operator=(SortedItems&&) noexcept;

  /// kTooLarge for an item of more than 256 MiB; kIo.
  Result<> add(std::string_view item);
  /// The next item in order; nullopt at the end. After the first call nothing may be added.
  Result<std::optional<std::string>> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wm::archive
