#include "core/warc/head_parser.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "core/base/ascii.h"
#include "core/warc/record_start.h"

namespace wm::warc {

namespace {

constexpr std::size_t kMaxNotes = 16;
constexpr std::size_t kEssentialBytes = 64 * 1024;

/// Fields kept beyond the limits, once each: without them a record cannot be read or placed.
constexpr std::string_view kEssential[] = {
    "Content-Length",     "WARC-Type",           "WARC-Record-ID", "WARC-Date",
    "WARC-Target-URI",    "WARC-Payload-Digest", "Content-Type",   "WARC-Refers-To-Target-URI",
    "WARC-Refers-To-Date"};

bool is_essential(std::string_view name) noexcept {
  return std::any_of(std::begin(kEssential), std::end(kEssential),
                     [name](std::string_view e) { return iequals(e, name); });
}

std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Something of a bad line for the report.
std::string excerpt(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::string shown = valid_utf8(text.substr(0, kMost));
  std::replace_if(
      shown.begin(), shown.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return '"' + shown + (text.size() > kMost ? "…\"" : "\"");
}

bool has_cr_or_nul(std::string_view text) noexcept {
  return std::memchr(text.data(), '\r', text.size()) != nullptr ||
         std::memchr(text.data(), '\0', text.size()) != nullptr;
}

}  // namespace

std::size_t HeadParser::feed(std::string_view bytes) {
  std::size_t at = 0;
  while (state_ == State::kMore && at < bytes.size()) {
    const std::string_view rest = bytes.substr(at);
    const void* end = std::memchr(rest.data(), '\n', rest.size());
    const std::size_t taken =
        end == nullptr ? rest.size()
                       : static_cast<std::size_t>(static_cast<const char*>(end) - rest.data()) + 1;
    if (end != nullptr && partial_.empty() && !overlong_) {
      line(rest.substr(0, taken), taken > limits_.header_bytes, /*whole=*/true);
      if (state_ == State::kNextStart) return at;
    } else {
      const std::size_t room =
          limits_.header_bytes - std::min(limits_.header_bytes, partial_.size());
      overlong_ = overlong_ || taken > room;
      partial_.append(rest.substr(0, std::min(taken, room)));
      if (end != nullptr) {
        const std::string whole = std::move(partial_);
        partial_.clear();
        line(whole, overlong_, /*whole=*/false);
        overlong_ = false;
      }
    }
    at += taken;
  }
  return at;
}

void HeadParser::line(std::string_view text, bool overlong, bool whole) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
  } else if (!overlong) {
    ++bare_lf_;
  }
  if (version_.empty()) {
    version_ = std::string(trim(text));
    return;
  }
  if (text.empty() && !overlong) {
    state_ = State::kDone;
    return;
  }
  if (overlong) {
    over_ = true;
    last_kept_ = false;
    note("a head line of more than " + std::to_string(limits_.header_bytes) +
         " bytes, left out: " + excerpt(text));
    return;
  }
  if (text.front() == ' ' || text.front() == '\t') return fold(text);
  std::size_t length = 0;
  if (whole && to_lower(text.front()) == 'w' && text.size() < 64 &&
      match_version_line(std::string(text) + "\n", true, length) == Match::kYes) {
    state_ = State::kNextStart;
    return;
  }
  field(text);
}

void HeadParser::field(std::string_view text) {
  const std::size_t colon = text.find(':');
  last_kept_ = false;
  if (colon == std::string_view::npos)
    return note("a head line without a colon, left out: " + excerpt(text));
  const std::string_view name = trim_blanks(text.substr(0, colon));
  if (name.empty()) return note("a field without a name, left out: " + excerpt(text));
  if (name.size() != colon) note("a blank around a field name: " + excerpt(text));
  const std::string_view value = trim_blanks(text.substr(colon + 1));
  if (fields_.size() < limits_.header_fields && kept_bytes_ + text.size() <= limits_.header_bytes)
    return add(name, value);
  if (!over_)
    note("more head than " + std::to_string(limits_.header_fields) + " fields or " +
         std::to_string(limits_.header_bytes) + " bytes; the rest is left out");
  over_ = true;
  if (text.size() <= kEssentialBytes && is_essential(name) && !fields_.has(name)) add(name, value);
}

void HeadParser::fold(std::string_view text) {
  text = trim_blanks(text);
  if (!last_kept_ || text.empty()) return;
  if (kept_bytes_ + text.size() > limits_.header_bytes) {
    over_ = true;
    return note("a folded value goes beyond " + std::to_string(limits_.header_bytes) +
                " bytes and is cut");
  }
  kept_bytes_ += text.size();
  std::string& value = (fields_.end() - 1)->value;
  if (!value.empty()) value += ' ';
  std::copy_if(text.begin(), text.end(), std::back_inserter(value),
               [](char c) { return c != '\r' && c != '\0'; });
}

void HeadParser::add(std::string_view name, std::string_view value) {
  kept_bytes_ += name.size() + value.size();
  last_kept_ = true;
  if (!has_cr_or_nul(value)) return fields_.add(name, value);
  note("a bare CR or NUL in a value, taken out: " + excerpt(value));
  std::string clean(value);
  std::erase_if(clean, [](char c) { return c == '\r' || c == '\0'; });
  fields_.add(name, clean);
}

void HeadParser::note(std::string reason) {
  if (notes_.size() < kMaxNotes) notes_.push_back(std::move(reason));
}

bool HeadParser::has_version() const {
  std::size_t length = 0;
  return match_version_line(version_ + "\n", true, length) == Match::kYes;
}

void HeadParser::finish(std::string& version, http::Headers& fields,
                        std::vector<std::string>& notes) {
  version = to_lower(version_);
  if (version.starts_with("warc/")) version.replace(0, 4, "WARC");
  if (version != version_) notes_.push_back("the version line is " + excerpt(version_));
  if (version != "WARC/1.1" && version != "WARC/1.0" && version != "WARC/0.18" &&
      version != "WARC/0.17") {
    notes_.push_back("unknown version, read as 1.1: " + excerpt(version_));
  }
  if (bare_lf_ > 0) notes_.push_back(std::to_string(bare_lf_) + " head lines end in LF alone");
  fields = std::move(fields_);
  notes = std::move(notes_);
}

}  // namespace wm::warc
