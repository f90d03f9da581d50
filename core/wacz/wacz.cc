#include "core/wacz/wacz.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/wacz/lines_internal.h"
#include "core/wacz/package_internal.h"

namespace wm::wacz {

namespace {

constexpr std::size_t kComplaints = 1000;
constexpr std::size_t kIndexLineBytes = 1 << 20;
constexpr std::uint64_t kIndexBytes = 1ull << 30;

/// A zip and what belongs to it: the WACZ itself is the first, those inside it follow.
struct Part {
  ZipReader zip;
  std::string prefix;  ///< "" or "one.wacz/"
  PackageFile package;
  bool has_package = false;
  Signature signature{};
  std::vector<std::size_t> page_lists;
  std::vector<std::size_t> indexes;
};

constexpr std::array<std::string_view, 5> kArchiveEnds = {".warc.gz", ".warc", ".arc.gz", ".arc", ".warc.zst"};

bool is_archive_name(std::string_view lower) {
  return std::any_of(kArchiveEnds.begin(), kArchiveEnds.end(), [lower](std::string_view end) { return lower.ends_with(end); });
}

}  // namespace

bool is_safe_path(std::string_view path) noexcept {
  if (path.empty() || path.front() == '/' || (path.size() > 1 && path[1] == ':')) return false;
  if (std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\'; })) return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (path.substr(at, end - at) == "..") return false;
    at = end + 1;
  }
  return true;
}

struct WaczReader::State {
  explicit State(WaczLimits given) : limits(given) {}

  WaczLimits limits;
  std::vector<Part> parts;
  std::vector<Member> members;
  std::vector<Complaint> complaints;
  std::unordered_set<std::string> names;
  std::uint64_t decoded = 0;

  void complain(std::string_view member, std::string reason) {
    if (complaints.size() < kComplaints) complaints.push_back({valid_utf8(member), std::move(reason)});
  }

  Result<> add_part(std::shared_ptr<const ReadFile> file, std::string prefix, unsigned depth, std::uint64_t offset, std::uint64_t length);
  void sort_out(std::size_t part, std::vector<std::size_t>& inner);
  void take_entry(std::size_t part, std::size_t entry, std::vector<std::size_t>& inner);
  void read_package(Part& part);
  Result<> add_inner(std::size_t part, std::size_t entry, unsigned depth);
  std::string unique_name(std::string_view wanted);

  /// The whole of a small entry.
  Result<std::string> text_of(const Part& part, const ZipEntry& entry, std::size_t limit) {
    auto source = WM_TRY(part.zip.read(entry));
    return read_all(*source, limit);
  }
  Result<Extracted> copy(const Part& part, const ZipEntry& entry, const std::function<Result<>(std::string_view)>& sink);
  void check_hash(const Part& part, const ZipEntry& entry, const std::string& sha256);
  Result<> check_index(const Part& part, const ZipEntry& entry);
  using ByName = std::map<std::string_view, const Member*>;
  std::optional<std::string> place_complaint(const ByName& by_name, const IndexLine& line) const;
};

/// A name for the member's file: what a file system, a shell and a URL all take.
std::string WaczReader::State::unique_name(std::string_view wanted) {
  std::string name(wanted.substr(wanted.rfind('/') + 1));
  for (char& c : name) {
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') c = '_';
  }
  if (name.front() == '.') name.front() = '_';
  if (name.size() > 150) name.erase(0, name.size() - 150);
  const std::string first = name;
  for (std::size_t n = 2; !names.insert(to_lower(name)).second; ++n) name = fmt::format("{}-{}", n, first);
  return name;
}

Result<> WaczReader::State::add_part(std::shared_ptr<const ReadFile> file, std::string prefix, unsigned depth, std::uint64_t offset, std::uint64_t length) {
  parts.push_back(Part{.zip = WM_TRY(ZipReader::open(std::move(file), limits.zip, offset, length)), .prefix = std::move(prefix), .package = {}, .has_package = false, .page_lists = {}, .indexes = {}});
  const std::size_t number = parts.size() - 1;
  for (const std::string& one : parts[number].zip.complaints()) complain(parts[number].prefix, one);
  std::vector<std::size_t> inner;
  sort_out(number, inner);
  read_package(parts[number]);
  for (const std::size_t entry : inner) WM_TRY(add_inner(number, entry, depth));
  return {};
}

void WaczReader::State::sort_out(std::size_t part, std::vector<std::size_t>& inner) {
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < parts[part].zip.entries().size(); ++i) {
    const ZipEntry& entry = parts[part].zip.entries()[i];
    if (!is_safe_path(entry.name)) {
      complain(parts[part].prefix + entry.name, "left out: this path leads out of the WACZ");
    } else if (!seen.insert(entry.name).second) {
      complain(parts[part].prefix + entry.name, "left out: a second file of this name");
    } else {
      take_entry(part, i, inner);
    }
  }
}

void WaczReader::State::take_entry(std::size_t part, std::size_t index, std::vector<std::size_t>& inner) {
  Part& p = parts[part];
  const ZipEntry& entry = p.zip.entries()[index];
  if (entry.name.ends_with('/')) return;
  const std::string lower = to_lower(entry.name);
  if (lower == "datapackage.json") p.has_package = true;
  if (lower.starts_with("pages/") && lower.ends_with(".jsonl")) p.page_lists.push_back(index);
  if (lower.starts_with("indexes/") && (lower.ends_with(".cdxj") || lower.ends_with(".cdx"))) p.indexes.push_back(index);
  if (lower.ends_with(".wacz")) inner.push_back(index);
  if (!lower.starts_with("archive/")) return;
  if (!is_archive_name(lower)) {
    complain(p.prefix + entry.name, "left out: no WARC by its name");
    return;
  }
  Member member{.path = p.prefix + entry.name, .name = unique_name(entry.name), .size = entry.size, .offset = {}, .part = part, .entry = index};
  if (entry.method == ZipEntry::Method::kStored && !entry.encrypted) {
    if (const auto at = p.zip.data_offset(entry)) member.offset = *at;
  } else {
    complain(member.path, "compressed within the zip, which WACZ does not allow");
  }
  members.push_back(std::move(member));
}

void WaczReader::State::read_package(Part& part) {
  const ZipEntry* package = nullptr;
  const ZipEntry* digest = nullptr;
  for (const ZipEntry& entry : part.zip.entries()) {
    if (!package && iequals(entry.name, "datapackage.json")) package = &entry;
    if (!digest && iequals(entry.name, "datapackage-digest.json")) digest = &entry;
  }
  if (!package) return;
  const auto text = text_of(part, *package, limits.package_bytes);
  auto parsed = text ? parse_package(*text) : std::unexpected(text.error());
  if (!parsed) return complain(part.prefix + "datapackage.json", parsed.error().what);
  part.package = std::move(*parsed);
  for (const std::string& url : part.package.remote) complain(part.prefix + "datapackage.json", "not part of this file, and not fetched: " + url);
  if (!digest) return;
  const auto digest_text = text_of(part, *digest, limits.package_bytes);
  const std::string wrong = digest_text ? digest_complaint(*digest_text, *text, part.package.created) : digest_text.error().what;
  if (!wrong.empty()) complain(part.prefix + "datapackage-digest.json", wrong);
  if (digest_text) part.signature = verify_signature(*digest_text, *text);
  if (part.signature.state == Signature::State::kInvalid) complain(part.prefix + "datapackage-digest.json", "the signature is invalid: " + part.signature.reason);
}

/// A WACZ within: one that is no zip, or compressed, is a complaint and no end.
Result<> WaczReader::State::add_inner(std::size_t part, std::size_t index, unsigned depth) {
  const ZipEntry entry = parts[part].zip.entries()[index];
  const std::string path = parts[part].prefix + entry.name;
  if (depth >= limits.depth || parts.size() > limits.nested) {
    complain(path, "left out: too many WACZ files inside each other");
    return {};
  }
  if (entry.method != ZipEntry::Method::kStored || entry.encrypted) {
    complain(path, "left out: a WACZ inside must be stored without compression; unpack it and import it by itself");
    return {};
  }
  const auto offset = parts[part].zip.data_offset(entry);
  auto added = offset ? add_part(parts[part].zip.file(), path + "/", depth + 1, *offset, entry.stored) : std::unexpected(offset.error());
  if (!added && added.error().code == Error::Code::kIo) return added;
  if (!added) complain(path, "left out: " + added.error().what);
  return {};
}

Result<WaczReader::Extracted> WaczReader::State::copy(const Part& part, const ZipEntry& entry, const std::function<Result<>(std::string_view)>& sink) {
  auto source = WM_TRY(part.zip.read(entry));
  Digester digester(Digester::Algorithm::kSha256);
  std::vector<char> buffer(1 << 20);
  Extracted got;
  for (;;) {
    const auto count = source->read(buffer);
    if (!count && count.error().code == Error::Code::kCorrupt) {
      complain(part.prefix + entry.name, count.error().what);
      break;
    }
    if (!count) return std::unexpected(count.error());
    if (*count == 0) break;
    got.bytes += *count;
    decoded += *count;
    if (decoded > limits.decoded_bytes) return fail(Error::Code::kTooLarge, fmt::format("the WACZ holds more than {} bytes", limits.decoded_bytes));
    digester.update({buffer.data(), *count});
    WM_TRY(sink(std::string_view(buffer.data(), *count)));
  }
  got.sha256 = hex_encode(digester.finish());
  check_hash(part, entry, got.sha256);
  return got;
}

void WaczReader::State::check_hash(const Part& part, const ZipEntry& entry, const std::string& sha256) {
  if (entry.torn || !part.has_package) return;
  const auto told = part.package.hashes.find(entry.name);
  if (told == part.package.hashes.end()) return complain(part.prefix + entry.name, "not listed in datapackage.json");
  // "sha256:<hex>" by the specification; others are of algorithms that nobody writes.
  if (istarts_with(told->second, "sha256:") && !iequals(std::string_view(told->second).substr(7), sha256)) {
    complain(part.prefix + entry.name, "its hash is not the one in datapackage.json");
  }
}

/// What is wrong with a place that an index names; nullopt if nothing can be told against it.
std::optional<std::string> WaczReader::State::place_complaint(const ByName& by_name, const IndexLine& line) const {
  const auto found = by_name.find(std::string_view(line.file).substr(line.file.rfind('/') + 1));
  if (found == by_name.end()) return "names a file that is not there: " + line.file;
  const Member& member = *found->second;
  if (line.offset > member.size || line.length > member.size - line.offset) return "names a place beyond the end of " + line.file;
  if (!member.offset) return std::nullopt;
  std::array<char, 5> start{};
  const auto got = parts[member.part].zip.file()->read_at(*member.offset + line.offset, start);
  const std::string_view bytes(start.data(), got ? *got : 0);
  if (bytes.starts_with("\x1f\x8b") || bytes == "WARC/" || !to_lower(line.file).ends_with(".warc.gz")) return std::nullopt;
  return fmt::format("names offset {} of {}, where no record begins", line.offset, line.file);
}

Result<> WaczReader::State::check_index(const Part& part, const ZipEntry& entry) {
  ByName by_name;
  for (const Member& member : members) {
    if (&parts[member.part] == &part) by_name.emplace(std::string_view(member.path).substr(member.path.rfind('/') + 1), &member);
  }
  LimitedSource source(WM_TRY(part.zip.read(entry)), kIndexBytes);
  std::string last;
  std::uint64_t unsorted = 0, wrong = 0;
  std::string first_wrong;
  const std::uint64_t too_long = WM_TRY(for_each_line(source, kIndexLineBytes, [&](std::string_view line) {
    if (line.starts_with("!meta") || line.starts_with(" CDX")) return true;
    if (line < last) ++unsorted;
    last = line;
    const auto place = parse_index_line(line);
    const auto complaint = place ? place_complaint(by_name, *place) : std::optional<std::string>();
    if (complaint && wrong++ == 0) first_wrong = *complaint;
    return true;
  }));
  if (too_long > 0) complain(part.prefix + entry.name, fmt::format("{} lines of the index are too long", too_long));
  if (unsorted > 0) complain(part.prefix + entry.name, fmt::format("{} lines of the index are out of order; the index is not used", unsorted));
  if (wrong > 0) complain(part.prefix + entry.name, fmt::format("{} lines of the index are wrong, the first {}; the index is not used", wrong, first_wrong));
  return {};
}

WaczReader::WaczReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
WaczReader::~WaczReader() = default;
WaczReader::WaczReader(WaczReader&&) noexcept = default;
WaczReader& WaczReader::operator=(WaczReader&&) noexcept = default;

Result<WaczReader> WaczReader::open(std::shared_ptr<const ReadFile> file, WaczLimits limits) {
  auto state = std::make_unique<State>(limits);
  WM_TRY(state->add_part(std::move(file), "", 0, 0, UINT64_MAX));
  const Part& whole = state->parts.front();
  if (!whole.has_package && !whole.zip.recovered()) return fail(Error::Code::kInvalid, "a zip without datapackage.json is no WACZ; unpack it and import the WARC files in it");
  if (state->members.empty()) return fail(Error::Code::kInvalid, "a WACZ without any WARC file in archive/");
  return WaczReader(std::move(state));
}

const std::vector<Member>& WaczReader::members() const { return state_->members; }
const Package& WaczReader::package() const { return state_->parts.front().package.package; }
const Signature& WaczReader::signature() const { return state_->parts.front().signature; }
std::vector<Complaint> WaczReader::take_complaints() { return std::exchange(state_->complaints, {}); }

Result<WaczReader::Extracted> WaczReader::extract(const Member& member, const std::function<Result<>(std::string_view)>& sink) {
  const Part& part = state_->parts.at(member.part);
  return state_->copy(part, part.zip.entries().at(member.entry), sink);
}

Result<> WaczReader::for_each_page(const std::function<bool(const Page&)>& take) {
  std::unordered_set<std::string> seen;
  std::uint64_t pages = 0;
  for (const Part& part : state_->parts) {
    for (const std::size_t index : part.page_lists) {
      const ZipEntry& entry = part.zip.entries()[index];
      auto opened = part.zip.read(entry);
      if (!opened) {
        state_->complain(part.prefix + entry.name, opened.error().what);
        continue;
      }
      LimitedSource source(std::move(*opened), state_->limits.pages_bytes);
      bool stopped = false;
      const auto left_out = for_each_line(source, state_->limits.page_line_bytes, [&](std::string_view line) {
        const auto page = parse_page(line);
        if (!page || !seen.insert(fmt::format("{} {}", page->time ? page->time->time_since_epoch().count() : 0, page->url)).second) return true;
        if (++pages > state_->limits.pages || !take(*page)) stopped = true;
        return !stopped;
      });
      if (!left_out) state_->complain(part.prefix + entry.name, left_out.error().what);
      if (left_out && *left_out > 0) state_->complain(part.prefix + entry.name, fmt::format("{} lines are too long and left out", *left_out));
      if (pages > state_->limits.pages) state_->complain(part.prefix + entry.name, fmt::format("more than {} pages; the others are not listed", state_->limits.pages));
      if (stopped) return {};
    }
  }
  return {};
}

Result<> WaczReader::check_lists() {
  for (const Part& part : state_->parts) {
    for (const std::size_t index : part.indexes) {
      const ZipEntry& entry = part.zip.entries()[index];
      if (const auto checked = state_->check_index(part, entry); !checked) state_->complain(part.prefix + entry.name, checked.error().what);
    }
    for (const std::size_t index : part.page_lists) {
      const ZipEntry& entry = part.zip.entries()[index];
      const auto ignored = [](std::string_view) -> Result<> { return {}; };
      if (const auto read = state_->copy(part, entry, ignored); !read) state_->complain(part.prefix + entry.name, read.error().what);
    }
  }
  return {};
}

}  // namespace wm::wacz
