#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/charset/charset.h"
#include "core/url/url.h"
#include "indexer/text/page_text.h"
#include "server/imports/conversion.h"

namespace wm::imports {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHead = 256 * 1024;

std::optional<unsigned> number(std::string_view digits) {
  const auto value = parse_u64(digits);
  return value && *value < 10000 ? std::optional(static_cast<unsigned>(*value)) : std::nullopt;
}

/// "+0100" as minutes.
std::optional<int> zone(std::string_view text) {
  if (text.starts_with("GMT")) text.remove_prefix(3);
  if (text.empty()) return 0;
  if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hours = number(text.substr(1, 2)), minutes = number(text.substr(3));
  if (!hours || !minutes) return std::nullopt;
  const int all = static_cast<int>(*hours * 60 + *minutes);
  return text[0] == '-' ? -all : all;
}

/// Date.prototype.toString of ECMAScript: "Tue Jan 02 2024 10:11:12 GMT+0100 (…)". ISO dates too.
std::optional<SysMicros> script_date(std::string_view text) {
  if (const auto iso = parse_w3c_date(trim(text))) return iso;
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::vector<std::string_view> words;
  for (const std::string_view word : split(trim(text).substr(0, 100), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() < 6 || words[1].size() != 3 || words[4].size() != 8) return std::nullopt;
  const std::size_t month = kMonths.find(words[1]);
  const auto day = number(words[2]), year = number(words[3]);
  const auto offset = zone(words[5]);
  if (month == kMonths.npos || month % 3 != 0 || !day || !year || !offset) return std::nullopt;
  const auto time = Time14::parse(fmt::format("{:04}{:02}{:02}{}{}{}", *year, month / 3 + 1, *day, words[4].substr(0, 2), words[4].substr(3, 2), words[4].substr(6, 2)));
  if (!time) return std::nullopt;
  return SysMicros(time->time() - std::chrono::minutes(*offset));
}

/// The rest of the line that begins with `name`, blanks before it left out.
std::optional<std::string_view> line_after(std::string_view text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (istarts_with(line, name)) return trim(line.substr(name.size()));
  }
  return std::nullopt;
}

std::optional<std::string> web_url(std::string_view text) {
  const auto url = url::Url::parse(trim(text));
  return url && url->is_http() ? std::optional(url->href()) : std::nullopt;
}

/// "saved from url=(0023)http://a.example/" of browsers: the number is the URL's length.
std::optional<std::string> saved_from(std::string_view comment) {
  const std::size_t at = ifind(comment, "saved from url=(");
  if (at == comment.npos) return std::nullopt;
  const std::size_t close = comment.find(')', at);
  if (close == comment.npos) return std::nullopt;
  const auto length = parse_u64(comment.substr(at + 16, close - at - 16));
  std::string_view url = trim(comment.substr(close + 1));
  if (length && *length < url.size()) url = url.substr(0, *length);
  return web_url(url);
}

SysMicros file_time(const fs::path& file) {
  std::error_code error;
  const auto written = fs::last_write_time(file, error);
  if (error) return now_micros();
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::file_clock::to_sys(written));
}

Result<std::string> sha1_of(const std::shared_ptr<const ReadFile>& file) {
  const auto source = file_source(file);
  Digester digester(Digester::Algorithm::kSha1);
  std::vector<char> buffer(1 << 18);
  for (;;) {
    const std::size_t got = WM_TRY(source->read(buffer));
    if (got == 0) return sha1_label(digester.finish());
    digester.update({buffer.data(), got});
  }
}

}  // namespace

std::optional<Origin> origin_of_page(std::string_view head) {
  for (std::size_t at = head.find("<!--"); at != head.npos; at = head.find("<!--", at)) {
    at += 4;
    const std::size_t end = std::min(head.find("-->", at), head.size());
    const std::string_view comment = head.substr(at, end - at);
    at = end;
    if (const auto url = saved_from(comment)) return Origin{.url = *url, .time = {}};
    const auto line = line_after(comment, "url:");
    const auto date = line_after(comment, "saved date:");
    if (!line || (!date && ifind(comment, "SingleFile") == comment.npos)) continue;
    if (const auto url = web_url(*line)) return Origin{.url = *url, .time = date ? script_date(*date) : std::nullopt};
  }
  return std::nullopt;
}

Result<Converted> page_to_warc(const fs::path& path, const std::string& url, warc::WarcWriter& writer) {
  const auto file = WM_TRY(ReadFile::open(path));
  std::string head(kHead, '\0');
  head.resize(WM_TRY(file->read_at(0, head)));
  const auto guess = charset::sniff_charset(head, std::nullopt);
  const std::string text = charset::to_utf8(head, guess.encoding).value_or(head);
  Origin origin = origin_of_page(text).value_or(Origin{});
  if (!url.empty()) {
    auto given = web_url(url);
    if (!given) return fail(Error::Code::kInvalid, "no web address to file a page under: " + url);
    origin.url = std::move(*given);
  }
  if (origin.url.empty()) {
    return fail(Error::Code::kInvalid, path.string() + " does not tell which address it was saved from (SingleFile and most browsers write it in); give it with --url");
  }
  const SysMicros time = origin.time.value_or(file_time(path));
  const std::uint64_t size = WM_TRY(file->size());
  const std::string digest = WM_TRY(sha1_of(file));
  // What the page says of its own charset is the browser's to read; where it says nothing, we say what it is.
  const bool told = guess.from == charset::CharsetGuess::From::kBom || guess.from == charset::CharsetGuess::From::kMeta;
  const std::string type = told ? "text/html" : "text/html; charset=" + guess.encoding;
  const warc::Event event{.target_uri = origin.url, .date = time, .ip_address = {}, .protocols = {}, .cipher_suite = {}, .page_id = {}, .resource_type = "document"};
  const auto source = file_source(file);
  WM_TRY(writer.write_stream(warc::resource(event, type, digest), "", *source, size, digest));
  Converted converted;
  converted.captures = 1;
  const auto page = text::extract_text({.body = head, .mime = "text/html", .charset = {}, .content_language = {}});
  converted.pages.push_back({.url = origin.url, .time = time, .title = page ? page->title : ""});
  return converted;
}

}  // namespace wm::imports
