#include "server/archive/export.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/step_source.h"
#include "server/archive/cdx_line.h"
#include "server/archive/members.h"
#include "server/archive/wacz_source.h"
#include "server/archive/warc_head.h"

namespace wm::archive {

namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

class WarcSource final : public StepSource {
 public:
  WarcSource(std::string head, Members members) : head_(std::move(head)), members_(std::move(members)) {}

 private:
  Result<bool> step(std::string& out) override {
    if (!head_.empty()) {
      out.swap(head_);
      return true;
    }
    if (!member_) member_ = WM_TRY(members_.next());
    if (!member_) return false;
    out.resize(kPieceBytes);
    out.resize(WM_TRY(member_->bytes->read(out)));
    if (out.empty()) member_.reset();
    return true;
  }

  std::string head_;
  Members members_;
  std::optional<Member> member_;
};

/// The captures that were asked for, as sorted lines.
class LineSource final : public StepSource {
 public:
  LineSource(Plan plan, Format format) : plan_(std::move(plan)), format_(format) {}

 private:
  Result<bool> step(std::string& out) override {
    if (!sorted_) {
      if (format_ == Format::kCdx11) out = kCdx11Head;
      return WM_TRY(sort());
    }
    while (out.size() < kPieceBytes) {
      const auto line = WM_TRY(lines_.next());
      if (!line) return false;
      out.append(*line).append("\n");
    }
    return true;
  }

  Result<bool> sort() {
    while (const auto item = WM_TRY(plan_.next())) {
      if (item->page || item->original) continue;
      WM_TRY(lines_.add(format_ == Format::kCdx11 ? to_cdx11(item->capture) : cdx::to_cdxj(item->capture)));
    }
    sorted_ = true;
    return true;
  }

  Plan plan_;
  const Format format_;
  SortedItems lines_;
  bool sorted_ = false;
};

}  // namespace

Result<Format> format_of(std::string_view word) {
  if (word == "warc") return Format::kWarc;
  if (word == "wacz") return Format::kWacz;
  if (word == "cdxj") return Format::kCdxj;
  if (word == "cdx11") return Format::kCdx11;
  return fail(Error::Code::kInvalid, "format must be warc, wacz, cdxj or cdx11");
}

std::string_view media_type_of(Format format) noexcept {
  switch (format) {
    case Format::kWarc: return "application/warc";
    case Format::kWacz: return "application/wacz";
    case Format::kCdxj: return "text/x-cdxj; charset=utf-8";
    case Format::kCdx11: return "text/x-cdx; charset=utf-8";
  }
  return "application/octet-stream";
}

std::string_view suffix_of(Format format) noexcept {
  switch (format) {
    case Format::kWarc: return ".warc.gz";
    case Format::kWacz: return ".wacz";
    case Format::kCdxj: return ".cdxj";
    case Format::kCdx11: return ".cdx";
  }
  return "";
}

namespace {

/// What a file may be called anywhere, with the suffix of its format.
std::string file_name(std::string name, Format format) {
  constexpr std::size_t kNameBytes = 100;
  const std::string_view suffix = suffix_of(format);
  if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  for (char& c : name) {
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') c = '_';
  }
  name.resize(std::min(name.size(), kNameBytes));
  if (name.empty() || name.front() == '.') name.insert(0, "waymark");
  return name.append(suffix);
}

}  // namespace

Result<ExportRequest> request_of(const ExportWish& wish) {
  if (wish.query.has_value() + wish.link.has_value() + wish.collection.has_value() != 1) return fail(Error::Code::kInvalid, "one of query, link and collection says what to export");
  ExportRequest request{.selection = OfQuery{.query = wish.query.value_or("")}};
  if (wish.link) request.selection = OfLink{.id = *wish.link};
  if (wish.collection) request.selection = OfCollection{.name = *wish.collection};
  request.format = WM_TRY(format_of(wish.format));
  request.file_name = file_name(wish.name, request.format);
  request.title = wish.title;
  if (wish.sign) request.sign = ExportRequest::Sign::kYes;
  return request;
}

Result<std::unique_ptr<Source>> Exporter::open(const ExportRequest& request) const {
  Plan plan = WM_TRY(Plan::make(holdings_, request.selection));
  if (request.format == Format::kCdxj || request.format == Format::kCdx11) return std::make_unique<LineSource>(std::move(plan), request.format);
  const SysMicros now = now_micros();
  Members members(holdings_, std::move(plan));
  if (request.format == Format::kWarc) return std::make_unique<WarcSource>(WM_TRY(warc_head(now, request.file_name)), std::move(members));
  return wacz_source(holdings_, std::move(members), {.title = request.title, .created = now, .signing_key = request.sign == ExportRequest::Sign::kYes ? signing_key_ : "", .zipnum_above = zipnum_above_});
}

}  // namespace wm::archive
