// Whatever head a server sends, the stored one is read by the strict parser, holds each line end as
// CRLF, and frames the body.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "archiver/capture/http_block.h"
#include "core/http/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wm;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto parsed = http::parse_response_head(bytes, http::Mode::kLenient, http::kArchiveHeadLimits);
  if (!parsed) return 0;
  fetch::Exchange exchange;
  exchange.url = "http://a.example/";
  exchange.response_head = std::string(bytes.substr(0, parsed->length));
  exchange.request_head = std::string(bytes);
  exchange.response = std::move(parsed->head);
  auto body = std::make_shared<fetch::Spool>(100);
  if (!body->append("abc")) std::abort();
  exchange.body = body;
  const std::string head = archiver::stored_response_head(exchange);
  const auto end = http::head_length(head);
  if (!end || *end != head.size()) std::abort();
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (head[i] == '\n' && (i == 0 || head[i - 1] != '\r')) std::abort();
    if (head[i] == '\r' && head[i + 1] != '\n') std::abort();
  }
  const auto again =
      http::parse_response_head(head, http::Mode::kLenient, http::kArchiveHeadLimits);
  if (!again || again->head.headers.has("Transfer-Encoding")) std::abort();
  const std::string request = archiver::stored_request_head(exchange);
  if (!request.ends_with("\r\n\r\n")) std::abort();
  return 0;
}
