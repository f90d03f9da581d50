#include <algorithm>
#include <array>

#include "core/base/digest.h"
#include "indexer/cdx/key_internal.h"
#include "indexer/store/coding.h"

namespace wm::cdx {
namespace {

constexpr std::uint8_t kVersion = 1;
/// Where there is what version 1 does not know: the digest of a request. All other captures are
/// written as ever.
constexpr std::uint8_t kVersionWithRequest = 2;

enum Flag : std::uint8_t {
  kStatus = 1,
  kSha1 = 2,         // the digest is 20 raw bytes
  kOtherDigest = 4,  // the digest is a string
  kRedirect = 8,
  kMethod = 16,
  kRefersToUri = 32,
  kRefersToSelf = 64,  // the revisit's original has the same URL
  kRefersToTime = 128,
};

/// Beside the form of the URL, in its byte.
constexpr unsigned kRequestDigest = 128;

/// How the URL is told. All but kWhole are made from the SURT, which says the rest.
enum UrlForm : std::uint8_t { kWhole, kHttp, kHttps, kHttpWww, kHttpsWww };

// The number of a media type is its place, from 1. Stored: append only.
constexpr std::array<std::string_view, 31> kMimes = {"text/html",
                                                     "image/jpeg",
                                                     "image/png",
                                                     "image/gif",
                                                     "text/css",
                                                     "application/javascript",
                                                     "text/javascript",
                                                     "application/x-javascript",
                                                     "application/json",
                                                     "warc/revisit",
                                                     "text/plain",
                                                     "image/svg+xml",
                                                     "image/webp",
                                                     "font/woff2",
                                                     "application/font-woff2",
                                                     "font/woff",
                                                     "application/font-woff",
                                                     "application/octet-stream",
                                                     "text/xml",
                                                     "application/xml",
                                                     "unk",
                                                     "application/pdf",
                                                     "image/x-icon",
                                                     "image/vnd.microsoft.icon",
                                                     "video/mp4",
                                                     "audio/mpeg",
                                                     "application/xhtml+xml",
                                                     "application/rss+xml",
                                                     "image/avif",
                                                     "text/dns",
                                                     "application/http"};

std::string url_from_surt(std::string_view surt, std::string_view scheme, std::string_view www) {
  const auto close = surt.find(')');
  if (close == surt.npos) return {};
  std::string_view labels = surt.substr(0, close);
  std::string_view port;
  if (const auto colon = labels.find(':'); colon != labels.npos) {
    port = labels.substr(colon);
    labels = labels.substr(0, colon);
  }
  std::string url(scheme);
  url.append("://").append(www);
  while (!labels.empty()) {
    const auto comma = labels.rfind(',');
    url.append(comma == labels.npos ? labels : labels.substr(comma + 1));
    labels = comma == labels.npos ? std::string_view() : labels.substr(0, comma);
    if (!labels.empty()) url.push_back('.');
  }
  return url.append(port).append(surt.substr(close + 1));
}

std::string url_of(UrlForm form, std::string_view surt) {
  const bool https = form == kHttps || form == kHttpsWww;
  const bool www = form == kHttpWww || form == kHttpsWww;
  return url_from_surt(surt, https ? "https" : "http", www ? "www." : "");
}

UrlForm form_of(const Capture& capture) {
  const bool https = capture.url.starts_with("https://");
  const bool www = std::string_view(capture.url).substr(0, 12).ends_with("://www.") ||
                   capture.url.starts_with("http://www.");
  const UrlForm form = https ? (www ? kHttpsWww : kHttps) : (www ? kHttpWww : kHttp);
  return url_of(form, capture.surt) == capture.url ? form : kWhole;
}

std::uint8_t flags_of(const Capture& capture, bool sha1) {
  unsigned flags = 0;
  if (capture.status) flags |= kStatus;
  if (!capture.digest.empty()) flags |= sha1 ? kSha1 : kOtherDigest;
  if (capture.redirect) flags |= kRedirect;
  if (capture.method) flags |= kMethod;
  if (capture.refers_to_uri)
    flags |= *capture.refers_to_uri == capture.url ? kRefersToSelf : kRefersToUri;
  if (capture.refers_to_time) flags |= kRefersToTime;
  return static_cast<std::uint8_t>(flags);
}

}  // namespace

std::string encode_value(const Capture& capture) {
  const auto sha1 = raw_sha1(capture.digest);
  const UrlForm form = form_of(capture);
  std::string out;
  const auto request = raw_sha1(capture.request_digest);
  out.push_back(static_cast<char>(request ? kVersionWithRequest : kVersion));
  out.push_back(static_cast<char>(flags_of(capture, sha1.has_value())));
  out.push_back(static_cast<char>(request ? form + kRequestDigest : unsigned{form}));
  if (form == kWhole) store::put_string(out, capture.url);
  const auto mime = std::find(kMimes.begin(), kMimes.end(), capture.mime);
  store::put_varint(
      out, mime == kMimes.end() ? 0 : static_cast<std::uint64_t>(mime - kMimes.begin()) + 1);
  if (mime == kMimes.end()) store::put_string(out, capture.mime);
  store::put_varint(out, capture.length);
  if (capture.status) store::put_varint(out, static_cast<std::uint32_t>(*capture.status));
  if (sha1) out.append(*sha1);
  if (!sha1 && !capture.digest.empty()) store::put_string(out, capture.digest);
  if (capture.redirect) store::put_string(out, *capture.redirect);
  if (capture.method) store::put_string(out, *capture.method);
  if (capture.refers_to_uri && *capture.refers_to_uri != capture.url)
    store::put_string(out, *capture.refers_to_uri);
  if (capture.refers_to_time) put_time(out, *capture.refers_to_time);
  if (request) out.append(*request);
  return out;
}

Result<> decode_value(std::string_view value, Capture& capture) {
  store::Reader in(value);
  const auto version = in.byte();
  if (version != kVersion && version != kVersionWithRequest)
    return fail(Error::Code::kUnsupported, "a capture stored by another version");
  const unsigned flags = in.byte();
  unsigned form = in.byte();
  const bool request = version == kVersionWithRequest && (form & kRequestDigest) != 0;
  if (request) form &= ~kRequestDigest;
  if (form > kHttpsWww)
    return fail(Error::Code::kCorrupt, "a stored capture with an unknown form of URL");
  capture.url =
      form == kWhole ? std::string(in.string()) : url_of(static_cast<UrlForm>(form), capture.surt);
  const auto mime = in.varint();
  if (mime > kMimes.size())
    return fail(Error::Code::kUnsupported, "a stored capture with an unknown media type number");
  capture.mime = mime == 0 ? in.string() : kMimes[mime - 1];
  capture.length = in.varint();
  if ((flags & kStatus) != 0) capture.status = static_cast<int>(in.varint());
  if ((flags & kSha1) != 0) capture.digest = sha1_label(in.bytes(20));
  if ((flags & kOtherDigest) != 0) capture.digest = in.string();
  if ((flags & kRedirect) != 0) capture.redirect = in.string();
  if ((flags & kMethod) != 0) capture.method = in.string();
  if ((flags & kRefersToUri) != 0) capture.refers_to_uri = in.string();
  if ((flags & kRefersToSelf) != 0) capture.refers_to_uri = capture.url;
  if ((flags & kRefersToTime) != 0) {
    capture.refers_to_time = time_of(in.bytes(kTimeBytes));
    if (!capture.refers_to_time)
      return fail(Error::Code::kCorrupt, "a stored capture with a time that is none");
  }
  if (request) capture.request_digest = sha1_label(in.bytes(20));
  if (!in.ok()) return fail(Error::Code::kCorrupt, "a stored capture that ends too early");
  return {};
}

}  // namespace wm::cdx
