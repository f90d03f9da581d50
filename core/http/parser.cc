// RFC 9112 2 to 6 for the strict mode; what archives hold (and browsers read) for the lenient one.
#include "core/http/parser.h"

#include <algorithm>
#include <cstring>

#include "core/base/ascii.h"

namespace wm::http {

namespace {

constexpr std::size_t kMaxLeadingBlank = 16;
constexpr std::size_t kMaxMethod = 32;
/// Bytes of junk before "HTTP" that browsers overlook.
constexpr std::size_t kStatusLineSlop = 4;

std::unexpected<Error> invalid(std::string_view what, std::size_t offset) {
  return fail(Error::Code::kInvalid,
              std::string(what) + " at byte " + std::to_string(offset) + " of the head");
}

std::size_t leading_blank(std::string_view bytes) noexcept {
  const std::size_t most = std::min(bytes.size(), kMaxLeadingBlank);
  std::size_t count = 0;
  while (count < most && (bytes[count] == '\r' || bytes[count] == '\n')) ++count;
  return count;
}

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}
/// RFC 9110 5.5: what a field value and a reason may hold.
constexpr bool is_text(char c) noexcept {
  return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view take_word(std::string_view& text) noexcept {
  text = trim_blanks(text);
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, end);
  text = trim_blanks(text.substr(end));
  return word;
}

/// What a head is read from: one line after the other, no line seen twice.
class Lines {
 public:
  Lines(std::string_view bytes, Mode mode, HeadLimits limits)
      : bytes_(bytes), mode_(mode), limits_(limits) {}

  /// Whether there is a line; then text() is it without its end. Strict fails on other ends than
  /// CRLF.
  Result<bool> next() {
    start_ = at_;
    const std::size_t reach = std::min(bytes_.size(), limits_.bytes);
    const void* found = at_ < reach ? std::memchr(bytes_.data() + at_, '\n', reach - at_) : nullptr;
    if (found == nullptr) return last(reach);
    std::size_t end = static_cast<std::size_t>(static_cast<const char*>(found) - bytes_.data());
    at_ = end + 1;
    const bool crlf = end > start_ && bytes_[end - 1] == '\r';
    if (crlf) --end;
    text_ = bytes_.substr(start_, end - start_);
    if (!crlf && mode_ == Mode::kStrict) return invalid("LF without CR", at_ - 1);
    if (!crlf) odd_ = true;
    return true;
  }

  std::string_view text() const { return text_; }
  std::size_t start() const { return start_; }  ///< offset of the line
  std::size_t at() const { return at_; }        ///< offset after the line
  Mode mode() const { return mode_; }
  bool strict() const { return mode_ == Mode::kStrict; }
  std::size_t field_limit() const { return limits_.fields; }
  bool odd() const { return odd_; }
  void set_odd() { odd_ = true; }
  void skip(std::size_t count) { at_ += count; }

 private:
  /// No line end any more: what is left is a line if the bytes ended there, and no line if the
  /// limit cut it.
  Result<bool> last(std::size_t reach) {
    if (bytes_.size() > limits_.bytes) {
      if (strict())
        return fail(Error::Code::kTooLarge,
                    "head of more than " + std::to_string(limits_.bytes) + " bytes");
      odd_ = true;
      return false;
    }
    if (at_ == reach) return false;
    text_ = bytes_.substr(at_);
    at_ = bytes_.size();
    odd_ = true;
    if (strict()) return true;
    // Half a line end is none: what a torn head has after its fields is not yet the empty line.
    if (text_.ends_with('\r')) text_.remove_suffix(1);
    return !text_.empty();
  }

  std::string_view bytes_;
  Mode mode_;
  HeadLimits limits_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::string_view text_;
  bool odd_ = false;
};

/// A lenient value: CR and NUL become blanks.
std::string cleaned(std::string_view text, Lines& lines) {
  std::string value(text);
  for (char& c : value) {
    if (c != '\r' && c != '\0') {
      if (!is_text(c)) lines.set_odd();
      continue;
    }
    c = ' ';
    lines.set_odd();
  }
  const std::string_view trimmed = trim_blanks(value);
  return trimmed.size() == value.size() ? value : std::string(trimmed);
}

Result<> add_strict_field(Lines& lines, Headers& headers) {
  const std::string_view line = lines.text();
  if (is_blank(line.front())) return invalid("folded line", lines.start());
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return invalid("line without a colon", lines.start());
  if (!is_token(line.substr(0, colon)))
    return invalid("field name that is no token", lines.start());
  const auto bad =
      std::find_if_not(line.begin() + static_cast<std::ptrdiff_t>(colon), line.end(), is_text);
  if (bad != line.end()) {
    return invalid("control character",
                   lines.start() + static_cast<std::size_t>(bad - line.begin()));
  }
  if (headers.size() >= lines.field_limit()) {
    return fail(Error::Code::kTooLarge,
                "more than " + std::to_string(lines.field_limit()) + " fields");
  }
  headers.add(line.substr(0, colon), trim_blanks(line.substr(colon + 1)));
  return {};
}

/// The field that a folded line goes on. Appending copies nothing again, so that many folds stay
/// linear.
struct OpenField {
  bool any_line = false;
  std::string* value =
      nullptr;  ///< nullptr: the line before was left out, and so is what is folded onto it
};

void unfold(Lines& lines, OpenField& open) {
  lines.set_odd();
  if (open.value == nullptr) return;
  const std::string more = cleaned(lines.text(), lines);
  if (!more.empty() && !open.value->empty()) *open.value += ' ';
  *open.value += more;
}

void add_lenient_field(Lines& lines, Headers& headers, OpenField& open) {
  const std::string_view line = lines.text();
  if (is_blank(line.front()) && open.any_line) return unfold(lines, open);
  open = {.any_line = true, .value = nullptr};
  const std::size_t colon = line.find(':');
  const std::string name = cleaned(line.substr(0, std::min(colon, line.size())), lines);
  if (colon == std::string_view::npos || name.empty() || headers.size() >= lines.field_limit()) {
    lines.set_odd();
    return;
  }
  if (name.size() != colon || !is_token(name)) lines.set_odd();
  headers.add(name, cleaned(line.substr(colon + 1), lines));
  open.value = &(headers.end() - 1)->value;
}

/// Fields up to the empty line; false if the bytes ended before it.
Result<bool> read_fields(Lines& lines, Headers& headers) {
  headers.reserve(std::min<std::size_t>(lines.field_limit(), 16));
  OpenField open;
  while (WM_TRY(lines.next())) {
    if (lines.text().empty()) return true;
    if (lines.strict()) {
      WM_TRY(add_strict_field(lines, headers));
    } else {
      add_lenient_field(lines, headers, open);
    }
  }
  return false;
}

/// To the first line. Strict takes one CRLF before it (RFC 9112 2.2).
Result<> read_first_line(Lines& lines, std::string_view bytes) {
  const std::size_t blank = leading_blank(bytes);
  if (blank > 0) {
    if (lines.strict() && (blank != 2 || !bytes.starts_with("\r\n")))
      return invalid("empty line", 0);
    lines.skip(blank);
    lines.set_odd();
  }
  if (!WM_TRY(lines.next())) return invalid("no first line", 0);
  return {};
}

template <class Head>
Result<ParsedHead<Head>> read_rest(Lines& lines, Head head) {
  ParsedHead<Head> parsed{.head = std::move(head)};
  parsed.complete = WM_TRY(read_fields(lines, parsed.head.headers));
  if (lines.strict() && !parsed.complete) return invalid("head without its empty line", lines.at());
  parsed.length = lines.at();
  parsed.odd = !lines.strict() && (lines.odd() || !parsed.complete);
  return parsed;
}

bool is_http1_version(std::string_view version) noexcept {
  return version.size() == 8 && version.starts_with("HTTP/1.") && is_digit(version[7]);
}

/// origin, absolute, authority or asterisk form (RFC 9112 3.2).
bool is_target(std::string_view method, std::string_view target) noexcept {
  const bool visible = std::all_of(target.begin(), target.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
  });
  if (!visible || target.empty()) return false;
  if (method == "CONNECT")
    return target.find('/') == std::string_view::npos && target.find(':') != std::string_view::npos;
  if (target.front() == '/') return true;
  if (target == "*") return method == "OPTIONS";
  const std::size_t colon = target.find("://");
  return colon != std::string_view::npos && is_alpha(target.front()) &&
         std::all_of(target.begin(), target.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
}

Result<RequestHead> strict_request_line(const Lines& lines) {
  const std::string_view line = lines.text();
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return invalid("request line without three parts", lines.start());
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method) || method.size() > kMaxMethod) return invalid("bad method", lines.start());
  if (!is_target(method, target)) return invalid("bad target", lines.start() + first + 1);
  if (!is_http1_version(version)) {
    const bool http = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                      version[6] == '.' && is_digit(version[7]);
    if (http) return fail(Error::Code::kUnsupported, "HTTP version other than 1.x");
    return invalid("bad version", lines.start() + last + 1);
  }
  return RequestHead{std::string(method), std::string(target), std::string(version), {}};
}

Result<RequestHead> lenient_request_line(Lines& lines) {
  std::string_view line = lines.text();
  const std::string_view method = take_word(line);
  if (!is_token(method) || line.empty()) return invalid("no request line", lines.start());
  RequestHead head{std::string(method), {}, {}, {}};
  const std::size_t blank = line.find_last_of(" \t");
  const std::size_t last = blank == std::string_view::npos ? 0 : blank + 1;
  if (istarts_with(line.substr(last), "HTTP/")) {
    head.version = cleaned(line.substr(last), lines);
    line = trim_blanks(line.substr(0, last));
  } else {
    head.version = "HTTP/0.9";
  }
  head.target = cleaned(line, lines);
  const bool regular =
      is_target(head.method, head.target) && is_http1_version(head.version) &&
      lines.text().size() == head.method.size() + head.target.size() + head.version.size() + 2;
  if (!regular) lines.set_odd();
  return head;
}

Result<ResponseHead> strict_status_line(const Lines& lines) {
  const std::string_view line = lines.text();
  const bool shaped = line.size() >= 13 && is_http1_version(line.substr(0, 8)) && line[8] == ' ' &&
                      line[12] == ' ' && is_digit(line[9]) && is_digit(line[10]) &&
                      is_digit(line[11]) && line[9] != '0';
  if (!shaped) return invalid("bad status line", lines.start());
  const std::string_view reason = line.substr(13);
  if (!std::all_of(reason.begin(), reason.end(), is_text))
    return invalid("control character in the reason", lines.start());
  const int status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  return ResponseHead{std::string(line.substr(0, 8)), status, std::string(reason), {}};
}

/// Leading digits, nine at most; 0 if there are none or more.
int lenient_status(std::string_view& text) noexcept {
  std::size_t count = 0;
  int status = 0;
  while (count < text.size() && is_digit(text[count])) {
    if (count < 9) status = status * 10 + (text[count] - '0');
    ++count;
  }
  text = trim_blanks(text.substr(count));
  return count <= 9 ? status : 0;
}

Result<ResponseHead> lenient_status_line(Lines& lines) {
  std::string_view line = lines.text();
  const std::size_t http = ifind(line.substr(0, kStatusLineSlop + 4), "HTTP");
  const bool icy = istarts_with(line, "ICY") && (line.size() == 3 || is_blank(line[3]));
  if (http == std::string_view::npos && !icy) return invalid("no status line", lines.start());
  if (!icy) line.remove_prefix(http);
  ResponseHead head;
  head.version = cleaned(take_word(line), lines);
  head.status = lenient_status(line);
  head.reason = cleaned(line, lines);
  if (!strict_status_line(lines)) lines.set_odd();
  return head;
}

}  // namespace

std::optional<std::size_t> head_length(std::string_view bytes, std::size_t seen) noexcept {
  const std::size_t start = leading_blank(bytes);
  std::size_t at = std::max(start, std::min(seen, bytes.size()));
  while (at < bytes.size()) {
    const void* found = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
    if (found == nullptr) return std::nullopt;
    const std::size_t end =
        static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    std::size_t before = end;
    if (before > start && bytes[before - 1] == '\r') --before;
    if (before == start || bytes[before - 1] == '\n') return end + 1;
    at = end + 1;
  }
  return std::nullopt;
}

Result<ParsedHead<RequestHead>> parse_request_head(std::string_view bytes, Mode mode,
                                                   HeadLimits limits) {
  Lines lines(bytes, mode, limits);
  WM_TRY(read_first_line(lines, bytes));
  RequestHead line =
      WM_TRY(mode == Mode::kStrict ? strict_request_line(lines) : lenient_request_line(lines));
  auto parsed = WM_TRY(read_rest(lines, std::move(line)));
  if (mode == Mode::kStrict) WM_TRY(request_framing(parsed.head));
  return parsed;
}

Result<ParsedHead<ResponseHead>> parse_response_head(std::string_view bytes, Mode mode,
                                                     HeadLimits limits) {
  Lines lines(bytes, mode, limits);
  WM_TRY(read_first_line(lines, bytes));
  ResponseHead line =
      WM_TRY(mode == Mode::kStrict ? strict_status_line(lines) : lenient_status_line(lines));
  return read_rest(lines, std::move(line));
}

Result<ParsedHead<Headers>> parse_fields(std::string_view bytes, Mode mode, HeadLimits limits) {
  Lines lines(bytes, mode, limits);
  ParsedHead<Headers> parsed;
  parsed.complete = WM_TRY(read_fields(lines, parsed.head));
  parsed.length = lines.at();
  parsed.odd = mode == Mode::kLenient && lines.odd();
  return parsed;
}

Result<ParsedHead<ResponseHead>> parse_archived_response_head(std::string_view bytes,
                                                              HeadLimits limits) {
  std::size_t before = 0;
  auto parsed = WM_TRY(parse_response_head(bytes, Mode::kLenient, limits));
  // Each turn takes bytes off, so that many interim heads stay linear.
  while (parsed.complete && parsed.head.status >= 100 && parsed.head.status < 200 &&
         parsed.head.status != 101) {
    auto next = parse_response_head(bytes.substr(before + parsed.length), Mode::kLenient, limits);
    if (!next) break;
    before += parsed.length;
    parsed = std::move(*next);
  }
  parsed.length += before;
  return parsed;
}

}  // namespace wm::http
