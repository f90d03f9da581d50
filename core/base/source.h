#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace wm {

/// A stream of bytes that is pulled. Every body in the product is one: a record's block, a decoded payload, a rewritten page.
/// One thread at a time. A failed stream stays failed.
class Source {
 public:
  virtual ~Source() = default;
  /// Reads 1 to into.size() bytes; 0 is the end (into must not be empty). May give fewer bytes than asked.
  virtual Result<std::size_t> read(std::span<char> into) = 0;
};

/// A Source over bytes it owns.
class StringSource final : public Source {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::size_t> read(std::span<char> into) override;

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

/// A Source over bytes that outlive it.
class ViewSource final : public Source {
 public:
  explicit ViewSource(std::string_view bytes) : bytes_(bytes) {}
  Result<std::size_t> read(std::span<char> into) override;

 private:
  std::string_view bytes_;
};

/// Gives at most `limit_bytes` of another Source, then ends.
class LimitedSource final : public Source {
 public:
  LimitedSource(std::unique_ptr<Source> inner, std::uint64_t limit_bytes)
      : inner_(std::move(inner)), left_(limit_bytes) {}
  Result<std::size_t> read(std::span<char> into) override;

 private:
  std::unique_ptr<Source> inner_;
  std::uint64_t left_;
};

/// All bytes up to the end; kTooLarge when there are more than `limit_bytes`.
Result<std::string> read_all(Source& source, std::size_t limit_bytes);

/// As read_all, but cuts at the limit instead of failing.
Result<std::string> read_up_to(Source& source, std::size_t limit_bytes);

/// Reads and forgets up to `count` bytes; gives how many there were.
Result<std::uint64_t> skip(Source& source, std::uint64_t count);

}  // namespace wm
