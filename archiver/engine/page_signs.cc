#include "archiver/engine/page_signs.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"

namespace wm::engine {
namespace {

constexpr std::size_t kRoots = 64;
constexpr std::size_t kNoscriptBytes = 4096;
constexpr std::size_t kTitleBytes = 200;
constexpr std::size_t kRootName = 64;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view one) { return iequals(name, one); });
}

void add_lower(std::string& to, std::string_view text, std::size_t most) {
  for (const char c : text.substr(0, most - std::min(most, to.size()))) to += to_lower(c);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return !is_space(c) && (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

class Counter final : public html::TokenSink {
 public:
  void on_token(const html::Token& token) override {
    switch (token.kind) {
      case html::TokenKind::kStartTag:
        return open(token);
      case html::TokenKind::kEndTag:
        return close(token.name);
      case html::TokenKind::kText:
      case html::TokenKind::kCdata:
        return text(token.raw);
      case html::TokenKind::kRcdata:
        if (token.name == "title") add_lower(signs_.title, token.raw, kTitleBytes);
        return;
      default:
        return;
    }
  }
  PageSigns take() { return std::move(signs_); }

 private:
  struct Open {
    std::size_t root;  ///< which of signs_.roots
    std::string tag;
    std::size_t depth = 1;
  };

  void open(const html::Token& tag) {
    count(tag);
    if (iequals(tag.name, "noscript")) ++noscript_;
    if (iequals(tag.name, "template")) ++template_;
    if (noscript_ > 0 || template_ > 0 || tag.foreign) return;
    for (Open& one : open_) {
      if (iequals(one.tag, tag.name)) ++one.depth;
    }
    if (!tag.self_closing) note_root(tag);
  }

  void note_root(const html::Token& tag) {
    const html::Attribute* id = tag.find("id");
    const bool custom = tag.name.find('-') != tag.name.npos;
    if (signs_.roots.size() >= kRoots || (id == nullptr && !custom)) return;
    const std::string_view name = id != nullptr && !id->value.empty() ? id->value : tag.name;
    if (name.size() > kRootName) return;
    signs_.roots.push_back({.name = to_lower(name), .text = 0});
    open_.push_back({.root = signs_.roots.size() - 1, .tag = to_lower(tag.name)});
  }

  void close(std::string_view name) {
    if (iequals(name, "noscript") && noscript_ > 0) --noscript_;
    if (iequals(name, "template") && template_ > 0) --template_;
    if (noscript_ > 0 || template_ > 0) return;
    std::erase_if(open_, [name](Open& one) { return iequals(one.tag, name) && --one.depth == 0; });
  }

  void text(std::string_view raw) {
    if (template_ > 0) return;
    if (noscript_ > 0) return add_lower(signs_.noscript, raw, kNoscriptBytes);
    const std::size_t count = characters(raw);
    signs_.text += count;
    for (const Open& one : open_) signs_.roots[one.root].text += count;
  }

  void count(const html::Token& tag) {
    if (noscript_ > 0 || template_ > 0) return;
    if (iequals(tag.name, "script")) return count_script(tag);
    if (iequals(tag.name, "a") && tag.find("href") != nullptr) ++signs_.links;
    if (is_one_of(tag.name, {"img", "picture", "video", "svg"})) ++signs_.images;
    if (is_one_of(tag.name, {"iframe", "frame", "object", "embed"})) ++signs_.frames;
    if (is_one_of(tag.name, {"input", "select", "textarea", "button"})) ++signs_.forms;
  }

  void count_script(const html::Token& tag) {
    const html::Attribute* type = tag.find("type");
    const std::string_view value = type != nullptr ? trim(type->value) : std::string_view();
    if (iequals(value, "module"))
      ++signs_.modules;
    else if (value.empty() || ifind(value, "javascript") != value.npos ||
             ifind(value, "ecmascript") != value.npos)
      ++signs_.scripts;
  }

  PageSigns signs_;
  std::vector<Open> open_;
  std::size_t noscript_ = 0;
  std::size_t template_ = 0;
};

}  // namespace

PageSigns signs_of(std::string_view html) {
  Counter counter;
  html::tokenize(html, counter);
  return counter.take();
}

}  // namespace wm::engine
