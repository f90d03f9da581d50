#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <iterator>

#include "core/url/surt.h"
#include "core/url/url.h"
#include "replay/rewrite/rewrite.h"
#include "server/cli/calls.h"
#include "server/cli/commands.h"

namespace wm::cli {

using nlohmann::json;

namespace {

std::string standard_input() { return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()}; }

std::string cdx_target(const CdxOptions& options) {
  std::string target = "/api/v1/cdx?url=" + url::percent_encode_component(options.url);
  const auto add = [&target](const char* name, const std::string& value) {
    if (!value.empty()) target += fmt::format("&{}={}", name, url::percent_encode_component(value));
  };
  add("matchType", options.match_type);
  add("from", options.from);
  add("to", options.to);
  add("collection", options.collection);
  add("limit", options.limit);
  add("output", options.output);
  add("fields", options.fields);
  add("closest", options.closest);
  for (const auto& one : options.filters) add("filter", one);
  for (const auto& one : options.collapse) add("collapse", one);
  if (options.reverse) add("sort", "reverse");
  return target;
}

}  // namespace

int cdx(const Common& common, const CdxOptions& options) {
  auto client = Client::connect_existing(common.data, common.settings);
  if (!client) return failed(client.error());
  const auto print = [](std::string_view piece) -> Result<> {
    if (std::fwrite(piece.data(), 1, piece.size(), stdout) == piece.size()) return {};
    return fail(Error::Code::kIo, "writing to standard output");
  };
  const auto reply = (*client)->download("GET", cdx_target(options), {}, print);
  if (!reply) return failed(reply.error());
  if (reply->status != 200) {
    const json told = json::parse(reply->body, nullptr, false);
    return failed(Error{Error::Code::kInvalid, told.is_object() && told.contains("error") ? told["error"].value("message", "") : fmt::format("status {}", reply->status)});
  }
  std::fwrite(reply->body.data(), 1, reply->body.size(), stdout);
  return 0;
}

int add_user(const Common& common, const std::string& name) {
  auto client = Client::connect(common.data, common.settings);
  if (!client) return failed(client.error());
  std::string password;
  std::getline(std::cin, password);
  const auto made = call_json(**client, "POST", "/api/v1/users", {{"name", name}, {"password", password}});
  return made ? 0 : failed(made.error());
}

int create_token(const Common& common, const std::string& user, const std::string& label, const std::string& scope) {
  auto client = Client::connect(common.data, common.settings);
  if (!client) return failed(client.error());
  const auto made = call_json(**client, "POST", "/api/v1/tokens", {{"user", user}, {"label", label}, {"scope", scope}});
  if (!made) return failed(made.error());
  std::printf("%s\n", made->value("token", "").c_str());
  return 0;
}

int tool_surt() {
  std::string line;
  while (std::getline(std::cin, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::printf("%s\n", url::surt(line).c_str());
  }
  return 0;
}

int tool_rewrite(const RewriteOptions& options) {
  if (const auto url = url::Url::parse(options.url); !url || !url->is_http()) {
    std::fprintf(stderr, "waymark: --url must be an http or https address, not %s\n", options.url.c_str());
    return 2;
  }
  const auto rewritten = rewrite::rewrite_all(standard_input(), options.type, options.url, options.timestamp, options.modifier, options.prefix);
  if (!rewritten) return failed(rewritten.error());
  std::fwrite(rewritten->data(), 1, rewritten->size(), stdout);
  return 0;
}

}  // namespace wm::cli
