#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "archiver/crawl/link_extractor.h"

namespace wm::crawl {

/// Resolves, filters and gathers what an extractor finds.
class LinkCollector {
 public:
  explicit LinkCollector(const ExtractLimits& limits) : limits_(limits) {}

  /// `reference` is UTF-8. What names no other http(s) resource is passed over: fragments, data:,
  /// javascript: …
  void add(std::string_view reference, const url::Url& base, html::UrlRole role);
  const ExtractLimits& limits() const { return limits_; }
  void note_cut() { extracted_.cut = true; }
  Extracted take() { return std::move(extracted_); }

 private:
  const ExtractLimits limits_;
  Extracted extracted_;
  std::set<std::pair<std::string, html::UrlRole>> seen_;
};

// The parts of links_of_… that other extractors use for what is embedded in their input.
void collect_css(std::string_view utf8, const url::Url& base, LinkCollector& into);
void collect_script(std::string_view bytes, const url::Url& base, ScriptKind kind,
                    LinkCollector& into);
void collect_import_map(std::string_view json, const url::Url& base, LinkCollector& into);

/// A refresh that a reader would hardly see happen is part of opening the page; one that reloads
/// the news every five minutes is not.
bool is_prompt_refresh(std::string_view value) noexcept;

}  // namespace wm::crawl
