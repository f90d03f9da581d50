#include <algorithm>

#include "replay/resolve/resolver.h"

namespace wm::resolve {

Result<std::size_t> PeekedSource::read(std::span<char> into) {
  if (given_ == peeked_.size()) return rest_->read(into);
  const std::size_t count = std::min(into.size(), peeked_.size() - given_);
  std::copy_n(peeked_.data() + given_, count, into.data());
  given_ += count;
  if (given_ == peeked_.size()) {
    peeked_ = std::string();
    given_ = 0;
  }
  return count;
}

Result<> peek(Source& source, std::string& peeked, std::size_t count) {
  while (peeked.size() < count) {
    const std::size_t had = peeked.size();
    peeked.resize(count);
    const auto got = source.read(std::span(peeked).subspan(had));
    peeked.resize(had + got.value_or(0));
    if (!got) return std::unexpected(got.error());
    if (*got == 0) break;
  }
  return {};
}

}  // namespace wm::resolve
