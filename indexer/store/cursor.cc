#include "indexer/store/store_internal.h"

namespace wm::store {

Batch::Batch() : state_(std::make_unique<State>()) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

void Batch::State::add(Op op, Family family, std::string_view first, std::string_view second) {
  WM_CHECK(first.size() <= UINT32_MAX && second.size() <= UINT32_MAX);
  operations.push_back(static_cast<char>(op));
  operations.push_back(static_cast<char>(index_of(family)));
  for (const auto text : {first, second}) {
    const auto length = static_cast<std::uint32_t>(text.size());
    operations.append(reinterpret_cast<const char*>(&length), sizeof length);
    operations.append(text);
  }
  ++count;
}

void Batch::put(Family family, std::string_view key, std::string_view value) {
  state_->add(State::Op::kPut, family, key, value);
}
void Batch::erase(Family family, std::string_view key) {
  state_->add(State::Op::kErase, family, key, {});
}
void Batch::erase_range(Family family, std::string_view first, std::string_view last) {
  state_->add(State::Op::kEraseRange, family, first, last);
}
std::size_t Batch::size() const {
  return state_->count;
}
std::size_t Batch::bytes() const {
  return state_->operations.size();
}

Cursor::Cursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Cursor::~Cursor() = default;
Cursor::Cursor(Cursor&&) noexcept = default;
Cursor& Cursor::operator=(Cursor&&) noexcept = default;

void Cursor::seek(std::string_view key) {
  state_->iterator->Seek(slice(key));
}
void Cursor::seek_for_prev(std::string_view key) {
  state_->iterator->SeekForPrev(slice(key));
}
void Cursor::seek_to_first() {
  state_->iterator->SeekToFirst();
}
void Cursor::seek_to_last() {
  state_->iterator->SeekToLast();
}
bool Cursor::valid() const {
  return state_->iterator->Valid();
}
void Cursor::next() {
  state_->iterator->Next();
}
void Cursor::prev() {
  state_->iterator->Prev();
}
std::string_view Cursor::key() const {
  return view(state_->iterator->key());
}
std::string_view Cursor::value() const {
  return view(state_->iterator->value());
}

Result<> Cursor::status() const {
  const auto status = state_->iterator->status();
  if (!status.ok()) return std::unexpected(error_of(status, "reading the store"));
  return {};
}

Cursor Store::cursor(Family family) const {
  rocksdb::ReadOptions options;
  options.total_order_seek =
      true;  // in byte order over the whole family, whatever its prefix filter
  auto state = std::make_unique<Cursor::State>();
  state->iterator.reset(state_->db->NewIterator(options, state_->handle(family)));
  return Cursor(std::move(state));
}

Cursor Store::cdx_prefix_cursor() const {
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  auto state = std::make_unique<Cursor::State>();
  state->iterator.reset(state_->db->NewIterator(options, state_->handle(Family::kCdx)));
  return Cursor(std::move(state));
}

}  // namespace wm::store
