// What a browser may say: any bytes, cut anywhere. The first byte says how they are cut.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "archiver/browser/devtools_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(data + 1, data + size);
  const std::size_t piece = 1u + data[0];
  constexpr std::size_t kLimit = 512;
  std::string whole, cut;
  const auto read = [&](std::size_t step, std::string& seen) {
    wm::browser::MessageFramer framer(kLimit);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      framer.feed(std::string_view(bytes).substr(at, step),
                  [&](std::string_view text, wm::browser::MessageFramer::Whole is_whole) {
                    if (text.size() > kLimit) std::abort();
                    seen.append(text).push_back(
                        is_whole == wm::browser::MessageFramer::Whole::kYes ? '\1' : '\2');
                    static_cast<void>(wm::browser::number_of_answer(text));
                    const auto message = wm::browser::parse_message(text);
                    if (!message) return;
                    static_cast<void>(wm::browser::string_in(*message, "method"));
                    static_cast<void>(wm::browser::string_in(
                        wm::browser::object_in(*message, "params"), "sessionId"));
                    static_cast<void>(wm::browser::number_in(*message, "id"));
                  });
    }
  };
  read(bytes.size() + 1, whole);
  read(piece, cut);
  if (whole != cut) std::abort();  // how the bytes arrive changes nothing
  return 0;
}
