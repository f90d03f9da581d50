#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/wacz/signature.h"
#include "core/warc/record.h"
#include "server/imports/kind.h"

namespace wm::imports {

/// What an import tells when it is over; the result of its job. docs/formats/jobs.md.
struct Outcome {
  struct Trouble {
    std::string member;                    ///< of a WACZ; "" for the file itself
    std::optional<std::uint64_t> offset;   ///< in the member
    std::string reason;
  };

  /// What of a bookmark file was not taken over.
  struct Line {
    std::uint64_t line = 0;
    std::string url;
    std::string reason;
  };

  std::string file;
  Kind kind = Kind::kWarc;
  std::vector<std::string> warcs;  ///< where it is kept, below data/warcs
  std::string signature;           ///< of a WACZ: "valid", "invalid", "unsigned"
  std::string signer;              ///< whose it is, if valid
  bool already_imported = false;
  std::uint64_t records = 0;
  std::uint64_t captures = 0;      ///< new ones
  std::uint64_t skipped = 0;
  std::uint64_t pages = 0;         ///< to be searched
  std::uint64_t links = 0;         ///< new ones
  std::vector<Trouble> errors;     ///< at most 1000
  std::uint64_t error_count = 0;
  std::vector<Line> lines;         ///< of a bookmark file: the first of the skipped
  std::uint64_t queued = 0;        ///< captures that were asked for

  void take_signature(const wacz::Signature& found);
  void add_error(std::string member, std::optional<std::uint64_t> offset, std::string reason);
  void add_damage(const std::string& member, const std::vector<warc::Damage>& damage);
  /// JSON on one line, whatever bytes are in it.
  std::string to_json() const;
};

}  // namespace wm::imports
