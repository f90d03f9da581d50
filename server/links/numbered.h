#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "indexer/store/coding.h"
#include "indexer/store/store.h"

namespace wm::links {

/// Values under a letter and a number in the links family: rules, saved searches. Few: they are read all at once.
class Numbered {
 public:
  Numbered(store::Store& store, char kind, std::string counter, std::size_t most) : store_(store), kind_(kind), counter_(std::move(counter)), most_(most) {}

  /// By number. Those that `decode` cannot read are told and left out.
  template <class T, class Decode>
  Result<std::vector<T>> all(Decode decode) const {
    std::vector<T> found;
    auto cursor = store_.cursor(store::Family::kLinks);
    for (cursor.seek(std::string(1, kind_)); cursor.valid() && cursor.key().front() == kind_; cursor.next()) {
      found.push_back(WM_TRY(decode(cursor.value())));
    }
    WM_TRY(cursor.status());
    return found;
  }
  Result<std::optional<std::string>> get(std::uint64_t id) const { return store_.get(store::Family::kLinks, store::number_key(kind_, id)); }
  /// A number for a new one; kInvalid when there are too many.
  Result<std::uint64_t> next(std::size_t there) {
    if (there >= most_) return fail(Error::Code::kInvalid, "there are " + std::to_string(there) + " of them already, which is the most");
    return store_.next_id(counter_);
  }
  Result<> put(std::uint64_t id, std::string_view value) {
    store::Batch batch;
    batch.put(store::Family::kLinks, store::number_key(kind_, id), value);
    return store_.write(std::move(batch));
  }
  Result<> erase(std::uint64_t id) {
    store::Batch batch;
    batch.erase(store::Family::kLinks, store::number_key(kind_, id));
    return store_.write(std::move(batch));
  }

 private:
  store::Store& store_;
  const char kind_;
  const std::string counter_;
  const std::size_t most_;
};

}  // namespace wm::links
