#include "server/links/link.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"

namespace wm::links {

using nlohmann::json;

namespace {

constexpr int kLinkVersion = 1;
constexpr int kSnapshotVersion = 1;
constexpr std::size_t kTagCharacters = 100;

std::string normalized(const icu::Normalizer2* form, std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString in = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  const icu::UnicodeString out = form->normalize(in, error);
  std::string utf8;
  (U_SUCCESS(error) ? out : in).toUTF8String(utf8);
  return utf8;
}

const icu::Normalizer2* nfc() {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(error);
  WM_CHECK(U_SUCCESS(error));
  return form;
}

const icu::Normalizer2* nfkc_casefold() {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(error);
  WM_CHECK(U_SUCCESS(error));
  return form;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::int64_t micros_of(SysMicros at) { return at.time_since_epoch().count(); }
SysMicros at_micros(std::int64_t micros) { return SysMicros(std::chrono::microseconds(micros)); }

std::unexpected<Error> unreadable(std::string_view what, const char* why) {
  return fail(Error::Code::kCorrupt, "a stored " + std::string(what) + " cannot be read: " + why);
}

}  // namespace

std::string Snapshot::replay_path() const { return "/" + collection + "/" + time.text() + "/" + url; }

Result<std::string> clean_tag(std::string_view written) {
  const std::string utf8 = normalized(nfc(), valid_utf8(written));
  std::string tag;
  for (const char c : trim(utf8)) {
    if (static_cast<unsigned char>(c) < 0x20 && !is_space(c)) return fail(Error::Code::kInvalid, "a tag holds a control character");
    if (is_space(c)) {
      if (tag.back() != ' ') tag.push_back(' ');
    } else {
      tag.push_back(c);
    }
  }
  if (tag.empty()) return fail(Error::Code::kInvalid, "a tag is empty");
  if (characters(tag) > kTagCharacters) return fail(Error::Code::kInvalid, "a tag is longer than 100 characters: " + tag.substr(0, 60) + "…");
  return tag;
}

std::string tag_key(std::string_view tag) { return normalized(nfkc_casefold(), tag); }

std::string encode(const Link& link) {
  return json{{"v", kLinkVersion},
              {"id", link.id},
              {"url", link.url},
              {"title", link.title},
              {"title_is_users", link.title_is_users},
              {"description", link.description},
              {"notes", link.notes},
              {"tags", link.tags},
              {"engine", link.engine},
              {"created", micros_of(link.created)},
              {"modified", micros_of(link.modified)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Link> decode_link(std::string_view stored) {
  try {
    const json j = json::parse(stored);
    if (j.at("v").get<int>() > kLinkVersion) return fail(Error::Code::kUnsupported, "a link was stored by a newer Waymark");
    Link link;
    j.at("id").get_to(link.id);
    j.at("url").get_to(link.url);
    j.at("title").get_to(link.title);
    j.at("title_is_users").get_to(link.title_is_users);
    j.at("description").get_to(link.description);
    j.at("notes").get_to(link.notes);
    j.at("tags").get_to(link.tags);
    j.at("engine").get_to(link.engine);
    link.created = at_micros(j.at("created").get<std::int64_t>());
    link.modified = at_micros(j.at("modified").get<std::int64_t>());
    return link;
  } catch (const json::exception& error) {
    return unreadable("link", error.what());
  }
}

std::string encode(const Snapshot& s) {
  json j = {{"v", kSnapshotVersion}, {"link", s.link_id},     {"time", s.time.text()},     {"collection", s.collection}, {"url", s.url},
              {"status", s.status},    {"mime", s.mime},        {"engine", s.engine},        {"warc", s.warc},             {"resources", s.resources},
              {"revisits", s.revisits}, {"bytes", s.bytes},     {"missed", s.missed},        {"job", s.job_id}};
  if (s.length != 0) {
    j["offset"] = s.offset;
    j["length"] = s.length;
  }
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Snapshot> decode_snapshot(std::string_view stored) {
  try {
    const json j = json::parse(stored);
    if (j.at("v").get<int>() > kSnapshotVersion) return fail(Error::Code::kUnsupported, "a snapshot was stored by a newer Waymark");
    Snapshot s;
    j.at("link").get_to(s.link_id);
    const auto time = Time14::parse(j.at("time").get<std::string>());
    if (!time) return unreadable("snapshot", "its time");
    s.time = *time;
    j.at("collection").get_to(s.collection);
    j.at("url").get_to(s.url);
    j.at("status").get_to(s.status);
    j.at("mime").get_to(s.mime);
    j.at("engine").get_to(s.engine);
    j.at("warc").get_to(s.warc);
    j.at("resources").get_to(s.resources);
    j.at("revisits").get_to(s.revisits);
    j.at("bytes").get_to(s.bytes);
    j.at("missed").get_to(s.missed);
    j.at("job").get_to(s.job_id);
    s.offset = j.value("offset", std::uint64_t{0});
    s.length = j.value("length", std::uint64_t{0});
    return s;
  } catch (const json::exception& error) {
    return unreadable("snapshot", error.what());
  }
}

}  // namespace wm::links
