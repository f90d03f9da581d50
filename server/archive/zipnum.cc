#include "server/archive/zipnum.h"

#include <nlohmann/json.hpp>

#include "core/base/digest.h"
#include "core/url/surt.h"
#include "indexer/cdx/cdx_index.h"

namespace wm::archive {

using json = nlohmann::ordered_json;

namespace {

constexpr const char* kFile = "index.cdx.gz";

/// What a POST sent is in our key alone, in its query.
std::string key_of(const cdx::Capture& capture) {
  std::string url = capture.url;
  if (const std::size_t query = capture.surt.find('?'); capture.method && query != std::string::npos) {
    url = url.substr(0, url.find_first_of("?#")) + capture.surt.substr(query);
  }
  std::string key = url::surt_warcio_js(url);
  for (char& c : key) {
    if (static_cast<unsigned char>(c) <= 0x20) c = '+';  // ends the field
  }
  return key;
}

}  // namespace

Result<> ZipNum::add(std::string_view cdxj_line) {
  const cdx::Capture capture = WM_TRY(cdx::from_cdxj(cdxj_line));
  return lines_.add(key_of(capture).append(cdxj_line.substr(cdxj_line.find(' '))));
}

Result<std::string> ZipNum::block() {
  std::string text, first;
  for (std::size_t count = 0; count < kLines; ++count) {
    const auto line = WM_TRY(lines_.next());
    if (!line) break;
    if (count == 0) first = line->substr(0, line->find(" {"));
    text.append(*line).append("\n");
  }
  if (text.empty()) return std::string();
  std::string member(WM_TRY(gzip_.compress(text)));
  const json place = {{"offset", at_}, {"length", member.size()}, {"digest", "sha256:" + sha256_hex(member)}, {"filename", kFile}};
  WM_TRY(entries_.add(first + " " + place.dump(-1, ' ', false, json::error_handler_t::replace)));
  at_ += member.size();
  return member;
}

Result<std::optional<std::string>> ZipNum::entry() {
  if (!std::exchange(headed_, true)) return R"(!meta 0 {"format":"cdxj-gzip-1.0","filename":"index.cdx.gz"})" "\n";
  auto line = WM_TRY(entries_.next());
  if (line) line->push_back('\n');
  return line;
}

}  // namespace wm::archive
