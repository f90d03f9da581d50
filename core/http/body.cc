#include "core/http/body.h"

#include <optional>

#include "core/base/ascii.h"

namespace wm::http {

namespace {

/// As many as curl undoes.
constexpr std::size_t kMaxCodings = 5;

struct Coding {
  std::string_view name;
  std::optional<ContentCoding> coding;  ///< nullopt: one that we do not know
};

std::optional<ContentCoding> coding_of(std::string_view name) {
  if (iequals(name, "gzip") || iequals(name, "x-gzip")) return ContentCoding::kGzip;
  if (iequals(name, "deflate") || iequals(name, "x-deflate")) return ContentCoding::kDeflate;
  if (iequals(name, "br") || iequals(name, "brotli")) return ContentCoding::kBrotli;
  if (iequals(name, "zstd") || iequals(name, "x-zstd")) return ContentCoding::kZstd;
  return std::nullopt;
}

/// What servers write where they mean no coding: nothing, charsets, MIME transfer encodings, media
/// types.
bool means_none(std::string_view name) {
  constexpr std::string_view kNone[] = {"identity",    "none",       "null",   "default",
                                        "binary",      "8bit",       "7bit",   "chunked",
                                        "aws-chunked", "utf-8",      "utf8",   "ascii",
                                        "us-ascii",    "iso-8859-1", "latin1", "windows-1252"};
  if (name.empty() || name.find('/') != std::string_view::npos) return true;
  for (const std::string_view none : kNone) {
    if (iequals(name, none)) return true;
  }
  return false;
}

/// In the order applied; views into `headers`.
std::vector<Coding> codings_in(const Headers& headers, std::string_view field) {
  std::vector<Coding> codings;
  for (const std::string_view value : headers.all(field)) {
    for (const std::string_view element : split(value, ',')) {
      const std::string_view name = trim(element.substr(0, element.find(';')));
      if (!means_none(name)) codings.push_back({name, coding_of(name)});
    }
  }
  return codings;
}

std::unique_ptr<Source> undo(std::unique_ptr<Source> body, const std::vector<Coding>& codings,
                             DecodeLimits limits) {
  std::size_t undone = 0;
  for (auto at = codings.rbegin(); at != codings.rend() && at->coding && undone < kMaxCodings;
       ++at, ++undone) {
    body = decode(std::move(body), *at->coding, limits);
  }
  return body;
}

}  // namespace

Result<std::vector<ContentCoding>> content_codings(const Headers& headers) {
  std::vector<ContentCoding> known;
  for (const Coding& coding : codings_in(headers, "Content-Encoding")) {
    if (!coding.coding)
      return fail(Error::Code::kUnsupported,
                  "content coding " + std::string(coding.name.substr(0, 64)));
    if (known.size() == kMaxCodings)
      return fail(Error::Code::kUnsupported, "more than five content codings");
    known.push_back(*coding.coding);
  }
  return known;
}

std::unique_ptr<Source> decoded_body(std::unique_ptr<Source> stored, const Headers& headers,
                                     DecodeLimits limits) {
  std::unique_ptr<Source> body = std::move(stored);
  if (headers.has_token("Transfer-Encoding", "chunked")) body = dechunk_leniently(std::move(body));
  const auto transfer = codings_in(headers, "Transfer-Encoding");
  body = undo(std::move(body), transfer, limits);
  return undo(std::move(body), codings_in(headers, "Content-Encoding"), limits);
}

}  // namespace wm::http
