#include "replay/rewrite/hls_rewriter.h"

#include <optional>
#include <vector>

#include "core/base/ascii.h"

namespace wm::rewrite {
namespace {

constexpr std::string_view kVariant = "#EXT-X-STREAM-INF:";

struct Attribute {
  std::string_view name;
  std::string_view value;  ///< without quotes
};

/// The next item of an attribute list (RFC 8216 4.2), taken off `list`.
std::optional<Attribute> next_attribute(std::string_view& list) {
  const std::size_t equals = list.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  Attribute attribute{.name = trim(list.substr(0, equals)), .value = {}};
  list.remove_prefix(equals + 1);
  std::size_t end = 0;
  if (list.starts_with('"')) {
    list.remove_prefix(1);
    end = list.find('"');
    attribute.value = list.substr(0, end);
    if (end != std::string_view::npos) end = list.find(',', end);
  } else {
    end = list.find(',');
    attribute.value = trim(list.substr(0, end));
  }
  list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  return attribute;
}

std::uint64_t bandwidth_of(std::string_view list) {
  while (const auto attribute = next_attribute(list)) {
    if (attribute->name == "BANDWIDTH") return parse_u64(attribute->value).value_or(0);
  }
  return 0;
}

class Playlist {
 public:
  Playlist(std::string_view text, const UrlRewriter& urls) : text_(text), urls_(urls) {}

  std::vector<Edit> edits() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size() - 1) + 1;
      line(at, end);
      at = end;
    }
    drop_all_but_the_best();
    return std::move(edits_);
  }

 private:
  struct Variant {
    std::size_t begin, end;  ///< both lines
    std::uint64_t bandwidth;
  };

  void line(std::size_t begin, std::size_t end) {
    const auto written = trim(text_.substr(begin, end - begin));
    if (written.empty()) return;
    if (written.starts_with('#')) {
      if (written.starts_with(kVariant)) {
        waiting_ = Variant{begin, end, bandwidth_of(written.substr(kVariant.size()))};
      }
      if (written.starts_with("#EXT-X-")) attributes(written);
      return;
    }
    uri(written);
    if (!waiting_) return;
    waiting_->end = end;
    variants_.push_back(*waiting_);
    waiting_.reset();
  }

  void attributes(std::string_view written) {
    const std::size_t colon = written.find(':');
    if (colon == std::string_view::npos) return;
    auto list = written.substr(colon + 1);
    while (const auto attribute = next_attribute(list)) {
      if (attribute->name == "URI") uri(attribute->value);
    }
  }

  void uri(std::string_view written) {
    const auto at = static_cast<std::size_t>(written.data() - text_.data());
    const UrlEdit change = urls_.edit(written, Modifier::kOther);
    if (change.kind == UrlEdit::Kind::kInsert) edits_.push_back({at, at, change.text});
    if (change.kind == UrlEdit::Kind::kReplace)
      edits_.push_back({at, at + written.size(), change.text});
  }

  void drop_all_but_the_best() {
    if (variants_.size() < 2) return;
    std::size_t best = 0;
    for (std::size_t i = 1; i < variants_.size(); ++i) {
      if (variants_[i].bandwidth > variants_[best].bandwidth) best = i;
    }
    std::vector<Edit> kept;
    std::size_t next = 0;
    for (std::size_t i = 0; i < variants_.size(); ++i) {
      const Variant& variant = variants_[i];
      if (i == best) continue;
      while (next < edits_.size() && edits_[next].begin < variant.begin)
        kept.push_back(std::move(edits_[next++]));
      while (next < edits_.size() && edits_[next].begin < variant.end) ++next;
      kept.push_back({variant.begin, variant.end, ""});
    }
    while (next < edits_.size()) kept.push_back(std::move(edits_[next++]));
    edits_ = std::move(kept);
  }

  const std::string_view text_;
  const UrlRewriter& urls_;
  std::vector<Edit> edits_;
  std::vector<Variant> variants_;
  std::optional<Variant> waiting_;  ///< its URI is still to come
};

}  // namespace

void HlsRewriter::rewrite(std::string_view text) {
  const bool marked = text.starts_with("\xef\xbb\xbf");
  if (!text.substr(marked ? 3 : 0).starts_with("#EXTM3U")) return sink().keep(text);
  auto edits = Playlist(text, urls_).edits();
  write_edits(text, edits, sink());
}

}  // namespace wm::rewrite
