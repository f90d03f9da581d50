#include "replay/error_page.h"

#include <utility>

#include "core/base/ascii.h"
#include "core/html/tokenizer.h"
#include "core/url/url.h"
#include "replay/memento/timemap.h"
#include "replay/policy.h"

namespace wm::replay {
namespace {

using memento::Destination;

struct Words {
  int status;
  std::string_view code;
  std::string_view title;
  std::string_view text;
};

Words words_for(Failure failure) {
  switch (failure) {
    case Failure::kBadAddress:
      return {400, "bad_address", "Not a replay address",
              "A replay address is /web/, a time (YYYYMMDDhhmmss), a slash, and the archived URL."};
    case Failure::kBadDate:
      return {400, "bad_date", "Not a date", "Accept-Datetime must be an HTTP date."};
    case Failure::kNotArchived:
      return {404, "not_archived", "Not in the archive",
              "No capture of this address is held here."};
    case Failure::kUnreadable:
      return {503, "unreadable", "This capture cannot be read",
              "The archive lists this address, but none of its records could be read. The log says "
              "which file and where."};
    case Failure::kMethod:
      return {405, "method", "Method not allowed", "The archive can only be read."};
    case Failure::kRefused:
      return {403, "refused", "Refused",
              "Service workers and WebSockets of archived pages are not let in."};
    case Failure::kLogIn:
      return {401, "log_in", "Log in to see this",
              "This archive is private. Open the page from Waymark, where you are logged in."};
    case Failure::kBlocked:
      return {451, "blocked", "Access blocked",
              "The archive holds this address, but may not show it."};
  }
  return {500, "internal", "Error", ""};
}

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 "
    "1rem;color:#222;background:#fff}"
    "h1{font-size:1.4rem}code{overflow-wrap:anywhere}a{color:#0645ad}td{padding:.1rem .8rem .1rem "
    "0}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}a{color:#8ab4f8}}";

std::string link(std::string_view address, std::string_view text) {
  return "<a href=\"" + html::escape_attribute(address, '"') + "\">" + html::escape_text(text) +
         "</a>";
}

std::string page_for(const Words& words, const FailureContext& context) {
  std::string body =
      "<h1>" + std::string(words.title) + "</h1><p>" + std::string(words.text) + "</p>";
  if (!context.target.empty() && is_origin(context.app_origin)) {
    // The whole tab, not the frame that this page may be shown in.
    body +=
        "<p><a target=\"_top\" href=\"" +
        html::escape_attribute(context.app_origin + "/open" + std::string(context.target), '"') +
        "\">Open it in Waymark</a></p>";
  }
  if (context.asked != nullptr && !context.asked->url.empty()) {
    const auto& asked = *context.asked;
    const std::string shown = valid_utf8(asked.url);
    body += "<p><code>" + html::escape_text(shown) + "</code>";
    if (!asked.timestamp.empty()) body += " at <code>" + asked.timestamp + "</code>";
    body += "</p><ul><li>" +
            link("/" + asked.collection + "/*/" + shown, "All captures of this address") + "</li>";
    if (is_origin(context.app_origin)) {
      // The whole tab, not the frame that this page may be shown in.
      body += "<li><a target=\"_top\" href=\"" +
              html::escape_attribute(
                  context.app_origin + "/?add=" + url::percent_encode_component(asked.url), '"') +
              "\">Archive it now</a></li>";
    }
    body += "</ul>";
  }
  return own_page(words.title, body);
}

bool wants_json(const FailureContext& context) {
  return ifind(context.accept, "application/json") != std::string_view::npos &&
         ifind(context.accept, "text/html") == std::string_view::npos;
}

// The smallest GIF there is: one transparent pixel.
constexpr std::string_view kPixel{
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"
    "\x00\x00\x00\x00\x01\x00\x01\x00"
    "\x00\x02\x02"
    "D\x01\x00;",
    43};

struct Body {
  std::string_view type;
  std::string bytes;
};

Body body_for(const Words& words, const FailureContext& context) {
  switch (context.destination) {
    case Destination::kImage:
      return {"image/gif", std::string(kPixel)};
    case Destination::kScript:
    case Destination::kWorker:
    case Destination::kServiceWorker:
      return {"text/javascript; charset=utf-8", "/* " + std::string(words.code) + " */\n"};
    case Destination::kStyle:
      return {"text/css; charset=utf-8", "/* " + std::string(words.code) + " */\n"};
    case Destination::kMedia:
    case Destination::kOther:
      return {"text/plain; charset=utf-8", std::string(words.title) + "\n"};
    case Destination::kFetch:
      // Scripts have been seen to run whatever a request brings, so a program that did not ask for
      // JSON gets nothing.
      if (ifind(context.accept, "json") == std::string_view::npos)
        return {"text/plain; charset=utf-8", ""};
      return {"application/json", "{\"error\":{\"code\":\"" + std::string(words.code) +
                                      "\",\"message\":" + memento::json_string(words.title) +
                                      "}}\n"};
    case Destination::kPage:
    case Destination::kEmbed:
      break;
  }
  if (wants_json(context)) {
    FailureContext as_fetch = context;
    as_fetch.destination = Destination::kFetch;
    return body_for(words, as_fetch);
  }
  return {"text/html; charset=utf-8", page_for(words, context)};
}

}  // namespace

std::string own_page(std::string_view title, std::string_view body) {
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>";
  page += html::escape_text(title);
  page += "</title><meta name=\"viewport\" content=\"width=device-width\"><style>";
  page += kStyle;
  page += "</style></head><body>";
  page += body;
  page += "</body></html>\n";
  return page;
}

ReplayResponse failure_answer(Failure failure, const FailureContext& context) {
  const Words words = words_for(failure);
  auto [type, bytes] = body_for(words, context);
  ReplayResponse response;
  response.status = words.status;
  response.headers.add("Content-Type", type);
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("X-Content-Type-Options", "nosniff");
  if (failure == Failure::kMethod) response.headers.add("Allow", "GET, HEAD, OPTIONS, POST, PUT");
  if (failure == Failure::kUnreadable) response.headers.add("Retry-After", "60");
  add_policy(response.headers, own_policy(context.app_origin));
  response.body = std::move(bytes);
  return response;
}

}  // namespace wm::replay
