#include <algorithm>

#include "server/bookmarks/csv_internal.h"

namespace wm::bookmarks {

std::string CsvReader::quoted() {
  std::string value;
  ++at_;
  while (at_ < text_.size()) {
    const std::size_t quote = std::min(text_.find('"', at_), text_.size());
    line_ += static_cast<std::uint64_t>(
        std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                   text_.begin() + static_cast<std::ptrdiff_t>(quote), '\n'));
    value += text_.substr(at_, quote - at_);
    at_ = quote + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    value += '"';
    ++at_;
  }
  at_ = std::min(at_, text_.size());
  return value;
}

std::string CsvReader::field() {
  std::string value;
  if (at_ < text_.size() && text_[at_] == '"') value = quoted();
  const std::size_t begin =
      at_;  // what follows a closing quote is taken as it is, as spreadsheets do
  while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r')
    ++at_;
  value += text_.substr(begin, at_ - begin);
  return value;
}

bool CsvReader::next(std::vector<std::string>& row) {
  row.clear();
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r'))
    line_ += text_[at_++] == '\n';
  if (at_ >= text_.size()) return false;
  row_line_ = line_;
  for (;;) {
    row.push_back(field());
    if (at_ >= text_.size() || text_[at_] != separator_) break;
    ++at_;
  }
  return true;
}

char separator_of(std::string_view text) {
  const std::string_view first = text.substr(0, text.find_first_of("\r\n"));
  const auto count = [&](char c) { return std::count(first.begin(), first.end(), c); };
  return count('\t') > count(',') ? '\t' : count(';') > count(',') ? ';' : ',';
}

}  // namespace wm::bookmarks
