#include <array>

#include "archiver/proxy/header_rules_internal.h"
#include "core/base/ascii.h"
#include "core/http/media_type.h"

namespace wm::proxy {
namespace {

/// RFC 9110 7.6.1 and what older proxies and browsers made up.
constexpr std::array kHopFields{"Connection",     "Keep-Alive",       "TE", "Trailer", "Upgrade",
                                "HTTP2-Settings", "Transfer-Encoding"};

bool is_one_of(std::string_view name, auto const& names) {
  for (const char* one : names) {
    if (iequals(name, one)) return true;
  }
  return false;
}

bool is_hop_field(const http::Headers& fields, std::string_view name) {
  return is_one_of(name, kHopFields) || istarts_with(name, "Proxy-") ||
         fields.has_token("Connection", name);
}

/// gzip and br of what is offered; "identity" when there is neither. A player that asks for bytes
/// as they are gets them so.
std::string replayable_codings(const http::Headers& asked) {
  std::string codings;
  const std::string offered = asked.joined("Accept-Encoding");
  for (const std::string_view part : split(offered, ',')) {
    const std::string_view coding = trim(part.substr(0, part.find(';')));
    const auto weight =
        part.find(';') == part.npos ? std::string_view() : trim(part.substr(part.find(';') + 1));
    if (weight == "q=0" || weight == "q=0.0") continue;
    if (!iequals(coding, "gzip") && !iequals(coding, "br")) continue;
    if (!codings.empty()) codings += ", ";
    codings += to_lower(coding);
  }
  return codings.empty() ? "identity" : codings;
}

struct Destination {
  const char* dest;
  const char* type;
};
/// Sec-Fetch-Dest to the words of WARC-Resource-Type, which are DevTools' in lower case.
constexpr Destination kDestinations[] = {{"document", "document"},
                                         {"iframe", "iframe"},
                                         {"frame", "iframe"},
                                         {"embed", "object"},
                                         {"object", "object"},
                                         {"style", "stylesheet"},
                                         {"script", "script"},
                                         {"image", "image"},
                                         {"font", "font"},
                                         {"audio", "media"},
                                         {"video", "media"},
                                         {"track", "texttrack"},
                                         {"manifest", "manifest"},
                                         {"worker", "worker"},
                                         {"sharedworker", "sharedworker"},
                                         {"serviceworker", "serviceworker"},
                                         {"audioworklet", "script"},
                                         {"paintworklet", "script"},
                                         {"xslt", "stylesheet"},
                                         {"json", "fetch"},
                                         {"report", "ping"},
                                         {"empty", "fetch"}};

/// What plain-http pages' requests are, which carry no Sec-Fetch-Dest.
std::string guessed_type(const http::Headers& answered) {
  const auto type = http::content_type(answered);
  if (!type) return "other";
  if (type->is_html()) return "document";
  if (type->is_javascript()) return "script";
  if (type->type == "image") return "image";
  if (type->type == "font" || type->essence().starts_with("application/font")) return "font";
  if (type->type == "audio" || type->type == "video") return "media";
  if (type->essence() == "text/css") return "stylesheet";
  if (type->is_json()) return "fetch";
  return "other";
}

}  // namespace

http::Headers fields_for_origin(const http::Headers& asked) {
  http::Headers fields;
  fields.reserve(asked.size());
  bool codings_told = false;
  for (const http::Header& field : asked) {
    if (is_hop_field(asked, field.name)) continue;
    if (is_one_of(field.name, std::array{"Host", "Content-Length", "Expect", "Available-Dictionary",
                                         "Dictionary-ID"})) {
      continue;
    }
    if (iequals(field.name, "Accept-Encoding")) {
      if (!codings_told) fields.add(field.name, replayable_codings(asked));
      codings_told = true;
      continue;
    }
    fields.add(field.name, field.value);
  }
  if (!codings_told) fields.add("Accept-Encoding", "identity");
  return fields;
}

http::Headers fields_for_browser(const http::Headers& answered) {
  http::Headers fields;
  fields.reserve(answered.size());
  for (const http::Header& field : answered) {
    if (is_hop_field(answered, field.name) || !http::is_token(field.name)) continue;
    if (is_one_of(field.name, std::array{"Content-Length", "Alt-Svc", "Use-As-Dictionary"}))
      continue;
    fields.add(field.name, field.value);
  }
  return fields;
}

std::optional<std::uint64_t> announced_length(const http::ResponseHead& answered) {
  if (answered.headers.has("Transfer-Encoding")) return std::nullopt;
  const auto lengths = answered.headers.all("Content-Length");
  if (lengths.size() != 1) return std::nullopt;
  return parse_u64(trim(lengths.front()));
}

bool has_no_body(std::string_view method, int status) noexcept {
  return method == "HEAD" || status == 204 || status == 304 || status < 200;
}

bool is_event_stream(const http::Headers& answered) {
  const auto type = http::content_type(answered);
  return type && type->essence() == "text/event-stream";
}

bool is_websocket_upgrade(const http::RequestHead& asked) {
  return asked.method == "GET" && asked.headers.has_token("Connection", "upgrade") &&
         asked.headers.has_token("Upgrade", "websocket");
}

std::string resource_type_of(const http::Headers& asked, const http::Headers& answered) {
  if (const auto dest = asked.find("Sec-Fetch-Dest")) {
    for (const Destination& one : kDestinations) {
      if (iequals(*dest, one.dest)) return one.type;
    }
  }
  return guessed_type(answered);
}

bool is_prefetch(const http::Headers& asked) {
  for (const char* name : {"Sec-Purpose", "Purpose"}) {
    if (const auto purpose = asked.find(name); purpose && istarts_with(trim(*purpose), "prefetch"))
      return true;
  }
  return false;
}

std::optional<std::uint64_t> range_start(const http::Headers& answered) {
  const auto range = answered.find("Content-Range");
  if (!range) return std::nullopt;
  const std::string_view text = trim(*range);
  if (!istarts_with(text, "bytes ")) return std::nullopt;
  const std::string_view first = trim(text.substr(6));
  return parse_u64(first.substr(0, first.find('-')));
}

}  // namespace wm::proxy
