#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time14.h"
#include "replay/memento/modifier.h"

namespace wm::memento {

/// A request target of the replay origin, taken apart. The archived URL in it keeps every byte:
/// "?", "//" and "%" are its own.
struct WaybackUrl {
  enum class Kind {
    kMemento,   ///< /<collection>/<timestamp><modifier>/<url>
    kTimeGate,  ///< /<collection>/<url>: the latest, or what Accept-Datetime asks for; also with a
                ///< modifier alone
    kCalendar,  ///< /<collection>/*/<url>, /<collection>/<from>-<to>/<url>
    kTimeMap,   ///< /<collection>/timemap/<format>/<url>, a page of it with 14 digits before <url>
    kCdx,       ///< /<collection>/cdx?…, /cdx/search/cdx?…, /ocdx/<collection>?…
    kHome,      ///< /<collection>/ alone
  };
  enum class TimeMapFormat { kLink, kJson, kCdxj };
  enum class CdxDialect { kPywb, kInternetArchive, kOutback };

  Kind kind = Kind::kMemento;
  std::string collection;
  std::string timestamp;        ///< 14 digits of the time asked for; "" if none
  Time14 time;                  ///< what `timestamp` stands for
  bool full_timestamp = false;  ///< all 14 digits were written
  Modifier modifier = Modifier::kNone;
  std::string url;             ///< with a scheme, and a path where the scheme has one
  bool url_as_written = true;  ///< false if `url` was repaired: relative references of a page at
                               ///< this address would go astray
  std::optional<Time14> from, to;  ///< kCalendar; from: kTimeMap, where its page starts
  bool prefix_match = false;       ///< kCalendar: the URL ended in '*'
  TimeMapFormat format = TimeMapFormat::kLink;
  CdxDialect dialect = CdxDialect::kPywb;
  std::string query;  ///< kCdx: raw, after '?'
  /// False where only a guess makes this a replay URL, since its URL has no scheme:
  /// "/images/logo.png" reads like a collection "images" and a host "logo.png". A Referer may know
  /// better.
  bool certain = true;
};

/// kInvalid with the reason if the target is none of these.
Result<WaybackUrl> parse_wayback_url(std::string_view target);

/// A URL as people and programs write it into a replay address, made whole: "http:/a" and "http:a"
/// get their slashes, "//a" and "a.example/x" a scheme, "http%3A%2F%2Fa" is decoded once, and an
/// absent path becomes "/". kInvalid if no URL comes of it.
Result<std::string> repair_url(std::string_view written);

/// "/web/20200102030405js_/http://a.example/".
std::string replay_path(std::string_view collection, std::string_view timestamp, Modifier modifier,
                        std::string_view url);

}  // namespace wm::memento
