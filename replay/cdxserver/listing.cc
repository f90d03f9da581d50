#include "replay/cdxserver/listing.h"

#include <utility>

#include "core/base/step_source.h"
#include "replay/cdxserver/format.h"
#include "replay/cdxserver/rows.h"
#include "replay/cdxserver/xml_internal.h"

namespace wm::cdxserver {
namespace {

constexpr std::size_t kPieceBytes = 16 << 10;

class RowSource final : public StepSource {
 public:
  RowSource(Rows rows, std::unique_ptr<Format> format)
      : rows_(std::move(rows)), format_(std::move(format)) {}

  /// The first piece, so that what fails at once fails before the answer has begun.
  Result<> start() {
    format_->begin(first_);
    more_ = WM_TRY(fill(first_));
    return {};
  }

 protected:
  Result<bool> step(std::string& out) override {
    if (first_.empty()) return more_ ? fill(out) : Result<bool>(false);
    out = std::move(first_);
    first_.clear();
    return more_;
  }

 private:
  Result<bool> fill(std::string& out) {
    while (out.size() < kPieceBytes) {
      const auto row = WM_TRY(rows_.next());
      if (!row) {
        format_->end(out, WM_TRY(rows_.resume_key()));
        return false;
      }
      format_->row(out, *row);
    }
    rows_.pause();
    return true;
  }

  Rows rows_;
  std::unique_ptr<Format> format_;
  std::string first_;
  bool more_ = true;
};

/// pywb tells of zipnum's blocks, the others the bare number.
Result<Listing> page_listing(const cdx::CdxIndex& index, const Query& query,
                             std::uint64_t scan_limit) {
  const std::uint64_t pages = WM_TRY(page_count(index, query, scan_limit));
  const bool json = query.dialect == Dialect::kPywb || query.dialect == Dialect::kOwn;
  std::string text = std::to_string(pages);
  if (json) {
    const std::uint64_t blocks = query.page_rows / kBlockRows;
    text = "{\"pages\": " + text + ", \"pageSize\": " + std::to_string(blocks) +
           ", \"blocks\": " + std::to_string(pages * blocks) + "}";
  }
  return Listing{json ? "application/json" : "text/plain; charset=utf-8",
                 std::make_unique<StringSource>(text + "\n")};
}

}  // namespace

Result<Listing> list_captures(const cdx::CdxIndex& index, const access::Judge& judge,
                              const Wanted& wanted) {
  if (wanted.dialect == Dialect::kOutback) {
    if (auto query = WM_TRY(parse_xml_query(wanted.at.collection, wanted.query)))
      return xml_listing(index, judge, std::move(*query), wanted.scan_limit);
  }
  Query query = WM_TRY(parse_query(wanted.dialect, wanted.at.collection, wanted.query));
  if (query.show_page_count) return page_listing(index, query, wanted.scan_limit);
  memento::Addresses at = wanted.at;
  at.collection = query.collection;
  auto format = make_format(query, at);
  const std::string media_type(media_type_of(query.output));
  auto rows = WM_TRY(Rows::open(index, judge, std::move(query), wanted.scan_limit));
  auto source = std::make_unique<RowSource>(std::move(rows), std::move(format));
  WM_TRY(source->start());
  return Listing{media_type, std::move(source)};
}

}  // namespace wm::cdxserver
