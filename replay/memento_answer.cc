// A capture as a memento: its header, its body, and what HTTP wants of both.
#include <algorithm>
#include <utility>

#include "core/base/digest.h"
#include "core/http/media_type.h"
#include "core/url/surt.h"
#include "replay/body.h"
#include "replay/memento/lookup.h"
#include "replay/opaque_origin.h"
#include "replay/policy.h"
#include "replay/range.h"
#include "replay/replay_internal.h"
#include "replay/rewrite/head_insert.h"
#include "replay/rewrite/headers.h"
#include "replay/rewrite/jsonp_rewriter.h"
#include "replay/stitch.h"

namespace wm::replay {
namespace {

using memento::Modifier;

// Bodies up to this are read before answering: what breaks in them becomes an error page, not a cut
// connection.
constexpr std::size_t kReadAhead = 128 << 10;

bool is_exact(const Asked& asked, const cdx::Capture& capture) {
  // What only means the same is not what this address stands for.
  return asked.url.full_timestamp && asked.url.time == capture.time &&
         url::surt(asked.url.url) == capture.surt;
}

/// A status that an answer can have by itself.
int sane_status(int status) {
  return status >= 200 && status <= 599 && status != 304 ? status : 200;
}

bool has_no_body(int status) {
  return status == 204 || status == 205;
}

/// Changes with whatever changes the bytes: payload, rewriter, address, what it is used for, how it
/// is coded.
std::string etag_for(const Asked& asked, const cdx::Capture& capture, const BodyPlan& plan,
                     bool scripts) {
  std::string all = capture.digest + '\n' + capture.surt + '\n' + capture.time.text() + '\n';
  if (capture.digest.empty()) all += capture.file + '\n' + std::to_string(capture.offset) + '\n';
  if (plan.kind == rewrite::Kind::kNone) {
    all += plan.coded && plan.keep_coding ? "coded" : "plain";
  } else {
    all += std::to_string(rewrite::kRewriterVersion) + (scripts ? "s" : "") +
           std::to_string(static_cast<int>(plan.kind)) + (asked.request.opaque_origin ? "o" : "") +
           asked.request.mount +
           memento::replay_path(asked.url.collection, asked.url.timestamp, asked.url.modifier,
                                asked.url.url);
  }
  return '"' + sha256_hex(all).substr(0, 32) + '"';
}

void tell_content_type(http::Headers& headers, const BodyPlan& plan) {
  if (plan.encoding.empty()) return;
  const auto type = http::content_type(headers);
  const std::string essence = type                                ? type->essence()
                              : plan.kind == rewrite::Kind::kHtml ? "text/html"
                                                                  : "text/plain";
  headers.set("Content-Type", essence + "; charset=" + plan.encoding);
}

std::string vary_for(const Asked& asked, const BodyPlan& plan) {
  std::string vary = asked.url.modifier == Modifier::kIdentity ? "" : "Sec-Fetch-Dest";
  if (plan.kind == rewrite::Kind::kNone && plan.coded)
    vary += vary.empty() ? "Accept-Encoding" : ", Accept-Encoding";
  return vary;
}

rewrite::Address address_for(const Asked& asked, const cdx::Capture& capture) {
  rewrite::Address address;
  address.prefix = asked.request.mount + "/" + asked.url.collection + "/";
  address.timestamp = asked.url.timestamp;
  address.modifier = asked.url.modifier;
  address.callback = rewrite::callback_of(asked.url.url);
  address.workers_script = std::string(WombatFiles::kPrefix) + "wombatWorkers.js";
  const auto slashes = [](std::string_view url) {
    return std::ranges::count(url.substr(0, url.find('?')), '/');
  };
  const std::string shown = memento::repair_url(capture.url).value_or(capture.url);
  address.relative_works = asked.url.url_as_written && slashes(asked.url.url) == slashes(shown);
  auto document = url::Url::parse(shown);
  if (!document) document = url::Url::parse(asked.url.url);
  if (document) address.document = std::move(*document);
  return address;
}

rewrite::HtmlOptions html_options(const Core& core, const Asked& asked, const cdx::Capture& capture,
                                  const BodyPlan& plan, const rewrite::Address& address) {
  rewrite::HtmlOptions options;
  const bool has_head = rewrite::is_page_kind(plan.kind);
  if (has_head && asked.request.opaque_origin) options.head_insert = opaque_origin_shim();
  if (!core.wombat.loaded()) return options;
  options.scripts = rewrite::Scripts::kRewrite;
  if (has_head) {
    options.head_insert += rewrite::wombat_insert(
        {.address = address,
         .collection = asked.url.collection,
         .capture_time = capture.time,
         .static_prefix = std::string(WombatFiles::kPrefix),
         .workers_script = WombatFiles::workers_script(asked.url.collection, address.timestamp),
         .app_origin = asked.app_origin});
  }
  return options;
}

Result<std::string> link_for(const Core& core, const Asked& asked, const cdx::Capture& capture) {
  const bool is_page =
      memento::is_page(asked.url.modifier) || asked.url.modifier == Modifier::kIdentity;
  // What a page is made of would cost four more look-ups each, for nobody to read.
  if (!is_page) return memento::link_header(asked.at, capture, asked.url.modifier, {});
  const auto neighbours = WM_TRY(memento::neighbours_of(core.index, core.judge(), capture));
  return memento::link_header(asked.at, capture, asked.url.modifier, neighbours);
}

Result<> add_memento_header(http::Headers& headers, const Core& core, const Asked& asked,
                            const cdx::Capture& capture) {
  headers.add("Memento-Datetime", http_date(capture.time.time()));
  headers.add("Link", WM_TRY(link_for(core, asked, capture)));
  const bool exact = is_exact(asked, capture) && asked.method == "GET";
  headers.add("Content-Location", asked.at.memento(capture.time.text(), asked.url.modifier,
                                                   memento::link_target(capture.url)));
  std::string caching = core.settings.private_replay ? "private" : "public";
  caching += exact ? ", max-age=31536000, immutable" : ", max-age=600";
  headers.add("Cache-Control", caching);
  add_archived_policy(headers, asked.app_origin);
  return {};
}

/// The start of the body now, the rest as it is asked for.
Result<> fill(ReplayResponse& response, PlannedBody body) {
  std::string start;
  WM_TRY(resolve::peek(*body.stream, start, 16 << 10));
  if (start.size() == 16 << 10 && !body.length)
    WM_TRY(resolve::peek(*body.stream, start, kReadAhead));
  const bool ended = start.size() < (16 << 10) || (!body.length && start.size() < kReadAhead);
  if (ended) {
    response.body = std::move(start);
    return {};
  }
  response.stream =
      std::make_unique<resolve::PeekedSource>(std::move(start), std::move(body.stream));
  response.stream_length = body.length;
  return {};
}

Result<std::uint64_t> decoded_length(const Core& core, const cdx::Capture& capture) {
  auto again = WM_TRY(core.resolver.resolve(capture));
  const auto body = decoded(again, core.settings);
  return skip(*body, UINT64_MAX);
}

/// Bytes `range` of a body that starts at byte `start` of the whole.
Result<> fill_part(ReplayResponse& response, std::unique_ptr<Source> body, std::uint64_t start,
                   const ByteRange& range, std::string_view total) {
  static_cast<void>(WM_TRY(skip(*body, range.first - start)));
  const std::uint64_t length = range.last - range.first + 1;
  response.status = 206;
  response.headers.set("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                            std::to_string(range.last) + "/" + std::string(total));
  return fill(response, {std::make_unique<LimitedSource>(std::move(body), length), length});
}

bool range_is_current(const Asked& asked, const std::string& etag) {
  const auto condition = asked.request.headers.find("If-Range");
  return !condition || *condition == etag;
}

/// An archived 206: what is held of the whole.
std::optional<ContentRange> held_part(const resolve::Resolved& resolved) {
  if (resolved.head.status != 206) return std::nullopt;
  const auto value = resolved.head.headers.find("Content-Range");
  if (!value) return std::nullopt;
  auto range = parse_content_range(*value);
  // Held from end to end, it is no part.
  if (range && range->range.first == 0 && range->total == range->range.last + 1)
    return std::nullopt;
  return range;
}

/// What is asked for, put together from all parts that are held; false if they are too few.
Result<bool> fill_stitched(ReplayResponse& response, const Core& core, const cdx::Capture& capture,
                           const http::Headers& archived, const ContentRange& held,
                           const RangeAnswer& wanted) {
  const bool part = wanted.kind == RangeAnswer::Kind::kPart;
  const ByteRange range = part ? wanted.range : ByteRange{0, held.total.value_or(1) - 1};
  auto stream = stitched(core, capture, archived, held, range);
  if (!stream) return false;
  const std::uint64_t length = range.last - range.first + 1;
  response.status = part ? 206 : 200;
  response.headers.remove("Content-Range");
  if (part)
    response.headers.set("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                              std::to_string(range.last) + "/" +
                                              std::to_string(*held.total));
  WM_TRY(fill(response, {std::move(stream), length}));
  return true;
}

Result<> fill_held_part(ReplayResponse& response, const Core& core, const cdx::Capture& capture,
                        const http::Headers& archived, PlannedBody body, const ContentRange& held,
                        std::optional<std::string_view> range) {
  const std::string total = held.total ? std::to_string(*held.total) : "*";
  const auto wanted = answer_range(range, held.total.value_or(held.range.last + 1));
  if (wanted.kind == RangeAnswer::Kind::kUnsatisfiable && held.total) {
    response.status = 416;
    response.headers.set("Content-Range", "bytes */" + total);
    return {};
  }
  if (WM_TRY(fill_stitched(response, core, capture, archived, held, wanted))) return {};
  if (wanted.kind == RangeAnswer::Kind::kPart && wanted.range.first >= held.range.first &&
      wanted.range.first <= held.range.last) {
    return fill_part(response, std::move(body.stream), held.range.first,
                     {wanted.range.first, std::min(wanted.range.last, held.range.last)}, total);
  }
  response.headers.set("Content-Range", "bytes " + std::to_string(held.range.first) + "-" +
                                            std::to_string(held.range.last) + "/" + total);
  return fill(response, std::move(body));
}

Result<> fill_range(ReplayResponse& response, const Core& core, const cdx::Capture& capture,
                    PlannedBody body, std::optional<std::string_view> range) {
  std::uint64_t length = 0;
  if (body.length) {
    length = *body.length;
  } else {
    length = WM_TRY(decoded_length(core, capture));
  }
  const auto wanted = answer_range(range, length);
  switch (wanted.kind) {
    case RangeAnswer::Kind::kWhole:
      return fill(response, std::move(body));
    case RangeAnswer::Kind::kPart:
      return fill_part(response, std::move(body.stream), 0, wanted.range, std::to_string(length));
    case RangeAnswer::Kind::kUnsatisfiable:
      response.status = 416;
      response.headers.set("Content-Range", "bytes */" + std::to_string(length));
      return {};
  }
  return {};
}

}  // namespace

std::optional<std::string_view> range_asked(const Asked& asked) {
  if (asked.request.method != "GET") return std::nullopt;
  return asked.request.headers.find("Range");
}

Result<ReplayResponse> memento_answer(const Core& core, const Asked& asked,
                                      resolve::Resolved resolved) {
  const auto plan = WM_TRY(plan_body(resolved, asked, core));
  const cdx::Capture capture = resolved.capture;
  auto address = address_for(asked, capture);
  const auto held = held_part(resolved);
  ReplayResponse response;
  response.status = sane_status(resolved.head.status);
  if (response.status == 206 && !held) response.status = 200;
  response.headers = rewrite::replay_headers(resolved.head.headers, rewrite::UrlRewriter(address),
                                             asked.url.modifier);
  if (!plan.keep_coding) response.headers.remove("Content-Encoding");
  tell_content_type(response.headers, plan);
  WM_TRY(add_memento_header(response.headers, core, asked, capture));
  const std::string etag = etag_for(asked, capture, plan, core.wombat.loaded());
  response.headers.add("ETag", etag);
  const std::string vary = vary_for(asked, plan);
  if (!vary.empty()) response.headers.add("Vary", vary);
  const auto& request = asked.request.headers;
  if (const auto known = request.find("If-None-Match");
      known && memento::etag_matches(*known, etag)) {
    response.status = 304;
    return response;
  }
  const bool whole =
      plan.kind == rewrite::Kind::kNone && (response.status == 200 || response.status == 206);
  if (whole) response.headers.add("Accept-Ranges", "bytes");
  if (has_no_body(response.status)) return response;
  const http::Headers archived = held ? resolved.head.headers : http::Headers();
  auto options = html_options(core, asked, capture, plan, address);
  auto body = WM_TRY(
      open_body(std::move(resolved), plan, core.settings, std::move(address), std::move(options)));
  const auto range = range_is_current(asked, etag) ? range_asked(asked) : std::nullopt;
  if (held && whole) {
    WM_TRY(fill_held_part(response, core, capture, archived, std::move(body), *held, range));
  } else if (whole && asks_for_one_range(range)) {
    WM_TRY(fill_range(response, core, capture, std::move(body), range));
  } else {
    WM_TRY(fill(response, std::move(body)));
  }
  return response;
}

}  // namespace wm::replay
