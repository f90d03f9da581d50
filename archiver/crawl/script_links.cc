// What a script loads, as far as its text shows it. No parser: a keyword, then what must follow it.
// A match in a comment or a string costs one request in vain; a miss costs a resource, so the text
// is read generously.
#include "archiver/crawl/link_collector_internal.h"
#include "core/base/ascii.h"

namespace wm::crawl {
namespace {

constexpr bool is_word(char c) noexcept {
  return is_alnum(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

class ScriptScanner {
 public:
  ScriptScanner(std::string_view text, const url::Url& base, ScriptKind kind, LinkCollector& into)
      : text_(text), base_(base), kind_(kind), into_(into) {}

  void run() {
    while (at_ < text_.size()) {
      if (!is_word(text_[at_])) {
        ++at_;
        continue;
      }
      const bool member = at_ > 0 && text_[at_ - 1] == '.';
      const std::string_view word = take_word();
      if (member) continue;
      if (word == "import")
        after_import();
      else if (word == "export" && kind_ == ScriptKind::kModule)
        after_export();
    }
  }

 private:
  std::string_view take_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  /// Blanks and comments. A comment without end is left where it starts.
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (text_.substr(at_).starts_with("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == text_.npos) {
          at_ = text_.size();
          return;
        }
        at_ = end + 2;
      } else {
        return;
      }
    }
  }

  void after_import() {
    skip_blanks();
    if (at_ >= text_.size()) return;
    if (text_[at_] == '(') {
      ++at_;
      skip_blanks();
      take_specifier();
    } else if (kind_ == ScriptKind::kModule) {
      if (!take_specifier()) after_export();
    }
  }

  /// The clause between import or export and "from"; stops at the first thing that no clause holds,
  /// so that the whole stays linear.
  void after_export() {
    while (at_ < text_.size()) {
      skip_blanks();
      if (at_ >= text_.size()) return;
      const char c = text_[at_];
      if (is_word(c)) {
        const std::size_t begin = at_;
        const std::string_view word = take_word();
        if (word == "from") {
          skip_blanks();
          take_specifier();
          return;
        }
        if (word == "import" || word == "export") {
          at_ = begin;
          return;
        }
      } else if (c == '{' || c == '}' || c == ',' || c == '*') {
        ++at_;
      } else {
        return;
      }
    }
  }

  /// A string literal here whose content can be a URL on its own.
  bool take_specifier() {
    if (at_ >= text_.size()) return false;
    const char quote = text_[at_];
    if (quote != '"' && quote != '\'' && quote != '`') return false;
    constexpr std::size_t kLongest = 4096;
    const std::string_view rest = text_.substr(at_ + 1, kLongest);
    const std::size_t end = rest.find_first_of(std::string_view("\"'`\n\\", 5));
    if (end == rest.npos || rest[end] != quote) return false;
    const std::string_view specifier = rest.substr(0, end);
    at_ += end + 2;
    if (quote == '`' && specifier.find("${") != specifier.npos) return true;
    const bool url = specifier.starts_with("./") || specifier.starts_with("../") ||
                     specifier.starts_with('/') || istarts_with(specifier, "https://") ||
                     istarts_with(specifier, "http://");
    if (url) into_.add(specifier, base_, html::UrlRole::kModule);
    return true;
  }

  std::string_view text_;
  const url::Url& base_;
  const ScriptKind kind_;
  LinkCollector& into_;
  std::size_t at_ = 0;
};

}  // namespace

void collect_script(std::string_view bytes, const url::Url& base, ScriptKind kind,
                    LinkCollector& into) {
  ScriptScanner(bytes, base, kind, into).run();
}

Extracted links_of_script(std::string_view bytes, const url::Url& url, ScriptKind kind,
                          ExtractLimits limits) {
  LinkCollector collector(limits);
  collect_script(bytes, url, kind, collector);
  return collector.take();
}

}  // namespace wm::crawl
