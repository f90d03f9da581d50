#include "replay/resolve/resolver.h"

#include <algorithm>
#include <utility>

#include "core/base/digest.h"
#include "core/http/parser.h"
#include "core/url/surt.h"
#include "core/warc/reader.h"

namespace wm::resolve {

/// A record's own HTTP head and the bytes after it.
struct Resolver::Stored {
  http::ResponseHead head;
  bool has_head = false;
  std::unique_ptr<Source> body;  ///< as stored: maybe chunked
  std::optional<std::uint64_t> body_length;
  warc::RecordType type = warc::RecordType::kUnknown;
};

namespace {

/// Reads up to the end of the head, by doubling, so that a short head costs one read.
Result<std::string> read_head(Source& block) {
  std::string bytes;
  for (std::size_t want = 16 << 10; want <= http::kArchiveHeadLimits.bytes; want *= 2) {
    const std::size_t seen = bytes.size();
    WM_TRY(peek(block, bytes, want));
    if (bytes.size() < want || http::head_length(bytes, seen > 4 ? seen - 4 : 0)) break;
  }
  return bytes;
}

bool same_payload(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || normalized_digest(a) == normalized_digest(b);
}

/// The framing is undone here, once: after this `head` tells only of content codings.
void undo_framing(http::ResponseHead& head, std::unique_ptr<Source>& body,
                  std::optional<std::uint64_t>& length) {
  if (!head.headers.has("Transfer-Encoding")) return;
  // Chunks in a record may be gone already although the header says otherwise: the lenient reader
  // knows.
  body = http::dechunk_leniently(std::move(body));
  length.reset();
  head.headers.remove("Transfer-Encoding");
}

}  // namespace

Resolver::Resolver(const cdx::CdxIndex& index, std::filesystem::path warcs_root,
                   ResolveLimits limits)
    : index_(index),
      segments_(index.segments()),
      files_(std::move(warcs_root)),
      open_([this](const std::string& relative) { return files_.open(relative); }),
      limits_(limits) {}

Result<Resolved> Resolver::resolve(const cdx::Capture& capture) const {
  return resolve(capture, limits_.revisit_depth);
}

Result<Resolved> Resolver::resolve(const cdx::Capture& capture, std::size_t depth) const {
  auto stored = WM_TRY(read(capture));
  if (stored.type == warc::RecordType::kRevisit)
    return with_original(capture, std::move(stored), depth);
  if (stored.head.status == 304) return before_304(capture, depth);
  undo_framing(stored.head, stored.body, stored.body_length);
  return Resolved{capture, std::move(stored.head), std::move(stored.body), stored.body_length};
}

Result<Resolver::Stored> Resolver::read(const cdx::Capture& capture) const {
  auto record = WM_TRY(cdx::open_record(segments_, open_, capture));
  Stored stored;
  stored.type = record.type();
  const bool is_http =
      stored.type == warc::RecordType::kResponse || stored.type == warc::RecordType::kRevisit;
  if (is_http) {
    auto bytes = WM_TRY(read_head(record.block()));
    if (auto parsed = http::parse_archived_response_head(bytes)) {
      stored.has_head = true;
      stored.head = std::move(parsed->head);
      if (record.content_length && *record.content_length >= parsed->length) {
        stored.body_length = *record.content_length - parsed->length;
      }
      bytes.erase(0, parsed->length);
    } else {
      stored.body_length = record.content_length;
    }
    stored.body = std::make_unique<PeekedSource>(std::move(bytes), std::move(record.block_));
  } else {
    stored.body_length = record.content_length;
    stored.body = std::move(record.block_);
  }
  if (!stored.has_head) {
    stored.head.status = capture.status.value_or(200);
    if (const auto type = record.field("Content-Type"); type && !is_http)
      stored.head.headers.add("Content-Type", *type);
  }
  return stored;
}

Result<Resolved> Resolver::with_original(const cdx::Capture& revisit, Stored own,
                                         std::size_t depth) const {
  if (own.has_head && own.head.status == 304) return before_304(revisit, depth);
  if (depth == 0)
    return fail(Error::Code::kCorrupt, "revisits of revisits without end at " + revisit.url);
  auto original = WM_TRY(by_reference(revisit, depth));
  if (!original) original = WM_TRY(by_digest(revisit, depth));
  if (!original)
    return fail(Error::Code::kNotFound, "no original for the revisit of " + revisit.url);
  original->capture = revisit;
  if (!own.has_head) return std::move(*original);
  // The revisit tells what was answered, the original how its bytes are coded.
  http::Headers& headers = own.head.headers;
  headers.remove("Transfer-Encoding");
  headers.remove("Content-Encoding");
  for (const auto coding : original->head.headers.all("Content-Encoding"))
    headers.add("Content-Encoding", coding);
  original->head = std::move(own.head);
  return std::move(*original);
}

Result<Resolved> Resolver::before_304(const cdx::Capture& capture, std::size_t depth) const {
  if (depth == 0) return fail(Error::Code::kCorrupt, "304s without end at " + capture.url);
  if (capture.is_revisit() && capture.refers_to_uri) {
    cdx::Capture any_payload = capture;  // the digest of a 304 is often that of nothing
    any_payload.digest.clear();
    if (auto named = WM_TRY(by_reference(any_payload, depth))) {
      named->capture = capture;
      return std::move(*named);
    }
  }
  Time14 before = capture.time;
  for (std::size_t tried = 0; tried < limits_.candidates; ++tried) {
    const auto earlier = WM_TRY(index_.previous(capture.collection, capture.surt, before));
    if (!earlier) break;
    before = earlier->time;
    if (earlier->status.value_or(0) != 200 && !earlier->is_revisit()) continue;
    auto found = resolve(*earlier, depth - 1);
    if (!found || found->head.status != 200) continue;
    found->capture = capture;
    return found;
  }
  return fail(Error::Code::kNotFound, "nothing before the 304 of " + capture.url);
}

Result<std::optional<Resolved>> Resolver::by_reference(const cdx::Capture& revisit,
                                                       std::size_t depth) const {
  if (!revisit.refers_to_uri) return std::nullopt;
  const Time14 when = revisit.refers_to_time.value_or(revisit.time);
  std::size_t tried = 0;
  for (const std::string& key : url::surt_variants(*revisit.refers_to_uri)) {
    auto captures = index_.closest(revisit.collection, key, when);
    while (tried++ < limits_.candidates) {
      const auto original = WM_TRY(captures.next());
      if (!original || (revisit.refers_to_time && original->time != when)) break;
      if (auto found = try_original(revisit, *original, depth)) return found;
    }
  }
  return std::nullopt;
}

Result<std::optional<Resolved>> Resolver::by_digest(const cdx::Capture& revisit,
                                                    std::size_t depth) const {
  if (revisit.digest.empty()) return std::nullopt;
  const auto original = WM_TRY(index_.by_digest(revisit.collection, revisit.digest));
  if (!original) return std::nullopt;
  return try_original(revisit, *original, depth);
}

/// A damaged original is passed over as if it were not there: another may hold the same payload.
std::optional<Resolved> Resolver::try_original(const cdx::Capture& revisit,
                                               const cdx::Capture& original,
                                               std::size_t depth) const {
  if (original.file == revisit.file && original.offset == revisit.offset) return std::nullopt;
  if (!same_payload(revisit.digest, original.digest)) return std::nullopt;
  auto found = resolve(original, depth - 1);
  if (!found) return std::nullopt;
  return std::move(*found);
}

}  // namespace wm::resolve
