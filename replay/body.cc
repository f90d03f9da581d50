#include "replay/body.h"

#include <utility>

#include "core/base/ascii.h"
#include "core/charset/charset.h"
#include "core/http/body.h"
#include "core/http/media_type.h"
#include "replay/range.h"
#include "replay/rewrite/jsonp_rewriter.h"

namespace wm::replay {
namespace {

constexpr std::size_t kPeek = 8 << 10;

std::string_view name_of(http::ContentCoding coding) {
  switch (coding) {
    case http::ContentCoding::kGzip:
      return "gzip";
    case http::ContentCoding::kDeflate:
      return "deflate";
    case http::ContentCoding::kBrotli:
      return "br";
    case http::ContentCoding::kZstd:
      return "zstd";
  }
  return "identity";
}

/// The first decoded bytes of the first stored ones. Where those end is no error here.
std::string decode_head(std::string_view stored, const http::Headers& headers) {
  std::string head;
  const auto source = http::decoded_body(std::make_unique<ViewSource>(stored), headers);
  static_cast<void>(resolve::peek(*source, head, kPeek));
  return head;
}

bool accepts_all(const http::Headers& request, const std::vector<http::ContentCoding>& codings) {
  for (const auto coding : codings) {
    if (!memento::accepts_coding(request, name_of(coding))) return false;
  }
  return true;
}

bool is_ascii_based(std::string_view encoding) {
  return !istarts_with(encoding, "UTF-16") && !istarts_with(encoding, "UTF-32") &&
         encoding != "replacement";
}

void plan_charset(BodyPlan& plan, std::string_view first_bytes,
                  const std::optional<http::MediaType>& type) {
  std::optional<std::string_view> told;
  if (type) told = type->parameter("charset");
  const auto guess = charset::sniff_charset(first_bytes, told);
  plan.to_utf8 = !is_ascii_based(guess.encoding);
  // What we insert may move a <meta charset> behind the bytes that browsers look at, so the header
  // says it.
  const bool is_page = plan.kind == rewrite::Kind::kHtml;  // XML tells its encoding itself
  const bool is_told = told && charset::encoding_of_label(*told).has_value();
  if (is_page && !is_told && guess.from != charset::CharsetGuess::From::kDefault)
    plan.encoding = guess.encoding;
  plan.source_encoding = guess.encoding;
  if (plan.to_utf8) plan.encoding = "UTF-8";
}

}  // namespace

std::unique_ptr<Source> decoded(resolve::Resolved& resolved, const ReplaySettings& settings) {
  return http::decoded_body(std::move(resolved.body), resolved.head.headers,
                            {.bytes = settings.decoded_bytes, .ratio = settings.decode_ratio});
}

Result<BodyPlan> plan_body(resolve::Resolved& resolved, const Asked& asked, const Core& core) {
  std::string stored;
  WM_TRY(resolve::peek(*resolved.body, stored, kPeek));
  BodyPlan plan;
  const auto& headers = resolved.head.headers;
  const auto codings = http::content_codings(headers);
  plan.coded = !codings || !codings->empty();
  std::string decoded_head;
  if (codings && !codings->empty()) decoded_head = decode_head(stored, headers);
  const std::string_view first_bytes =
      codings && !codings->empty() ? std::string_view(decoded_head) : std::string_view(stored);
  const auto type = http::content_type(headers);
  // Nobody can look into a coding that nobody knows.
  const bool can_rewrite =
      codings && resolved.body_length.value_or(0) <= core.settings.rewrite_bytes;
  if (can_rewrite && !stored.empty()) {
    plan.kind = rewrite::kind_of(
        {.type = type,
         .modifier = asked.url.modifier,
         .destination = asked.destination,
         .destination_told = memento::destination_is_told(asked.request.headers),
         .first_bytes = first_bytes,
         .asks_callback = !rewrite::callback_of(asked.url.url).empty(),
         .scripts = core.wombat.loaded() ? rewrite::Scripts::kRewrite : rewrite::Scripts::kLeave});
  }
  if (plan.kind != rewrite::Kind::kNone) {
    plan_charset(plan, first_bytes, type);
  } else if (!codings) {
    plan.keep_coding = true;
  } else if (!codings->empty()) {
    // A coding that is a lie comes out of its decoder as it went in.
    const bool is_true =
        !decoded_head.empty() && !stored.starts_with(std::string_view(decoded_head).substr(0, 512));
    plan.keep_coding = is_true && accepts_all(asked.request.headers, *codings) &&
                       !asks_for_one_range(range_asked(asked));
  }
  resolved.body =
      std::make_unique<resolve::PeekedSource>(std::move(stored), std::move(resolved.body));
  return plan;
}

Result<PlannedBody> open_body(resolve::Resolved resolved, const BodyPlan& plan,
                              const ReplaySettings& settings, rewrite::Address address,
                              rewrite::HtmlOptions options) {
  if (plan.kind == rewrite::Kind::kNone) {
    if (plan.keep_coding || !plan.coded)
      return PlannedBody{std::move(resolved.body), resolved.body_length};
    return PlannedBody{decoded(resolved, settings), std::nullopt};
  }
  auto body = decoded(resolved, settings);
  if (plan.to_utf8) {
    const auto bytes = WM_TRY(read_up_to(*body, settings.rewrite_bytes));
    body = std::make_unique<StringSource>(WM_TRY(charset::to_utf8(bytes, plan.source_encoding)));
  }
  return PlannedBody{
      rewrite::rewriting_source(std::move(body), plan.kind, std::move(address), std::move(options)),
      std::nullopt};
}

}  // namespace wm::replay
