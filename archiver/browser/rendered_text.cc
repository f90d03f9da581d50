#include "archiver/browser/rendered_text.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace wm::browser {
namespace {

using nlohmann::json;

const json& array_in(const json& object, const char* name) {
  static const json kNothing = json::array();
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found != object.end() && found->is_array() ? *found : kNothing;
}

/// The numbers of an array; -1 for what is none.
std::vector<std::int64_t> numbers(const json& array) {
  std::vector<std::int64_t> result;
  result.reserve(array.size());
  for (const json& one : array)
    result.push_back(one.is_number_integer() ? one.get<std::int64_t>() : -1);
  return result;
}

class Writer {
 public:
  explicit Writer(std::size_t limit) : limit_(limit) {}
  bool full() const { return text_.size() >= limit_; }
  void end_line() {
    blank_ = false;
    if (!text_.empty() && text_.back() != '\n' && !full()) text_.push_back('\n');
  }
  void add(std::string_view piece) {
    for (const char c : piece) {
      if (full()) return;
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
        blank_ = true;
        continue;
      }
      if (blank_ && !text_.empty() && text_.back() != '\n') text_.push_back(' ');
      blank_ = false;
      text_.push_back(c);
    }
  }
  std::string take() {
    drop_half_character();
    return std::move(text_);
  }

 private:
  /// The limit may have fallen within a character.
  void drop_half_character() {
    std::size_t start = text_.size();
    while (start > 0 && (byte_at(start - 1) & 0xC0) == 0x80) --start;
    if (start == 0) return;
    const unsigned lead = byte_at(--start);
    const std::size_t length = lead < 0x80 ? 1u : lead < 0xE0 ? 2u : lead < 0xF0 ? 3u : 4u;
    if (start + length > text_.size()) text_.resize(start);
  }
  unsigned byte_at(std::size_t at) const { return static_cast<unsigned char>(text_[at]); }

  const std::size_t limit_;
  std::string text_;
  bool blank_ = false;
};

class DocumentText {
 public:
  DocumentText(const json& document, const json& strings)
      : strings_(strings),
        parents_(numbers(array_in(document["nodes"], "parentIndex"))),
        names_(numbers(array_in(document["nodes"], "nodeName"))),
        layout_(document["layout"]) {}

  void write(Writer& writer) {
    find_blocks();
    const auto nodes = numbers(array_in(layout_, "nodeIndex"));
    const auto texts = numbers(array_in(layout_, "text"));
    std::int64_t last = -1;
    for (std::size_t i = 0; i < nodes.size() && !writer.full(); ++i) {
      const std::int64_t node = nodes[i];
      if (node < 0 || static_cast<std::size_t>(node) >= block_.size()) continue;
      if (string_at(names_, node) == "BR") writer.end_line();
      const std::string_view text = i < texts.size() ? string(texts[i]) : std::string_view();
      if (text.empty()) continue;
      const std::int64_t block = block_[static_cast<std::size_t>(node)];
      if (block != last) writer.end_line();
      last = block;
      writer.add(text);
    }
    writer.end_line();
  }

 private:
  std::string_view string(std::int64_t index) const {
    if (index < 0 || static_cast<std::size_t>(index) >= strings_.size()) return {};
    const json& text = strings_[static_cast<std::size_t>(index)];
    return text.is_string() ? std::string_view(text.get_ref<const std::string&>())
                            : std::string_view();
  }
  std::string_view string_at(const std::vector<std::int64_t>& indexes, std::int64_t at) const {
    return static_cast<std::size_t>(at) < indexes.size()
               ? string(indexes[static_cast<std::size_t>(at)])
               : std::string_view();
  }

  /// For each node the nearest one around it that begins a line. A parent comes before its
  /// children.
  void find_blocks() {
    std::vector<bool> begins(parents_.size(), false);
    const auto nodes = numbers(array_in(layout_, "nodeIndex"));
    const json& styles = array_in(layout_, "styles");
    for (std::size_t i = 0; i < nodes.size() && i < styles.size(); ++i) {
      if (nodes[i] < 0 || static_cast<std::size_t>(nodes[i]) >= begins.size()) continue;
      const auto style = numbers(styles[i].is_array() ? styles[i] : json::array());
      const std::string_view display = style.empty() ? std::string_view() : string(style[0]);
      begins[static_cast<std::size_t>(nodes[i])] =
          !display.empty() && !display.starts_with("inline") && display != "contents";
    }
    block_.assign(parents_.size(), -1);
    for (std::size_t i = 0; i < parents_.size(); ++i) {
      const std::int64_t parent = parents_[i];
      if (begins[i]) {
        block_[i] = static_cast<std::int64_t>(i);
      } else if (parent >= 0 && static_cast<std::size_t>(parent) < i) {
        block_[i] = block_[static_cast<std::size_t>(parent)];
      }
    }
  }

  const json& strings_;
  const std::vector<std::int64_t> parents_, names_;
  const json& layout_;
  std::vector<std::int64_t> block_;
};

}  // namespace

std::string rendered_text(const json& snapshot, std::size_t limit_bytes) {
  Writer writer(limit_bytes);
  const json& strings = array_in(snapshot, "strings");
  for (const json& document : array_in(snapshot, "documents")) {
    if (!document.is_object() || !document.contains("nodes") || !document.contains("layout"))
      continue;
    DocumentText(document, strings).write(writer);
  }
  return writer.take();
}

}  // namespace wm::browser
