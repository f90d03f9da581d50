#include "indexer/search/snippet.h"

#include <algorithm>
#include <set>

#include "core/base/ascii.h"

namespace wm::search {
namespace {

bool is_tail(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// East Asian wide, roughly: three bytes and above U+2E80, or four.
std::size_t columns_of(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead >= 0xf0) return 2;
  return lead >= 0xe3 || (lead == 0xe2 && at + 1 < text.size() &&
                          static_cast<unsigned char>(text[at + 1]) >= 0xba)
             ? 2
             : 1;
}

bool is_wide(std::string_view text, std::size_t at) {
  return at < text.size() && columns_of(text, at) == 2;
}

struct Fragment {
  std::size_t begin;
  std::size_t end;
};

std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && is_tail(text[at])) ++at;
  return at;
}

std::size_t previous_character(std::string_view text, std::size_t at) {
  --at;
  while (at > 0 && is_tail(text[at])) --at;
  return at;
}

/// May a text be cut before `at`? Between words, and between characters of a script without blanks.
bool is_cut(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size() || is_space(text[at]) || is_space(text[at - 1])) return true;
  return is_wide(text, at) || is_wide(text, previous_character(text, at));
}

/// So many columns to the left of `at`, then to the nearest cut towards `at`; a word longer than
/// that is cut anywhere.
std::size_t left_of(std::string_view text, std::size_t at, std::size_t columns) {
  std::size_t begin = at;
  while (begin > 0) {
    const std::size_t before = previous_character(text, begin);
    const std::size_t width = columns_of(text, before);
    if (width > columns) break;
    columns -= width;
    begin = before;
  }
  for (std::size_t cut = begin; cut < at; cut = next_character(text, cut)) {
    if (is_cut(text, cut)) return cut;
  }
  return at;
}

std::size_t right_of(std::string_view text, std::size_t at, std::size_t columns) {
  std::size_t end = at;
  while (end < text.size()) {
    const std::size_t width = columns_of(text, end);
    if (width > columns) break;
    columns -= width;
    end = next_character(text, end);
  }
  for (std::size_t cut = end; cut > at; cut = previous_character(text, cut)) {
    if (is_cut(text, cut)) return cut;
  }
  return at;
}

std::size_t width_of(std::string_view text, std::size_t begin, std::size_t end,
                     std::size_t enough) {
  std::size_t columns = 0;
  for (std::size_t at = begin; at < end && columns <= enough; at = next_character(text, at))
    columns += columns_of(text, at);
  return columns;
}

/// The marks from `first` that fit into one fragment.
std::size_t last_that_fits(std::string_view text, const std::vector<Mark>& marks, std::size_t first,
                           std::size_t columns) {
  std::size_t last = first;
  while (last + 1 < marks.size() && marks[last + 1].end - marks[first].begin <= columns * 4 &&
         width_of(text, marks[first].begin, marks[last + 1].end, columns) <= columns) {
    ++last;
  }
  return last;
}

struct Window {
  std::size_t first;
  std::size_t last;
};

/// The window that shows most needles not shown yet; of equals the one with more hits, then the
/// earlier.
std::optional<Window> best_window(std::string_view text, const std::vector<Mark>& marks,
                                  const std::vector<bool>& used, const std::set<std::size_t>& shown,
                                  std::size_t columns) {
  constexpr std::size_t kNewWorth = 10;
  std::optional<Window> best;
  std::size_t best_worth = 0;
  for (std::size_t first = 0; first < marks.size(); ++first) {
    if (used[first]) continue;
    const std::size_t last = last_that_fits(text, marks, first, columns);
    std::set<std::size_t> fresh;
    std::size_t worth = 0;
    std::size_t end = first;
    for (std::size_t i = first; i <= last && !used[i]; ++i, end = i) {
      worth += shown.contains(marks[i].needle)        ? 0
               : fresh.insert(marks[i].needle).second ? kNewWorth
                                                      : 0;
      worth += i - first < kNewWorth / 2 ? 1 : 0;
    }
    if (worth <= best_worth) continue;
    best_worth = worth;
    best = Window{first, end - 1};
  }
  return best;
}

void escape_into(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (!is_space(c) && static_cast<unsigned char>(c) >= 0x20) {
          out += c;
        } else if (!out.empty() && out.back() != ' ') {
          out += ' ';
        }
    }
  }
}

std::string html_of(std::string_view text, const std::vector<Mark>& marks,
                    const Fragment& fragment) {
  std::string out;
  if (fragment.begin > 0) out += "…";
  std::size_t at = fragment.begin;
  for (const auto& mark : marks) {
    if (mark.begin < at || mark.end > fragment.end) continue;
    escape_into(out, text.substr(at, mark.begin - at));
    out += "<mark>";
    escape_into(out, text.substr(mark.begin, mark.end - mark.begin));
    out += "</mark>";
    at = mark.end;
  }
  escape_into(out, text.substr(at, fragment.end - at));
  while (out.ends_with(' ')) out.pop_back();
  if (fragment.end < text.size()) out += "…";
  return out;
}

Fragment around(std::string_view text, const std::vector<Mark>& marks, const Window& window,
                std::size_t columns) {
  const std::size_t begin = marks[window.first].begin;
  const std::size_t end = marks[window.last].end;
  const std::size_t used = std::min(columns, width_of(text, begin, end, columns));
  const std::size_t spare = columns - used;
  // A third before the hits, the rest after them; at the end of the text the other way round.
  Fragment fragment{left_of(text, begin, spare / 3), right_of(text, end, spare - spare / 3)};
  while (fragment.begin < begin && is_space(text[fragment.begin])) ++fragment.begin;
  return fragment;
}

}  // namespace

std::vector<std::string> snippets(std::string_view text, const std::vector<Mark>& marks,
                                  SnippetOptions options) {
  std::vector<Fragment> fragments;
  std::vector<bool> used(marks.size());
  std::set<std::size_t> shown;
  while (fragments.size() < options.fragments) {
    const auto window = best_window(text, marks, used, shown, options.columns / 2);
    if (!window) break;
    const Fragment fragment = around(text, marks, *window, options.columns);
    // Marks within what is shown already make no fragment of their own.
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (marks[i].end <= fragment.begin || marks[i].begin >= fragment.end) continue;
      used[i] = true;
      shown.insert(marks[i].needle);
    }
    for (std::size_t i = window->first; i <= window->last; ++i) used[i] = true;
    fragments.push_back(fragment);
  }
  std::sort(fragments.begin(), fragments.end(),
            [](const Fragment& a, const Fragment& b) { return a.begin < b.begin; });
  std::vector<Fragment> apart;
  for (const auto& fragment : fragments) {
    if (!apart.empty() && fragment.begin <= apart.back().end) {
      apart.back().end = std::max(apart.back().end, fragment.end);
    } else {
      apart.push_back(fragment);
    }
  }
  std::vector<std::string> out;
  out.reserve(apart.size());
  for (const auto& fragment : apart) out.push_back(html_of(text, marks, fragment));
  return out;
}

}  // namespace wm::search
