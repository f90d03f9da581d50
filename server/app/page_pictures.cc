#include "server/app/page_pictures.h"

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"
#include "core/http/body.h"
#include "core/http/media_type.h"
#include "core/url/surt.h"
#include "core/url/url.h"
#include "replay/resolve/resolver.h"

namespace wm::app {

namespace {

constexpr std::size_t kPictureBytes = 5 << 20;

std::string value_of(const html::Token& token, const char* name) {
  const html::Attribute* attribute = token.find(name);
  return attribute == nullptr ? std::string() : html::decode_references(attribute->value, html::InAttribute::kYes);
}

bool has_word(std::string_view words, std::string_view wanted) {
  for (const std::string_view word : split(words, ' ')) {
    if (iequals(word, wanted)) return true;
  }
  return false;
}

/// How well an icon of these sizes fits a list: 32 pixels is best, then larger, then smaller or untold.
int fitness(const std::string& sizes, const std::string& type) {
  if (iequals(sizes, "any") || type.find("svg") != std::string::npos) return 40;
  const auto side = parse_u64(std::string_view(sizes).substr(0, sizes.find_first_of("xX")));
  if (!side) return 20;
  if (*side < 32) return 10;
  return *side <= 96 ? 50 : 30;
}

class Finder final : public html::TokenSink {
 public:
  explicit Finder(url::Url base) : base_(std::move(base)) {}
  void on_token(const html::Token& token) override {
    if (token.kind != html::TokenKind::kStartTag || token.foreign) return;
    if (iequals(token.name, "link")) take_link(token);
    if (iequals(token.name, "meta")) take_meta(token);
  }
  PictureAddresses found() && { return std::move(found_); }

 private:
  void take_link(const html::Token& token) {
    const std::string rel = value_of(token, "rel");
    int fits = fitness(value_of(token, "sizes"), value_of(token, "type"));
    if (has_word(rel, "apple-touch-icon")) fits = 5;
    else if (!has_word(rel, "icon")) return;
    const std::string address = resolved(value_of(token, "href"));
    if (address.empty() || fits <= fits_) return;
    fits_ = fits;
    found_.icon = address;
  }
  void take_meta(const html::Token& token) {
    const std::string name = value_of(token, token.find("property") != nullptr ? "property" : "name");
    const bool first = found_.preview.empty();
    if (first && (iequals(name, "og:image") || iequals(name, "og:image:url") || iequals(name, "twitter:image"))) found_.preview = resolved(value_of(token, "content"));
  }
  std::string resolved(const std::string& reference) const {
    if (trim(reference).empty()) return "";
    const auto address = url::Url::parse(reference, &base_);
    return address && address->is_http() ? address->href_without_fragment() : std::string();
  }

  url::Url base_;
  PictureAddresses found_;
  int fits_ = 0;
};

}  // namespace

PictureAddresses picture_addresses(std::string_view html, const std::string& page_url) {
  auto base = url::Url::parse(page_url);
  if (!base) return {};
  Finder finder(std::move(*base));
  html::tokenize(html, finder);
  return std::move(finder).found();
}

Result<std::optional<api::Picture>> captured_picture(const cdx::CdxIndex& index, const std::filesystem::path& warcs, const links::Snapshot& near, const std::string& url) {
  const auto capture = WM_TRY(index.closest(near.collection, url::surt(url), near.time).next());
  if (!capture) return std::optional<api::Picture>();
  auto resolved = resolve::Resolver(index, warcs).resolve(*capture);
  if (!resolved && resolved.error().code == Error::Code::kNotFound) return std::optional<api::Picture>();
  if (!resolved) return std::unexpected(resolved.error());
  const auto type = http::content_type(resolved->head.headers);
  if (resolved->head.status != 200 || !type || !type->essence().starts_with("image/")) return std::optional<api::Picture>();
  const auto decoded = http::decoded_body(std::move(resolved->body), resolved->head.headers, {.bytes = kPictureBytes});
  auto bytes = read_all(*decoded, kPictureBytes);
  if (!bytes && bytes.error().code == Error::Code::kTooLarge) return std::optional<api::Picture>();
  if (!bytes) return std::unexpected(bytes.error());
  return std::optional(api::Picture{.media_type = type->essence(), .bytes = std::move(*bytes)});
}

}  // namespace wm::app
