// Values of fields and forms: media types, links, name=value pairs, lists.
#include <cstdint>
#include <string_view>

#include "core/base/result.h"
#include "core/http/body.h"
#include "core/http/media_type.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wm::http;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto media = parse_media_type(bytes)) {
    WM_CHECK(is_token(media->type) && is_token(media->subtype) && media->parameters.size() <= 64);
    WM_CHECK(parse_media_type(media->essence())->essence() == media->essence());
  }
  std::size_t shown = 0;
  for (const LinkValue& link : parse_link_header(bytes)) {
    shown += link.target.size();
    for (const auto& [name, value] : link.parameters) shown += name.size() + value.size();
  }
  WM_CHECK(shown <= size);
  for (const auto& [name, value] : parse_form(bytes)) WM_CHECK(name.size() + value.size() <= size);
  const Headers headers = {{"Content-Type", std::string(bytes)},
                           {"Content-Encoding", std::string(bytes)},
                           {"content-type", "a/b"}};
  WM_CHECK(content_type(headers)->essence() == "a/b");
  WM_CHECK(content_codings(headers).value_or(std::vector<ContentCoding>{}).size() <= 5);
  WM_CHECK(!headers.has_token("Content-Encoding", std::string(size + 1, 'x')));
  return 0;
}
