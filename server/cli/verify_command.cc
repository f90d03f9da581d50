#include <fmt/format.h>

#include <cstdio>

#include "server/cli/calls.h"
#include "server/cli/commands.h"

namespace wm::cli {

using nlohmann::json;

namespace {

/// Lines of JSON that come in pieces; keeps the last, which is the report.
class Findings {
 public:
  explicit Findings(bool as_json) : as_json_(as_json) {}
  void take(std::string_view piece) {
    rest_ += piece;
    std::size_t begin = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos; begin = end + 1, end = rest_.find('\n', begin)) line(rest_.substr(begin, end - begin));
    rest_.erase(0, begin);
  }
  const json& report() const { return last_; }

 private:
  void line(const std::string& text) {
    last_ = json::parse(text, nullptr, false);
    if (as_json_) {
      std::printf("%s\n", text.c_str());
    } else if (last_.is_object() && last_.contains("file")) {
      std::printf("%s at %s: %s\n", last_.value("file", "").c_str(), std::to_string(last_.value("offset", std::uint64_t{0})).c_str(), last_.value("what", "").c_str());
    }
  }
  const bool as_json_;
  std::string rest_;
  json last_;
};

}  // namespace

int verify(const Common& common, bool fix_index) {
  auto client = Client::connect_existing(common.data, common.settings);
  if (!client) return failed(client.error());
  Findings findings(common.json);
  const auto reply = (*client)->download("POST", "/api/v1/verify", printable({{"fix_index", fix_index}}), [&findings](std::string_view piece) -> Result<> {
    findings.take(piece);
    return {};
  });
  if (!reply) return failed(reply.error());
  if (reply->status >= 400 || !findings.report().is_object() || !findings.report().contains("findings")) {
    const json told = json::parse(reply->body, nullptr, false);
    return failed(Error{Error::Code::kInvalid, told.is_object() && told.contains("error") ? told["error"].value("message", "") : fmt::format("status {}", reply->status)});
  }
  const auto number = [&findings](const char* name) { return findings.report().value(name, std::uint64_t{0}); };
  if (!common.json) {
    std::printf("%s\n", fmt::format("{} files, {} records, {} findings, {} files indexed anew", number("files"), number("records"), number("findings"), number("fixed")).c_str());
  }
  return number("findings") == (fix_index ? number("of_index") : 0) ? 0 : 1;
}

}  // namespace wm::cli
