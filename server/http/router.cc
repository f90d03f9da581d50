#include "server/http/router.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "server/http/status.h"

namespace wm::server {

std::string_view PathValues::get(std::string_view name) const {
  for (const auto& [key, value] : values) {
    if (key == name) return value;
  }
  return {};
}

Router::Router(std::vector<Route> routes, Gate gate)
    : routes_(std::move(routes)), gate_(std::move(gate)) {
  for (std::size_t i = 0; i < routes_.size(); ++i)
    compiled_.push_back({compile(routes_[i].pattern), i});
  std::sort(compiled_.begin(), compiled_.end(), comes_before);
}

std::vector<Router::Segment> Router::compile(std::string_view pattern) {
  using Kind = Segment::Kind;
  WM_CHECK(pattern.starts_with('/'));
  std::vector<Segment> segments;
  for (const std::string_view part : split(pattern.substr(1), '/')) {
    WM_CHECK(segments.empty() || segments.back().kind != Kind::kRest);
    if (!part.starts_with('{')) {
      segments.push_back({Kind::kLiteral, std::string(part)});
      continue;
    }
    WM_CHECK(part.ends_with('}'));
    const std::string_view inner = part.substr(1, part.size() - 2);
    const std::size_t colon = inner.find(':');
    const std::string_view form =
        colon == std::string_view::npos ? std::string_view() : inner.substr(colon + 1);
    WM_CHECK(form.empty() || form == "raw" || form == "rest");
    const Kind kind = form == "rest" ? Kind::kRest : form == "raw" ? Kind::kRaw : Kind::kOne;
    segments.push_back({kind, std::string(inner.substr(0, colon))});
  }
  return segments;
}

bool Router::comes_before(const Compiled& a, const Compiled& b) {
  const auto rank = [](const Segment& segment) {
    switch (segment.kind) {
      case Segment::Kind::kLiteral:
        return 0;
      case Segment::Kind::kRest:
        return 2;
      default:
        return 1;
    }
  };
  const auto less = [&](const Segment& x, const Segment& y) { return rank(x) < rank(y); };
  const auto before = [&](const Compiled& x, const Compiled& y) {
    return std::lexicographical_compare(x.segments.begin(), x.segments.end(), y.segments.begin(),
                                        y.segments.end(), less);
  };
  if (before(a, b) || before(b, a)) return before(a, b);
  return a.route < b.route;  // of equals the first in the table
}

bool Router::match(const Compiled& compiled, std::string_view target, PathValues& values) {
  const std::size_t path_end = std::min(target.find('?'), target.size());
  std::size_t at = 1;  // after the first '/'
  for (std::size_t i = 0; i < compiled.segments.size(); ++i) {
    const Segment& segment = compiled.segments[i];
    if (at > path_end) return false;  // the path has fewer segments
    if (segment.kind == Segment::Kind::kRest) {
      values.values.emplace_back(segment.text, target.substr(at));
      return true;
    }
    const std::size_t end = std::min(target.find('/', at), path_end);
    const std::string_view raw = target.substr(at, end - at);
    at = end + 1;
    if (segment.kind == Segment::Kind::kLiteral) {
      const bool same = raw.find('%') == std::string_view::npos
                            ? raw == segment.text
                            : percent_decode(raw) == segment.text;
      if (!same) return false;
    } else if (raw.empty()) {
      return false;
    } else {
      values.values.emplace_back(segment.text, segment.kind == Segment::Kind::kRaw
                                                   ? std::string(raw)
                                                   : percent_decode(raw));
    }
  }
  return at == path_end + 1;
}

Response Router::handle(const Request& request) const {
  std::vector<std::string> methods;  // of the patterns that match
  const Route* head_by_get = nullptr;
  PathValues get_values;
  const std::string_view target = request.head.target;
  if (!target.starts_with('/')) return refuse(request, {});
  for (const Compiled& compiled : compiled_) {
    PathValues values;
    if (!match(compiled, target, values)) continue;
    const Route& route = routes_[compiled.route];
    if (route.method == request.method()) {
      if (auto refusal = gate_ ? gate_(request, route.permission) : std::nullopt)
        return std::move(*refusal);
      return route.handler(request, values);
    }
    if (route.method == "GET" && request.method() == "HEAD" && head_by_get == nullptr) {
      head_by_get = &route;
      get_values = std::move(values);
    }
    methods.push_back(route.method);
  }
  if (head_by_get == nullptr) return refuse(request, std::move(methods));
  if (auto refusal = gate_ ? gate_(request, head_by_get->permission) : std::nullopt)
    return std::move(*refusal);
  return head_by_get->handler(request, get_values);
}

bool Router::knows(const Request& request) const {
  PathValues values;
  return std::any_of(compiled_.begin(), compiled_.end(), [&](const Compiled& compiled) { return match(compiled, request.head.target, values); });
}

/// 404, 405, or the answer to OPTIONS.
Response Router::refuse(const Request& request, std::vector<std::string> methods) const {
  const bool whole_server = request.head.target == "*";
  if (whole_server) {
    for (const Route& route : routes_) methods.push_back(route.method);
  }
  if (methods.empty()) return error_response(Error{Error::Code::kNotFound, {}});
  methods.push_back("OPTIONS");
  if (std::find(methods.begin(), methods.end(), "GET") != methods.end()) methods.push_back("HEAD");
  std::sort(methods.begin(), methods.end());
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  std::string allow;
  for (const std::string& method : methods) allow += (allow.empty() ? "" : ", ") + method;
  Response response =
      request.method() == "OPTIONS"
          ? Response{.status = 204}
          : error_response(405, "method_not_allowed", "This address does not take that method.");
  response.headers.set("Allow", allow);
  return response;
}

}  // namespace wm::server
