#include "replay/fuzzy/matcher.h"

#include <algorithm>

#include "core/base/log.h"

namespace wm::fuzzy {
namespace {

constexpr std::size_t kFileBytes = 4 << 20;
/// Rules that find nothing before it is given up.
constexpr std::size_t kRulesTried = 4;

Result<Rules> parse_logged(const std::string& name, std::string_view content) {
  std::vector<Rules::Complaint> complaints;
  auto rules = Rules::parse(content, complaints);
  if (!rules) log::error("{}: {}; the rules stay as they were", name, rules.error().what);
  for (const auto& complaint : complaints)
    log::error("{}:{}: {}; this rule is passed over", name, complaint.line, complaint.what);
  return rules;
}

struct Found {
  std::size_t shared;  ///< arguments in common with what was asked for
  std::string key;
};

std::size_t shared_arguments(const KeyParts& wanted, std::string_view key) {
  const auto arguments = parts_of(key).arguments;
  return static_cast<std::size_t>(
      std::count_if(arguments.begin(), arguments.end(), [&](std::string_view one) {
        return std::find(wanted.arguments.begin(), wanted.arguments.end(), one) !=
               wanted.arguments.end();
      }));
}

/// One rule at work.
class Search {
 public:
  Search(const cdx::CdxIndex& index, const access::Judge& judge, std::string_view collection,
         const Rule& rule, std::string_view key, std::string identity)
      : index_(index),
        judge_(judge),
        collection_(collection),
        rule_(rule),
        key_(key),
        wanted_(parts_of(key)),
        identity_(std::move(identity)) {}

  Result<std::vector<Found>> run() {
    WM_TRY(look_at_path());
    for (const auto& prefix : rule_.search_prefixes(key_)) {
      if (!found_.empty()) break;
      WM_TRY(look_under(prefix));
    }
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Found& a, const Found& b) { return a.shared > b.shared; });
    return std::move(found_);
  }

 private:
  void consider(const cdx::Capture& capture) {
    if (capture.surt == key_ || judge_.hides(capture)) return;
    if (rule_.identity(capture.surt) != identity_) return;
    found_.push_back({shared_arguments(wanted_, capture.surt), capture.surt});
  }
  /// The path without any argument stands before all that are looked through.
  Result<> look_at_path() {
    const auto capture = WM_TRY(index_.last(collection_, wanted_.path));
    if (capture) consider(*capture);
    return {};
  }
  Result<> look_under(const std::string& prefix) {
    cdx::RangeQuery range;
    range.collection = collection_;
    range.keys = {prefix, prefix + '\xff'};
    auto scan = index_.scan(std::move(range));
    for (std::size_t keys = 0; keys < Matcher::kKeys; ++keys) {
      const auto capture = WM_TRY(scan.next());
      if (!capture) break;
      consider(*capture);
      scan.skip_key();
    }
    return {};
  }

  const cdx::CdxIndex& index_;
  const access::Judge& judge_;
  const std::string collection_;
  const Rule& rule_;
  const std::string_view key_;
  const KeyParts wanted_;
  const std::string identity_;
  std::vector<Found> found_;
};

}  // namespace

Result<std::shared_ptr<const Matcher>> Matcher::open(const std::filesystem::path& path,
                                                     std::chrono::milliseconds pause) {
  auto matcher = std::make_shared<Matcher>();
  if (path.empty()) {
    matcher->shipped_ =
        std::make_shared<const Rules>(WM_TRY(parse_logged("config/fuzzy.toml", Rules::shipped())));
    return matcher;
  }
  matcher->file_ = std::make_unique<WatchedFile<Rules>>(
      path, kFileBytes,
      [name = path.string()](std::string_view content) { return parse_logged(name, content); },
      pause);
  WM_TRY(matcher->file_->reload());
  return matcher;
}

std::shared_ptr<const Rules> Matcher::rules() const {
  return file_ ? file_->get() : shipped_;
}

Result<std::vector<std::string>> Matcher::keys_like(const cdx::CdxIndex& index,
                                                    const access::Judge& judge,
                                                    std::string_view collection,
                                                    std::string_view key) const {
  std::vector<std::string> keys;
  const auto used = rules();
  if (!used) return keys;
  std::size_t tried = 0;
  for (const Rule& rule : used->rules()) {
    auto identity = rule.identity(key);
    if (!identity) continue;
    if (tried++ == kRulesTried) break;
    auto found = WM_TRY(Search(index, judge, collection, rule, key, std::move(*identity)).run());
    for (auto& one : found) {
      if (keys.size() < kBest) keys.push_back(std::move(one.key));
    }
    if (!keys.empty()) break;
  }
  return keys;
}

}  // namespace wm::fuzzy
