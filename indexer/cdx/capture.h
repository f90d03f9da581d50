#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/time14.h"

namespace wm::cdx {

/// One URL at one time as the index knows it: a CDX line. A value.
struct Capture {
  std::string collection = "web";
  std::string surt;
  Time14 time;
  std::string url;   ///< as in WARC-Target-URI
  std::string mime;  ///< essence of Content-Type, "warc/revisit" for revisits, "unk" if unknown
  std::optional<int> status;
  std::string digest;                   ///< "sha1:BASE32" …; "" if unknown
  std::optional<std::string> redirect;  ///< absolute Location of a 3xx
  std::string file;                     ///< relative to data/warcs, '/'-separated
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::optional<std::string> method;  ///< if not GET
  std::string request_digest = {};    ///< of the body asked with, if there was one: sha1:BASE32
  /// Revisits only: what the record names as its original.
  std::optional<std::string> refers_to_uri;
  std::optional<Time14> refers_to_time;

  bool is_revisit() const { return mime == "warc/revisit"; }
  friend bool operator==(const Capture&, const Capture&) = default;
};

}  // namespace wm::cdx
