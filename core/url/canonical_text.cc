#include <algorithm>
#include <vector>

#include "core/base/ascii.h"
#include "core/url/canonical_internal.h"
#include "core/url/percent_encode_internal.h"

namespace wm::url {

using Ampersand = CanonicalOptions::EncodedAmpersand;

std::string unescape_repeatedly(std::string_view text, Ampersand ampersand) {
  if (text.find('%') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    out += c;
    // Escapes cannot overlap, so the order of decoding does not matter: doing it at the end of what
    // is already decoded gives the same text as pass after pass over the whole, but in linear time
    // for "%25252525…".
    while (out.size() >= 3 && out[out.size() - 3] == '%') {
      const int high = hex_value(out[out.size() - 2]);
      const int low = hex_value(out[out.size() - 1]);
      if (high < 0 || low < 0) break;
      const char decoded = static_cast<char>(high * 16 + low);
      if (decoded == '&' && ampersand == Ampersand::kKeep) break;
      out.resize(out.size() - 2);
      out.back() = decoded;
    }
  }
  return out;
}

std::string escape_once(std::string_view text, Ampersand ampersand) {
  static constexpr EncodeSet kEscaped = kC0ControlSet.with(" #%");
  if (std::none_of(text.begin(), text.end(), [](char c) { return kEscaped.has(c); }))
    return std::string(text);
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool kept = ampersand == Ampersand::kKeep && text.substr(i, 3) == "%26";
    if (kEscaped.has(text[i]) && !kept) {
      append_percent_encoded(out, text[i]);
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string normalize_path(std::string_view path) {
  if (path.empty()) return "/";
  if (path.starts_with('/') && path.find("//") == std::string_view::npos &&
      path.find("/.") == std::string_view::npos) {
    return std::string(path);
  }
  std::vector<std::string_view> kept;
  // What is before the first slash is no segment.
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;) {
    const std::size_t next = path.find('/', slash + 1);
    const std::string_view segment =
        path.substr(slash + 1, next == std::string_view::npos ? next : next - slash - 1);
    slash = next;
    if (segment == ".") continue;
    if (segment == ".." && !kept.empty()) {
      kept.pop_back();
    } else {
      kept.push_back(segment);
    }
  }
  std::string out = "/";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    out += kept[i];
    if (i + 1 < kept.size() && !kept[i].empty()) out += '/';
  }
  return out;
}

std::string sort_query(std::string query) {
  if (query.size() <= 1) return query;
  struct Argument {
    std::string_view name;
    std::string_view rest;  ///< "" or "=value"
    std::string_view text;
    bool operator<(const Argument& other) const {
      const int order = name.compare(other.name);
      return order != 0 ? order < 0 : rest < other.rest;
    }
  };
  std::vector<Argument> arguments;
  arguments.reserve(static_cast<std::size_t>(std::count(query.begin(), query.end(), '&')) + 1);
  const std::string_view all = query;
  for (std::size_t from = 0; from <= all.size();) {
    const std::size_t end = std::min(all.find('&', from), all.size());
    const std::string_view text = all.substr(from, end - from);
    const std::size_t equals = std::min(text.find('='), text.size());
    arguments.push_back({text.substr(0, equals), text.substr(equals), text});
    from = end + 1;
  }
  if (std::is_sorted(arguments.begin(), arguments.end())) return query;
  std::sort(arguments.begin(), arguments.end());
  std::string out;
  out.reserve(query.size());
  for (const Argument& argument : arguments) {
    if (&argument != &arguments.front()) out += '&';
    out += argument.text;
  }
  return out;
}

std::string escape_blanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f) {
      append_percent_encoded(out, c);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace wm::url
