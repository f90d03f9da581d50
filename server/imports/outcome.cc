#include "server/imports/outcome.h"

#include <nlohmann/json.hpp>

namespace wm::imports {

using nlohmann::json;

namespace {

constexpr std::size_t kErrorsTold = 1000;

}  // namespace

void Outcome::take_signature(const wacz::Signature& found) {
  signature = wacz::name_of(found.state);
  signer = found.signer;
}

void Outcome::add_error(std::string member, std::optional<std::uint64_t> offset, std::string reason) {
  if (++error_count <= kErrorsTold) errors.push_back({std::move(member), offset, std::move(reason)});
}

void Outcome::add_damage(const std::string& member, const std::vector<warc::Damage>& damage) {
  for (const warc::Damage& one : damage) add_error(member, one.offset, one.reason);
}

std::string Outcome::to_json() const {
  json told = json::array();
  for (const Trouble& one : errors) {
    json error = {{"offset", one.offset ? json(*one.offset) : json()}, {"reason", one.reason}};
    if (!one.member.empty()) error["member"] = one.member;
    told.push_back(std::move(error));
  }
  json result = {{"file", file},         {"kind", name_of(kind)}, {"warc", warcs.empty() ? json() : json(warcs.front())},
                       {"warcs", warcs},       {"already_imported", already_imported}, {"records", records},
                       {"captures", captures}, {"skipped", skipped}, {"pages", pages}, {"links", links},
                       {"errors", told},       {"error_count", error_count}};
  if (kind == Kind::kBookmarks) {
    result["queued"] = queued;
    result["lines"] = json::array();
    for (const Line& one : lines) result["lines"].push_back({{"line", one.line}, {"url", one.url}, {"reason", one.reason}});
  }
  if (!signature.empty()) result["signature"] = {{"state", signature}, {"signer", signer.empty() ? json() : json(signer)}};
  return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace wm::imports
