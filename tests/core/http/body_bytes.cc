#include "tests/core/http/body_bytes.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <vector>

namespace wm::http::test {

std::string zlib_packed(std::string_view bytes, int window_bits) {
  z_stream stream{};
  BOOST_REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()) + 64, '\0');
  std::string input(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  BOOST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string brotli_packed(std::string_view bytes) {
  std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size()) + 64;
  std::string packed(size, '\0');
  BOOST_REQUIRE(BrotliEncoderCompress(5, 22, BROTLI_MODE_GENERIC, bytes.size(),
                                      reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                      reinterpret_cast<std::uint8_t*>(packed.data())) ==
                BROTLI_TRUE);
  packed.resize(size);
  return packed;
}

std::string zstd_packed(std::string_view bytes, int window_log) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  if (window_log > 0) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  }
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  // In two steps, so that the frame cannot be a single segment whose window is its content.
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue);
  BOOST_REQUIRE(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end) == 0u);
  ZSTD_freeCCtx(context);
  packed.resize(out.pos);
  return packed;
}

Outcome drain(Source& source, std::size_t piece) {
  Outcome outcome;
  std::vector<char> buffer(piece);
  for (;;) {
    const auto got = source.read(buffer);
    if (!got) {
      outcome.error = name_of(got.error().code);
      const auto again = source.read(buffer);
      BOOST_TEST((!again && again.error().code == got.error().code),
                 "a failed stream stays failed");
      return outcome;
    }
    BOOST_REQUIRE(*got <= piece);
    if (*got == 0) {
      BOOST_TEST(source.read(buffer).value() == 0u, "an ended stream stays ended");
      return outcome;
    }
    outcome.bytes.append(buffer.data(), *got);
  }
}

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  out << outcome.bytes.size() << " bytes";
  if (outcome.bytes.size() <= 200) out << " \"" << outcome.bytes << '"';
  return out << (outcome.error.empty() ? "" : ", then ") << outcome.error;
}

std::string sample_text(std::size_t size) {
  std::string text;
  for (unsigned n = 1; text.size() < size; n = n * 1103515245 + 12345) {
    text += "<p class=\"c" + std::to_string(n >> 24) + "\">number " + std::to_string(n) + "</p>\n";
  }
  text.resize(size);
  return text;
}

}  // namespace wm::http::test
