#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/url/url.h"
#include "replay/memento/modifier.h"

namespace wm::rewrite {

using memento::Modifier;

/// How the page, sheet or script being rewritten is addressed.
struct Address {
  std::string prefix;     ///< of the collection: "/web/" or "http://replay.example/web/"
  std::string timestamp;  ///< as it goes into the rewritten URLs
  Modifier modifier = Modifier::kNone;  ///< of the page itself: what its links get
  url::Url document;                    ///< the archived URL
  std::string workers_script =
      "/static/wombat/wombatWorkers.js";  ///< what rewritten workers load first
  std::string callback = {};   ///< the function that a JSONP answer is to call; "" = as archived
  bool relative_works = true;  ///< the client's address ends in `document` as it stands, so
                               ///< relative references resolve right
};

/// What becomes of a URL.
struct UrlEdit {
  enum class Kind {
    kLeave,    ///< nothing
    kInsert,   ///< `text` goes before its first byte that is no blank
    kReplace,  ///< all of it becomes `text`
  };
  Kind kind = Kind::kLeave;
  std::string text;
};

/// The rule for one URL (facts: replay 2.3). Absolute, scheme-relative and host-relative references
/// get our prefix before them and are otherwise left as written; path-relative ones resolve right
/// by themselves, save where ".." would climb out of the archived host. Fragments, data:,
/// javascript:, mailto: and every other scheme are left alone. One thread.
class UrlRewriter {
 public:
  explicit UrlRewriter(Address address);

  /// `url` with character references, CSS or JavaScript escapes undone.
  UrlEdit edit(std::string_view url, Modifier modifier) const;
  /// As edit(), but a path-relative reference gets the modifier too.
  UrlEdit edit_all(std::string_view url, Modifier modifier) const;
  /// The whole replay address of a reference, or the reference itself where edit() would leave its
  /// scheme alone.
  std::string rewritten(std::string_view url, Modifier modifier) const;

  /// <base href>: what later references are relative to.
  void set_base(std::string_view href);

  const Address& address() const { return address_; }
  const url::Url& base() const { return base_; }
  /// "/web/20200102030405js_/".
  const std::string& prefix(Modifier modifier) const {
    return prefixes_[static_cast<std::size_t>(modifier)];
  }

 private:
  enum class Relative { kLeave, kRewrite };
  UrlEdit edit(std::string_view url, Modifier modifier, Relative relative) const;
  UrlEdit edit_relative(std::string_view url, Modifier modifier, Relative relative) const;
  UrlEdit replaced(std::string_view url, Modifier modifier) const;
  bool is_ours(std::string_view url) const;
  void learn_base();

  Address address_;
  url::Url base_;
  std::string origin_;     ///< of base_, as a prefix of host-relative references; "" if it has none
  std::string directory_;  ///< of base_, with its origin and the last '/'
  std::size_t depth_ = 0;  ///< folders in it
  bool relative_works_;
  std::array<std::string, 16> prefixes_;
};

}  // namespace wm::rewrite
