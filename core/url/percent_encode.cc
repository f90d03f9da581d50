#include "core/base/ascii.h"
#include "core/url/percent_encode_internal.h"
#include "core/url/url.h"

namespace wm::url {

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string percent_encode_component(std::string_view text) {
  static constexpr EncodeSet kAllButUnreserved =
      kC0ControlSet.with(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}");
  std::string out;
  out.reserve(text.size());
  append_encoded(out, text, kAllButUnreserved);
  return out;
}

}  // namespace wm::url
