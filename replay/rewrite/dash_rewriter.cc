#include "replay/rewrite/dash_rewriter.h"

#include <optional>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"
#include "replay/rewrite/markup_edits.h"

namespace wm::rewrite {
namespace {

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool holds_url(std::string_view attribute) {
  for (const std::string_view known :
       {"media", "initialization", "index", "sourceURL", "xlink:href"}) {
    if (attribute == known) return true;
  }
  return false;
}

class Manifest final : private html::TokenSink {
 public:
  Manifest(std::string_view text, const UrlRewriter& urls) : text_(text), urls_(urls) {}

  std::vector<Edit> edits() {
    html::tokenize(text_, *this, {}, html::Markup::kXml);
    return std::move(edits_);
  }

 private:
  struct Representation {
    std::size_t begin, end;
    std::uint64_t bandwidth;
  };

  void on_token(const html::Token& token) override {
    const auto end = static_cast<std::size_t>(token.offset) + token.raw.size();
    if (token.kind == html::TokenKind::kStartTag) {
      start_tag(token);
      if (token.self_closing) end_tag(local_name(token.name), token.offset, end);
    } else if (token.kind == html::TokenKind::kEndTag) {
      end_tag(local_name(token.name), token.offset, end);
    }
  }

  void start_tag(const html::Token& tag) {
    const auto name = local_name(tag.name);
    const auto begin = static_cast<std::size_t>(tag.offset);
    if (name == "AdaptationSet") {
      representations_.clear();
      open_.reset();
    } else if (name == "Representation") {
      const auto* bandwidth = tag.find("bandwidth");
      open_ = Representation{
          begin, begin, bandwidth == nullptr ? 0 : parse_u64(trim(bandwidth->value)).value_or(0)};
    }
    if (name == "BaseURL" || name == "Location" || name == "PatchLocation")
      text_begin_ = begin + tag.raw.size();
    if (tag.attributes == nullptr) return;
    std::vector<Edit> found;
    for (const auto& attribute : *tag.attributes) {
      if (holds_url(attribute.name)) {
        edit_attribute_url(attribute, 0, attribute.value.size(), urls_, Modifier::kOther,
                           RelativeUrls::kLeave, found);
      }
    }
    for (Edit& edit : found)
      edits_.push_back({begin + edit.begin, begin + edit.end, std::move(edit.fresh)});
  }

  void end_tag(std::string_view name, std::size_t tag, std::size_t end) {
    if (text_begin_ && (name == "BaseURL" || name == "Location" || name == "PatchLocation")) {
      const std::size_t begin = std::exchange(text_begin_, std::nullopt).value();
      if (tag > begin) url_text(begin, text_.substr(begin, tag - begin));
    } else if (name == "Representation" && open_) {
      open_->end = end;
      representations_.push_back(*std::exchange(open_, std::nullopt));
    } else if (name == "AdaptationSet") {
      drop_all_but_the_best();
    }
  }

  void url_text(std::size_t begin, std::string_view written) {
    for (Edit& edit : url_text_edits(written, urls_, Modifier::kOther)) {
      edits_.push_back({begin + edit.begin, begin + edit.end, std::move(edit.fresh)});
    }
  }

  /// What is dropped comes before the edits in it, which then count for nothing.
  void drop_all_but_the_best() {
    std::size_t best = 0;
    for (std::size_t i = 1; i < representations_.size(); ++i) {
      if (representations_[i].bandwidth > representations_[best].bandwidth) best = i;
    }
    for (std::size_t i = 0; i < representations_.size(); ++i) {
      if (i != best) edits_.push_back({representations_[i].begin, representations_[i].end, ""});
    }
    representations_.clear();
  }

  const std::string_view text_;
  const UrlRewriter& urls_;
  std::vector<Edit> edits_;
  std::vector<Representation> representations_;  ///< of the adaptation set at hand
  std::optional<Representation> open_;
  std::optional<std::size_t> text_begin_;
};

}  // namespace

void DashRewriter::rewrite(std::string_view text) {
  auto edits = Manifest(text, urls_).edits();
  write_edits(text, edits, sink());
}

}  // namespace wm::rewrite
