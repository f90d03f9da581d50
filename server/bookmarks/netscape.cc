#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"
#include "server/bookmarks/dates.h"
#include "server/bookmarks/item_internal.h"

namespace wm::bookmarks {
namespace {

using html::Token;
using html::TokenKind;

std::string attribute(const Token& tag, std::string_view name) {
  const html::Attribute* found = tag.find(name);
  return found ? html::decode_references(found->value, html::InAttribute::kYes) : std::string();
}

bool flag(const Token& tag, std::string_view name) {
  return is_true(attribute(tag, name));
}

/// Netscape's format as browsers and link managers write it, and Pocket's lists. No tree: a folder
/// is an H3 whose DL follows, a bookmark an A that is not within a description.
class Reader final : public html::TokenSink {
 public:
  Reader(std::string_view text, Collector& out) : text_(text), out_(out) {}

  void on_token(const Token& token) override {
    if (full_) return;
    switch (token.kind) {
      case TokenKind::kText:
      case TokenKind::kRcdata:
        if (into_ && into_->size() < out_.limits().text_bytes * 2) *into_ += token.raw;
        return;
      case TokenKind::kStartTag:
        return start(token);
      case TokenKind::kEndTag:
        return end(token);
      default:
        return;
    }
  }

  void finish() {
    close_anchor();
    flush();
  }

  /// Whether some TAGS hold a comma: then blanks are part of a tag, else they part them, as
  /// Delicious wrote it.
  bool commas = false;

 private:
  void start(const Token& tag) {
    if (iequals(tag.name, "a")) return start_anchor(tag);
    if (iequals(tag.name, "dt") || iequals(tag.name, "li") || iequals(tag.name, "hr"))
      return between();
    if (iequals(tag.name, "dl") || iequals(tag.name, "ul")) {
      between();
      if (folders_.size() < kDepth) {
        folders_.push_back(std::exchange(pending_folder_, {}));
      } else {
        ++too_deep_;
      }
    } else if (iequals(tag.name, "h3")) {
      between();
      // The browser's own roots are no folder of the user's.
      is_root_ = tag.find("personal_toolbar_folder") || tag.find("unfiled_bookmarks_folder");
      begin(heading_);
    } else if (iequals(tag.name, "h1") || iequals(tag.name, "h2")) {
      between();
      begin(heading_);
    } else if (iequals(tag.name, "dd")) {
      close_anchor();
      in_description_ = true;
      begin(description_);
    } else if (iequals(tag.name, "br") && into_ == &description_) {
      description_ += '\n';
    }
  }

  void end(const Token& tag) {
    if (iequals(tag.name, "a")) {
      close_anchor();
    } else if (iequals(tag.name, "h3")) {
      pending_folder_ = is_root_ ? std::string() : text_of(heading_);
      into_ = nullptr;
    } else if (iequals(tag.name, "h1") || iequals(tag.name, "h2")) {
      into_ = nullptr;
      const std::string title = text_of(heading_);
      archived_list_ = iequals(title, "read archive");
      unread_list_ = iequals(title, "unread");
    } else if (iequals(tag.name, "dl") || iequals(tag.name, "ul")) {
      between();
      if (too_deep_ > 0) {
        --too_deep_;
      } else if (!folders_.empty()) {
        folders_.pop_back();
      }
    } else if (iequals(tag.name, "dd")) {
      in_description_ = false;
      into_ = nullptr;
    }
  }

  void start_anchor(const Token& tag) {
    if (in_description_) return;  // a link in somebody's words
    close_anchor();
    flush();
    Bookmark& b = current_.emplace();
    count_lines(tag.offset);
    b.line = line_;
    b.url = attribute(tag, "href");
    b.created = parse_date(attribute(tag, "add_date"));
    if (!b.created) b.created = parse_date(attribute(tag, "time_added"));
    b.modified = parse_date(attribute(tag, "last_modified"));
    b.unread = flag(tag, "toread") || flag(tag, "unread") || unread_list_;
    b.archived = flag(tag, "archived") || archived_list_;
    b.favourite = flag(tag, "favourite") || flag(tag, "favorite") || flag(tag, "starred");
    b.shared = flag(tag, "shared");
    if (const std::string folder = nested_tag(folders_); !folder.empty()) add_tag(b.tags, folder);
    take_tags(b, attribute(tag, "tags"));
    is_feed_ = tag.find("feedurl") != nullptr && b.url.empty();
    begin(title_);
  }

  void take_tags(Bookmark& b, const std::string& written) {
    for (const std::string_view tag :
         split(written, commas || written.find(',') != written.npos ? ',' : ' ')) {
      if (trim(tag) == "linkding:bookmarks.archived") {
        b.archived = true;
      } else {
        add_tag(b.tags, tag);
      }
    }
  }

  void begin(std::string& text) {
    text.clear();
    into_ = &text;
  }

  /// A description ends where the next thing begins.
  void between() {
    close_anchor();
    flush();
    in_description_ = false;
    into_ = nullptr;
  }

  void close_anchor() {
    if (into_ == &title_) {
      current_->title = text_of(title_);
      into_ = nullptr;
    }
  }

  void flush() {
    if (!current_) return;
    take_description(*current_);
    if (is_feed_) {
      out_.skip(current_->line, "", "a feed, not a page");
    } else {
      full_ = !out_.add(std::move(*current_));
    }
    current_.reset();
    description_.clear();
  }

  /// linkding writes its notes within the description.
  void take_description(Bookmark& b) {
    static constexpr std::string_view kOpen = "[linkding-notes]", kClose = "[/linkding-notes]";
    std::string text = text_of(description_);
    const std::size_t open = text.find(kOpen),
                      close = text.find(kClose, open == text.npos ? text.size() : open);
    if (open != text.npos && close != text.npos) {
      b.notes = trim(text.substr(open + kOpen.size(), close - open - kOpen.size()));
      text.erase(open, close + kClose.size() - open);
    }
    b.description = trim(text);
  }

  static std::string text_of(const std::string& raw) {
    return std::string(trim(html::decode_references(raw, html::InAttribute::kNo)));
  }

  void count_lines(std::uint64_t offset) {
    const auto from = text_.begin() + static_cast<std::ptrdiff_t>(counted_),
               to = text_.begin() + static_cast<std::ptrdiff_t>(offset);
    line_ += static_cast<std::uint64_t>(std::count(from, to, '\n'));
    counted_ = offset;
  }

  static constexpr std::size_t kDepth = 100;
  const std::string_view text_;
  Collector& out_;
  std::vector<std::string> folders_;
  std::string pending_folder_, heading_, title_, description_;
  std::string* into_ = nullptr;  ///< where text goes
  std::optional<Bookmark> current_;
  bool in_description_ = false, is_root_ = false, is_feed_ = false, unread_list_ = false,
       archived_list_ = false, full_ = false;
  std::uint64_t line_ = 1, counted_ = 0, too_deep_ = 0;
};

/// Looks through the TAGS of a file for a comma.
class CommaFinder final : public html::TokenSink {
 public:
  void on_token(const Token& token) override {
    if (token.kind != TokenKind::kStartTag || !iequals(token.name, "a")) return;
    const html::Attribute* tags = token.find("tags");
    if (tags && tags->value.find(',') != tags->value.npos) found = true;
  }
  bool found = false;
};

}  // namespace

Result<BookmarkFile> read_netscape(std::string_view text, const ReadLimits& limits) {
  CommaFinder commas;
  html::tokenize(text, commas);
  Collector out(limits);
  Reader reader(text, out);
  reader.commas = commas.found;
  html::tokenize(text, reader);
  reader.finish();
  return out.take(Format::kNetscape);
}

}  // namespace wm::bookmarks
