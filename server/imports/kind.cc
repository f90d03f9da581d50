#include "server/imports/kind.h"

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/file.h"
#include "core/charset/charset.h"
#include "core/http/body.h"
#include "server/bookmarks/reader.h"

namespace wm::imports {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHead = 64 * 1024;
constexpr std::size_t kFilesMost = 100000;
constexpr std::size_t kEntriesMost = 5'000'000;

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

/// "WARC/" at the start of a line: junk may come before the first record.
bool has_version_line(std::string_view head) {
  for (std::size_t at = head.find("WARC/"); at != head.npos; at = head.find("WARC/", at + 1)) {
    if ((at == 0 || head[at - 1] == '\n') && at + 5 < head.size() && is_digit(head[at + 5])) return true;
  }
  return false;
}

/// The signatures of HTML in the MIME Sniffing Standard, without those that plain text may begin with as well.
bool is_html(std::string_view head) {
  constexpr std::array<std::string_view, 11> kStarts = {"<!doctype html", "<html", "<head", "<body", "<title", "<meta", "<script", "<style", "<link", "<div", "<h1"};
  for (head = without_blanks(head); head.starts_with("<!--"); head = without_blanks(head)) {
    const std::size_t end = head.find("-->", 4);
    if (end == head.npos) return false;
    head.remove_prefix(end + 3);
  }
  if (head.starts_with("<?xml")) {
    const std::size_t end = head.find("?>");
    head = end == head.npos ? "" : without_blanks(head.substr(end + 2));
  }
  return std::any_of(kStarts.begin(), kStarts.end(), [head](std::string_view start) {
    return istarts_with(head, start) && head.size() > start.size() && !is_alnum(head[start.size()]);
  });
}

/// {"log": {"version" or "creator" …: HAR 1.1 and 1.2 have it first and alone.
bool is_har(std::string_view head) {
  head = without_blanks(head);
  if (!head.starts_with('{')) return false;
  head = without_blanks(head.substr(1));
  if (!head.starts_with("\"log\"")) return false;
  head = without_blanks(head.substr(5));
  return head.starts_with(':') && without_blanks(head.substr(1)).starts_with('{');
}

std::optional<Kind> kind_of_text(std::string_view head) {
  if (istarts_with(head, "filedesc:")) return Kind::kArc;
  if (has_version_line(head)) return Kind::kWarc;
  return std::nullopt;
}

bool is_archive_name(const fs::path& path, std::string_view kind) {
  const std::string name = to_lower(path.filename().string());
  for (const char* end : {"", ".gz", ".zst", ".gz.open", ".open"}) {
    if (name.ends_with(std::string(kind) + end)) return true;
  }
  return false;
}

std::optional<Kind> kind_of_name(const fs::path& path) {
  if (is_archive_name(path, ".warc")) return Kind::kWarc;
  if (is_archive_name(path, ".arc")) return Kind::kArc;
  return is_archive_name(path, ".wacz") ? std::optional(Kind::kWacz) : std::nullopt;
}

/// An end-of-directory record in the tail: a zip with something before it, or a self-extracting one.
Result<bool> ends_as_zip(const ReadFile& file) {
  const std::uint64_t size = WM_TRY(file.size());
  std::string tail(std::min<std::uint64_t>(size, 65557), '\0');
  tail.resize(WM_TRY(file.read_at(size - tail.size(), tail)));
  return tail.find(std::string_view("PK\x05\x06", 4)) != tail.npos;
}

Result<std::string> decoded_head(std::shared_ptr<const ReadFile> file, http::ContentCoding coding) {
  const auto source = http::decode(file_source(std::move(file), 0, 4 * kHead), coding, {.bytes = 16 * kHead});
  std::string head(kHead, '\0');
  std::size_t got = 0;
  while (got < head.size()) {
    const auto more = source->read(std::span<char>(head).subspan(got));
    if (!more || *more == 0) break;  // damage is the reader's business: what came is enough, or is not
    got += *more;
  }
  head.resize(got);
  return head;
}

}  // namespace

std::string_view name_of(Kind kind) noexcept {
  constexpr std::array<std::string_view, 6> kNames = {"warc", "arc", "wacz", "har", "html", "bookmarks"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<std::optional<Kind>> kind_of(const fs::path& path) {
  const auto file = WM_TRY(ReadFile::open(path));
  std::string head(kHead, '\0');
  head.resize(WM_TRY(file->read_at(0, head)));
  if (head.starts_with("\x1f\x8b")) {
    const auto kind = kind_of_text(WM_TRY(decoded_head(file, http::ContentCoding::kGzip)));
    return kind ? kind : kind_of_name(path);
  }
  // A frame with a dictionary for WARC says what it is; others must be decoded.
  if (head.starts_with("\x5d\x2a\x4d\x18")) return Kind::kWarc;
  if (head.starts_with("\x28\xb5\x2f\xfd")) {
    const auto kind = kind_of_text(WM_TRY(decoded_head(file, http::ContentCoding::kZstd)));
    return kind ? kind : kind_of_name(path);
  }
  if (head.starts_with(std::string_view("PK\x03\x04", 4))) return Kind::kWacz;
  if (const auto kind = kind_of_text(head)) return kind;
  const auto bom = charset::encoding_of_bom(head);
  const std::string text = bom ? charset::to_utf8(head, *bom).value_or(head) : head;
  const auto bookmarks = bookmarks::format_of(head);
  if (bookmarks == bookmarks::Format::kNetscape) return Kind::kBookmarks;  // HTML too
  if (is_html(text)) return Kind::kHtml;
  if (is_har(text)) return Kind::kHar;
  if (const auto kind = kind_of_name(path)) return kind;
  if (WM_TRY(ends_as_zip(*file))) return Kind::kWacz;
  return bookmarks ? std::optional(Kind::kBookmarks) : std::nullopt;
}

Result<Found> find_files(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return Found{.files = {path}, .ignored = 0};
  Found found;
  std::size_t entries = 0;
  for (fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, error), end; !error && at != end; at.increment(error)) {
    if (++entries > kEntriesMost) return fail(Error::Code::kTooLarge, "more than 5,000,000 files in " + path.string());
    if (!at->is_regular_file(error)) continue;
    const auto kind = kind_of(at->path());
    if (!kind || !*kind || **kind == Kind::kBookmarks) {
      ++found.ignored;
    } else {
      found.files.push_back(at->path());
    }
    if (found.files.size() > kFilesMost) return fail(Error::Code::kTooLarge, "more than 100,000 archives in " + path.string() + "; import its folders one by one");
  }
  if (error) return fail(Error::Code::kIo, "cannot look through " + path.string() + ": " + error.message());
  std::sort(found.files.begin(), found.files.end());
  return found;
}

}  // namespace wm::imports
