#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wm::bookmarks {

/// Rows of RFC 4180 with any line end; quotes may hold separators and line ends. A quote that never
/// ends holds the rest. Linear.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {}
  /// False at the end. Rows of nothing are passed over.
  bool next(std::vector<std::string>& row);
  std::uint64_t line() const { return row_line_; }  ///< where the last row began, from 1

 private:
  std::string field();
  std::string quoted();
  std::string_view text_;
  const char separator_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t row_line_ = 1;
};

/// ',', ';' or a tab: what is most often in the first line.
char separator_of(std::string_view text);

}  // namespace wm::bookmarks
