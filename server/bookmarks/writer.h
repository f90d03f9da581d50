#pragma once

#include <string>
#include <string_view>

#include "server/bookmarks/bookmark.h"
#include "server/bookmarks/reader.h"

namespace wm::bookmarks {

/// Writes bookmarks piece by piece: begin(), entry() for each, end(). What goes out comes back
/// equal through read_bookmarks(), but for `content` and `line`, and, in Netscape's format, times
/// to the second; browsers and other link managers read it too.
class Writer {
 public:
  /// kNetscape, kCsv or kJson; a list of addresses is written as CSV.
  explicit Writer(Format format) : format_(format) {}
  std::string begin();
  std::string entry(const Bookmark& bookmark);
  std::string end();
  std::string_view media_type() const;
  std::string_view file_suffix() const;  ///< ".html", ".csv", ".json"

 private:
  const Format format_;
  bool first_ = true;
};

}  // namespace wm::bookmarks
