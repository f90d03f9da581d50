#pragma once

#include <algorithm>
#include <string>

#include "core/base/source.h"

namespace wm {

/// A Source whose bytes are made a piece at a time. One thread.
class StepSource : public Source {
 public:
  Result<std::size_t> read(std::span<char> into) override {
    while (given_ == piece_.size()) {
      if (ended_) return std::size_t{0};
      given_ = 0;
      piece_.clear();
      ended_ = !WM_TRY(step(piece_));
    }
    const std::size_t count = std::min(into.size(), piece_.size() - given_);
    std::copy_n(piece_.data() + given_, count, into.data());
    given_ += count;
    return count;
  }

 protected:
  /// Appends what comes next, if only nothing; false when that was the last.
  virtual Result<bool> step(std::string& out) = 0;

 private:
  std::string piece_;
  std::size_t given_ = 0;
  bool ended_ = false;
};

}  // namespace wm
