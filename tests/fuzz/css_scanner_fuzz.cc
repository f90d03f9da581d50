#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/css/css_scanner.h"

namespace {

using namespace wm::css;

struct Check final : CssScanner::Sink {
  std::string_view input;
  std::size_t next = 0;
  std::vector<std::string> uses;

  void take(std::string_view bytes) {
    WM_CHECK(input.substr(next, bytes.size()) == bytes);
    next += bytes.size();
  }
  void on_bytes(std::string_view bytes) override { take(bytes); }
  void on_url(const UrlUse& use) override {
    WM_CHECK(use.begin == next && use.end == next + use.raw.size() && !use.raw.empty());
    take(use.raw);
    uses.push_back(std::to_string(static_cast<int>(use.kind)) + use.quote +
                   std::to_string(use.begin) + use.url);
    // A URL written anew reads back the same.
    const std::string quote = use.quote == 0 ? "" : std::string(1, use.quote);
    std::string read;
    for_each_url("url(" + quote + escape_url(use.url, use.quote) + quote + ")",
                 [&read](const UrlUse& again) { read = again.url; });
    WM_CHECK(read == use.url);
  }
};

std::vector<std::string> run(std::string_view input, std::size_t piece) {
  Check check;
  check.input = input;
  CssScanner scanner(check);
  for (std::size_t at = 0; at < input.size(); at += piece) scanner.feed(input.substr(at, piece));
  scanner.finish();
  WM_CHECK(check.next == input.size());
  return std::move(check.uses);
}

}  // namespace

/// The first byte chooses the size of the pieces; the rest is a style sheet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = run(input, std::max<std::size_t>(input.size(), 1));
  WM_CHECK(run(input, 1 + data[0] % 16) == whole);
  WM_CHECK(run(input, std::max<std::size_t>(input.size() / 2, 1)) == whole);
  return 0;
}
