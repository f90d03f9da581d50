// The order of entries is the order in which they are known: records, then what was learnt from them.
#include "server/archive/wacz_source.h"

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/log.h"
#include "core/base/step_source.h"
#include "indexer/pipeline/page_document.h"
#include "server/archive/package.h"
#include "server/archive/warc_head.h"
#include "server/archive/zip_writer.h"
#include "server/archive/zipnum.h"

namespace wm::archive {

namespace {

constexpr std::size_t kPieceBytes = 64 << 10;
constexpr std::uint64_t kMemberBytes = 3'000'000'000;            // with one of these after it, an entry still needs no zip64
constexpr const char* kBlocksPath = "indexes/index.cdx.gz";
constexpr const char* kEntriesPath = "indexes/index.idx";
constexpr std::uint64_t kTextBytes = 1 << 20, kDecodedBytes = 64 << 20;

class WaczSource final : public StepSource {
 public:
  WaczSource(const Holdings& holdings, Members members, WaczFacts facts)
      : holdings_(holdings), members_(std::move(members)), facts_(std::move(facts)), created_(std::chrono::floor<std::chrono::seconds>(facts_.created)), zip_(dos_time(Time14(created_).text())) {}

 private:
  enum class Phase { kRecords, kIndex, kBlocks, kEntries, kPages, kPackage };

  Result<bool> step(std::string& out) override {
    switch (phase_) {
      case Phase::kRecords: return step_records(out);
      case Phase::kIndex: return step_lines(out, "indexes/index.cdxj", index_, Phase::kPages);
      case Phase::kBlocks: return step_blocks(out);
      case Phase::kEntries: return step_entries(out);
      case Phase::kPages: return step_lines(out, "pages/pages.jsonl", pages_, Phase::kPackage);
      case Phase::kPackage: break;
    }
    WM_TRY(put_package(out));
    return false;
  }

  Result<bool> step_records(std::string& out) {
    if (!member_) {
      member_ = WM_TRY(members_.next());
      if (!member_) {
        if (warc_ == 0) WM_TRY(begin_warc(out));
        end(out);
        phase_ = captures_ > facts_.zipnum_above ? Phase::kBlocks : Phase::kIndex;
        if (phase_ == Phase::kBlocks) WM_TRY(sort_anew());
        return true;
      }
      WM_TRY(begin_member(out));
      if (!member_) return true;
    }
    std::string piece(kPieceBytes, '\0');
    piece.resize(WM_TRY(member_->bytes->read(piece)));
    if (!piece.empty()) {
      WM_TRY(put(out, piece));
    } else {
      WM_TRY(end_member());
    }
    return true;
  }

  Result<> begin_member(std::string& out) {
    if (member_->size_hint > kMemberBytes) {
      log::error("left out of a WACZ: a record of {} bytes", member_->size_hint);
      member_.reset();
      return {};
    }
    // What belongs to the record before stays in its file.
    const bool full = member_->capture && (file_.bytes >= facts_.warc_bytes || (file_.bytes > 0 && file_.bytes + member_->size_hint > facts_.warc_bytes && warc_ > 0));
    if (warc_ == 0 || full) WM_TRY(begin_warc(out));
    member_begin_ = file_.bytes;
    return {};
  }

  Result<> begin_warc(std::string& out) {
    if (warc_ > 0) end(out);
    ++warc_;
    warc_name_ = warc_ == 1 ? "data.warc.gz" : "data-" + std::to_string(warc_) + ".warc.gz";
    begin(out, "archive/" + warc_name_);
    return put(out, WM_TRY(warc_head(facts_.created, warc_name_)));
  }

  /// Where a record has come to lie is known now.
  Result<> end_member() {
    const Member member = std::move(*member_);
    member_.reset();
    if (!member.capture) return {};
    cdx::Capture capture = *member.capture;
    capture.file = warc_name_;
    capture.offset = member_begin_;
    capture.length = file_.bytes - member_begin_;
    WM_TRY(index_.add(cdx::to_cdxj(capture)));
    ++captures_;
    if (!member.page) return {};
    const ListedPage page = listed(member);
    if (!main_page_) main_page_ = page;
    // Sorted by time; a blank sorts before what a line begins with.
    return pages_.add(capture.time.text() + " " + page_line(page));
  }

  ListedPage listed(const Member& member) const {
    const cdx::Capture& capture = *member.capture;
    ListedPage page{.url = capture.url, .ts = member.date, .title = {}, .text = {}, .tags = {}};
    const auto document = pipeline::page_document(holdings_.cdx, holdings_.warcs, {.file = capture.file, .offset = capture.offset, .link_id = member.page->link_id, .collection = capture.collection, .url = capture.url, .seed_url = {}, .text_bytes = kTextBytes, .decoded_bytes = kDecodedBytes});
    if (document && *document) {
      page.title = (*document)->page_title;
      page.text = (*document)->text;
    }
    if (member.page->link_id == 0) return page;
    if (const auto link = holdings_.links.get(member.page->link_id); link && *link) {
      if (!(*link)->title.empty()) page.title = (*link)->title;
      page.tags = (*link)->tags;
    }
    return page;
  }

  /// A large index is in another order, which was not known to be wanted before all captures were there.
  Result<> sort_anew() {
    for (;;) {
      const auto line = WM_TRY(index_.next());
      if (!line) return {};
      WM_TRY(zipnum_.add(*line));
    }
  }

  Result<bool> step_blocks(std::string& out) {
    if (file_.path != kBlocksPath) begin(out, kBlocksPath);
    const std::string block = WM_TRY(zipnum_.block());
    WM_TRY(put(out, block));
    if (!block.empty()) return true;
    end(out);
    phase_ = Phase::kEntries;
    return true;
  }

  Result<bool> step_entries(std::string& out) {
    if (file_.path != kEntriesPath) begin(out, kEntriesPath);
    if (const auto entry = WM_TRY(zipnum_.entry())) {
      WM_TRY(put(out, *entry));
      return true;
    }
    end(out);
    phase_ = Phase::kPages;
    return true;
  }

  Result<bool> step_lines(std::string& out, const std::string& path, SortedItems& lines, Phase following) {
    const bool pages = phase_ == Phase::kPages;
    if (file_.path != path) {
      begin(out, path);
      if (pages) WM_TRY(put(out, pages_head()));
    }
    std::string piece;
    while (piece.size() < kPieceBytes) {
      const auto line = WM_TRY(lines.next());
      if (!line) {
        WM_TRY(put(out, piece));
        end(out);
        phase_ = following;
        return true;
      }
      piece += pages ? line->substr(Time14().text().size() + 1) : *line + "\n";
    }
    WM_TRY(put(out, piece));
    return true;
  }

  Result<> put_package(std::string& out) {
    const std::string package = package_json({.title = facts_.title, .created = created_, .files = files_, .main_page = main_page_});
    std::optional<Signature> signature;
    if (!facts_.signing_key.empty()) signature = WM_TRY(sign(package_hash(package), facts_.signing_key));
    for (const auto& [path, content] : {std::pair<std::string, std::string>("datapackage.json", package), {"datapackage-digest.json", digest_json(package, created_, signature)}}) {
      begin(out, path);
      WM_TRY(put(out, content));
      end(out);
    }
    out += zip_.finish();
    return {};
  }

  void begin(std::string& out, const std::string& path) {
    out += zip_.begin(path);
    file_ = {.path = path, .sha256 = {}, .bytes = 0};
  }
  Result<> put(std::string& out, std::string_view bytes) {
    WM_TRY(zip_.add(bytes));
    digester_.update(bytes);
    file_.bytes += bytes.size();
    out += bytes;
    return {};
  }
  void end(std::string& out) {
    out += zip_.end();
    file_.sha256 = hex_encode(digester_.finish());
    files_.push_back(file_);
  }

  const Holdings& holdings_;
  Members members_;
  const WaczFacts facts_;
  const SysSeconds created_;
  ZipWriter zip_;
  Digester digester_{Digester::Algorithm::kSha256};
  Phase phase_ = Phase::kRecords;
  std::optional<Member> member_;
  std::uint64_t member_begin_ = 0;
  unsigned warc_ = 0;
  std::string warc_name_;
  PackagedFile file_;  // the entry that is open
  std::vector<PackagedFile> files_;
  SortedItems index_;
  std::uint64_t captures_ = 0;
  ZipNum zipnum_;
  SortedItems pages_;
  std::optional<ListedPage> main_page_;
};

}  // namespace

std::unique_ptr<Source> wacz_source(const Holdings& holdings, Members members, WaczFacts facts) {
  return std::make_unique<WaczSource>(holdings, std::move(members), std::move(facts));
}

}  // namespace wm::archive
