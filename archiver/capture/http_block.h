#pragma once

#include <string>

#include "archiver/fetch/exchange.h"

namespace wm::archiver {

/// The head of a response record's block: what was received, save for what would make the block
/// untrue or unreadable (facts: warc 1.5, 1.6; docs/decisions/0601): Transfer-Encoding becomes
/// x-orig-transfer-encoding, as its framing is gone; Content-Length is the stored length where the
/// server sent another or none (the server's own stays when the body was cut); the status line of
/// HTTP/2 is written as HTTP/1.1; line ends are CRLF; a line that is no header field is kept as the
/// value of x-orig-malformed.
std::string stored_response_head(const fetch::Exchange& exchange);

/// The head of a request record's block: what was sent, without what was meant for a proxy and
/// without Authorization: an archive is passed on, a password is not.
std::string stored_request_head(const fetch::Exchange& exchange);

}  // namespace wm::archiver
