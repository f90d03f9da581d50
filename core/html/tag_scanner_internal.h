#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/html/name_internal.h"
#include "core/html/tokenizer.h"

namespace wm::html {

/// The least limit on a token's bytes: a tag's name is known before that many have been seen, or is
/// too long to be one.
inline constexpr std::size_t kLeastTokenBytes = 64;

/// The states of a tag, 13.2.5.8 and 13.2.5.32 to 40, on a tag whose bytes may still be arriving.
/// Everything is held as offsets from the tag's '<', so that the bytes may move between two calls;
/// no byte is looked at twice.
class TagScanner {
 public:
  enum class Kind : std::uint8_t { kStart, kEnd };

  void begin(Kind kind, std::size_t max_attributes);
  /// Goes on in `tag`, which starts at '<' and goes as far as is known. True once the closing '>'
  /// has been passed.
  bool scan(std::string_view tag);
  /// The first `bytes` bytes of the tag are gone; its attributes are given up.
  void forget(std::size_t bytes);

  Kind kind() const { return kind_; }
  /// Offset after '>', once scan() has given true.
  std::size_t end() const { return at_; }
  const Name& name() const { return name_; }
  std::string_view written_name(std::string_view tag) const {
    return tag.substr(name_begin_, name_end_ - name_begin_);
  }
  bool self_closing() const { return self_closing_; }
  /// The attributes as views of `tag`, without duplicates (13.2.5.33). Valid until the next tag.
  const std::vector<Attribute>& attributes(std::string_view tag);

 private:
  enum class State : std::uint8_t {
    kName,
    kBeforeAttribute,
    kAttributeName,
    kAfterAttributeName,
    kBeforeValue,
    kDoubleQuoted,
    kSingleQuoted,
    kUnquoted,
    kAfterQuoted,
    kSelfClosing,
  };
  struct Span {
    std::size_t name_begin, name_end, value_begin, value_end;
    char quote;
    bool has_value;
  };
  void open_attribute(std::size_t at);
  void close_value(std::size_t at) {
    if (recording_) spans_.back().value_end = at;
  }
  void open_value(std::size_t at, char quote);
  void drop_duplicates();

  Kind kind_ = Kind::kStart;
  State state_ = State::kName;
  bool self_closing_ = false;
  bool recording_ = false;  ///< the attribute being read is spans_.back()
  bool whole_ = true;       ///< nothing has been forgotten
  std::size_t at_ = 0;
  std::size_t name_begin_ = 0;
  std::size_t name_end_ = 0;
  std::size_t max_attributes_ = 0;
  Name name_;
  std::vector<Span> spans_;
  std::vector<Attribute> attributes_;
  std::vector<std::uint32_t> order_;
};

}  // namespace wm::html
