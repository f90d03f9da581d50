#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/source.h"
#include "core/http/body.h"
#include "core/http/message.h"
#include "indexer/cdx/cdx_index.h"
#include "replay/resolve/open_files.h"

namespace wm::resolve {

/// A capture with its answer: what a client would have got then.
struct Resolved {
  cdx::Capture capture;     ///< the one asked for
  http::ResponseHead head;  ///< its own status and header; for what was not modified, those of the
                            ///< response it confirms
  std::unique_ptr<Source> body;              ///< de-chunked, still content-coded as `head` says
  std::optional<std::uint64_t> body_length;  ///< of `body`, if the record tells
};

struct ResolveLimits {
  std::size_t revisit_depth = 4;  ///< revisits of revisits
  std::size_t candidates = 20;    ///< records looked at for one original
};

/// Finds the stored bytes of a capture: its record; for a revisit the record it refers to (by URI
/// and date, else by payload digest); for 304 Not Modified the 200 before it. resolve() from many
/// threads.
class Resolver {
 public:
  Resolver(const cdx::CdxIndex& index, std::filesystem::path warcs_root, ResolveLimits limits = {});
  /// kNotFound when an original is in no WARC we have; kCorrupt, kIo, kDenied when a record cannot
  /// be read.
  Result<Resolved> resolve(const cdx::Capture& capture) const;

 private:
  struct Stored;
  Result<Resolved> resolve(const cdx::Capture& capture, std::size_t depth) const;
  Result<Stored> read(const cdx::Capture& capture) const;
  Result<Resolved> with_original(const cdx::Capture& revisit, Stored own, std::size_t depth) const;
  Result<Resolved> before_304(const cdx::Capture& capture, std::size_t depth) const;
  Result<std::optional<Resolved>> by_reference(const cdx::Capture& revisit,
                                               std::size_t depth) const;
  Result<std::optional<Resolved>> by_digest(const cdx::Capture& revisit, std::size_t depth) const;
  std::optional<Resolved> try_original(const cdx::Capture& revisit, const cdx::Capture& original,
                                       std::size_t depth) const;

  const cdx::CdxIndex& index_;
  const cdx::Segments segments_;
  OpenFiles files_;
  const cdx::OpenFile open_;
  ResolveLimits limits_;
};

/// Bytes already read, then the rest of the stream they came from.
class PeekedSource final : public Source {
 public:
  PeekedSource(std::string peeked, std::unique_ptr<Source> rest)
      : peeked_(std::move(peeked)), rest_(std::move(rest)) {}
  Result<std::size_t> read(std::span<char> into) override;

 private:
  std::string peeked_;
  std::size_t given_ = 0;
  std::unique_ptr<Source> rest_;
};

/// Reads until `peeked` holds `count` bytes or the stream ends. What had been read when it failed
/// stays in `peeked`.
Result<> peek(Source& source, std::string& peeked, std::size_t count);

}  // namespace wm::resolve
