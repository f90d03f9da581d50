#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/source.h"
#include "core/base/time14.h"
#include "core/http/headers.h"

namespace wm::warc {

enum class RecordType {
  kWarcinfo,
  kResponse,
  kResource,
  kRequest,
  kMetadata,
  kRevisit,
  kConversion,
  kContinuation,
  kUnknown,  ///< an extension type, or none: skipped by who does not know it
};
RecordType record_type(std::string_view name) noexcept;
std::string_view name_of(RecordType type) noexcept;

/// Something in a file that is not as it should be. Ordinary news, not a failure: reading goes on.
struct Damage {
  std::uint64_t offset;  ///< in the file as stored
  std::string reason;    ///< what is wrong and what the reader did about it
};

/// One WARC (or ARC) record. The block is a stream that dies with the next WarcReader::next().
struct WarcRecord {
  std::string version;       ///< "WARC/1.1", "ARC/1" …
  http::Headers fields;      ///< named fields as written; for ARC, made from the URL record line
  std::uint64_t offset = 0;  ///< of the gzip member or, uncompressed, of the version line
  std::optional<std::uint64_t>
      length;  ///< bytes as stored; known when the block was read or skipped to its end
  std::optional<std::uint64_t> content_length;  ///< as declared, if it was a number
  bool own_member = true;                       ///< the record can be read on its own at `offset`
  std::vector<Damage> damage;

  RecordType type() const;
  std::string_view id() const;  ///< WARC-Record-ID with its brackets; "" if missing
  /// WARC-Target-URI without angle brackets around it.
  std::string target_uri() const;
  std::optional<SysMicros> date() const;
  std::optional<std::string_view> field(std::string_view name) const { return fields.find(name); }

  Source& block() { return *block_; }
  /// The whole block where it lies in memory anyway (all but the large ones); lives as long as
  /// block() may be read.
  std::optional<std::string_view> block_bytes;
  std::unique_ptr<Source> block_;  ///< set by the reader
};

}  // namespace wm::warc
