#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/http/message.h"

namespace wm::proxy {

/// The fields of a browser's request as the origin gets them: without those of the hop (RFC 9110
/// 7.6.1), with codings that replay can undo ("gzip, br" at most), without compression
/// dictionaries. Host is left out, as the URL decides it, and so are framing fields.
http::Headers fields_for_origin(const http::Headers& asked);

/// The fields of an origin's answer as the browser gets them: without those of the hop, without
/// framing, without what would lead it around the proxy (Alt-Svc) or to codings of dictionaries.
http::Headers fields_for_browser(const http::Headers& answered);

/// The one Content-Length of an answer that is framed by it; nullopt for all else.
std::optional<std::uint64_t> announced_length(const http::ResponseHead& answered);

/// Does an answer of this status to this method have no body, whatever its fields say?
bool has_no_body(std::string_view method, int status) noexcept;

bool is_event_stream(const http::Headers& answered);
bool is_websocket_upgrade(const http::RequestHead& asked);

/// As WARC-Resource-Type has it.
std::string resource_type_of(const http::Headers& asked, const http::Headers& answered);
bool is_prefetch(const http::Headers& asked);

/// The first byte of the range that a 206 holds, by its Content-Range; nullopt for several ranges
/// or none.
std::optional<std::uint64_t> range_start(const http::Headers& answered);

}  // namespace wm::proxy
