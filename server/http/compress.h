#pragma once

#include <string_view>

#include "server/http/message.h"

namespace wm::server {

/// May the answer be in gzip? RFC 9110 12.5.3: q-values, "*", and identity as the fallback; gzip
/// wins ties.
bool accepts_gzip(const Request& request);

/// Text in the sense of "gets shorter": text/*, JSON, XML, JavaScript, SVG, fonts without
/// compression of their own.
bool is_compressible(std::string_view content_type);

/// Compresses the body of `response` if the client takes it and it is worth it: 200-like,
/// compressible, no Content-Encoding yet, not "no-transform", within kCompressAtLeast and
/// kCompressAtMost bytes. Vary is set on whatever would have been compressed for another client; a
/// strong ETag becomes weak, as the bytes differ. Streams and ranges are left alone.
void compress(const Request& request, Response& response);
inline constexpr std::size_t kCompressAtLeast = 1024;
inline constexpr std::size_t kCompressAtMost = 16 << 20;

/// Adds `field` to Vary unless it is there.
void add_vary(Response& response, std::string_view field);

/// A handler whose answers are compressed.
Handler with_compression(Handler handler);

}  // namespace wm::server
