// RFC 9110 15.3.7.3: combining parts.
#include "replay/stitch.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/log.h"
#include "core/http/body.h"

namespace wm::replay {
namespace {

/// Captures of the URL that are looked at.
constexpr std::size_t kLookedAt = 500;

struct Part {
  cdx::Capture capture;
  ByteRange range;  ///< of the whole body
};

/// A part, and what is taken from it.
struct Segment {
  Part part;
  ByteRange range;
};

/// The parts one after the other, each opened when it is its turn.
class SegmentSource final : public Source {
 public:
  SegmentSource(const resolve::Resolver& resolver, std::vector<Segment> segments)
      : resolver_(resolver), segments_(std::move(segments)) {}

  Result<std::size_t> read(std::span<char> into) override {
    while (current_ || next_ < segments_.size()) {
      if (!current_) WM_TRY(open(segments_[next_++]));
      const std::size_t count = WM_TRY(current_->read(into));
      left_ -= count;
      if (count != 0) return count;
      if (left_ != 0)
        return fail(Error::Code::kCorrupt, "an archived part of a body ends " +
                                               std::to_string(left_) + " bytes too early");
      current_.reset();
    }
    return std::size_t{0};
  }

 private:
  Result<> open(const Segment& segment) {
    auto resolved = WM_TRY(resolver_.resolve(segment.part.capture));
    static_cast<void>(WM_TRY(skip(*resolved.body, segment.range.first - segment.part.range.first)));
    left_ = segment.range.last - segment.range.first + 1;
    current_ = std::make_unique<LimitedSource>(std::move(resolved.body), left_);
    return {};
  }

  const resolve::Resolver& resolver_;
  std::vector<Segment> segments_;
  std::size_t next_ = 0;
  std::unique_ptr<Source> current_;
  std::uint64_t left_ = 0;
};

bool is_plain(const http::Headers& header) {
  const auto codings = http::content_codings(header);
  return codings && codings->empty();
}

bool same_body(const http::Headers& a, const http::Headers& b) {
  for (const char* name : {"ETag", "Last-Modified"}) {
    const auto one = a.find(name);
    const auto other = b.find(name);
    if (one && other) return *one == *other;
  }
  return true;
}

/// What `resolved` holds of a body of `total` bytes.
std::optional<ByteRange> range_of(const resolve::Resolved& resolved, std::uint64_t total) {
  if (resolved.head.status == 200) {
    if (resolved.body_length != total) return std::nullopt;
    return ByteRange{0, total - 1};
  }
  if (resolved.head.status != 206) return std::nullopt;
  const auto told = parse_content_range(resolved.head.headers.find("Content-Range").value_or(""));
  if (!told || told->total != total) return std::nullopt;
  // A record that was cut holds less than its header says.
  if (resolved.body_length && *resolved.body_length < told->range.last - told->range.first + 1)
    return std::nullopt;
  return told->range;
}

/// The fewest parts that hold `wanted`, in order; empty if they do not. At each byte the one that
/// reaches farthest.
std::vector<Segment> cover(const std::vector<Part>& parts, const ByteRange& wanted) {
  std::vector<Segment> segments;
  std::uint64_t at = wanted.first;
  while (at <= wanted.last) {
    const Part* best = nullptr;
    for (const Part& part : parts) {
      if (part.range.first <= at && part.range.last >= at &&
          (best == nullptr || part.range.last > best->range.last))
        best = &part;
    }
    if (best == nullptr) return {};
    const std::uint64_t last = std::min(best->range.last, wanted.last);
    segments.push_back({*best, {at, last}});
    if (last == UINT64_MAX) break;
    at = last + 1;
  }
  return segments;
}

}  // namespace

std::unique_ptr<Source> stitched(const Core& core, const cdx::Capture& first,
                                 const http::Headers& header, const ContentRange& held,
                                 const ByteRange& wanted) {
  if (!held.total || !is_plain(header)) return nullptr;
  const access::Judge judge = core.judge();
  std::vector<Part> parts = {{first, held.range}};
  auto captures = core.index.closest(first.collection, first.surt, first.time);
  auto segments = cover(parts, wanted);
  for (std::size_t seen = 0; segments.empty() && seen < kLookedAt; ++seen) {
    const auto capture = captures.next();
    if (!capture) {
      log::error("replay: parts of {}: {}", first.url, capture.error().what);
      return nullptr;
    }
    if (!*capture) break;
    const int status = (*capture)->status.value_or(206);
    if ((status != 206 && status != 200) || judge(**capture) != access::Access::kAllow) continue;
    const auto resolved = core.resolver.resolve(**capture);
    if (!resolved || !is_plain(resolved->head.headers) ||
        !same_body(header, resolved->head.headers))
      continue;
    const auto range = range_of(*resolved, *held.total);
    if (!range) continue;
    parts.push_back({**capture, *range});
    segments = cover(parts, wanted);
  }
  if (segments.empty()) return nullptr;
  return std::make_unique<SegmentSource>(core.resolver, std::move(segments));
}

}  // namespace wm::replay
