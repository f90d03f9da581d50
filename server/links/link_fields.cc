#include "server/links/link_fields.h"

#include <fmt/format.h>

#include "core/base/ascii.h"
#include "core/url/url.h"

namespace wm::links {

namespace {

constexpr std::size_t kTagsGiven = 1000;

Result<std::string> clean_text(std::string_view name, std::string_view text, std::size_t limit) {
  if (text.size() > limit) return fail(Error::Code::kInvalid, fmt::format("{} is longer than {} bytes", name, limit));
  return valid_utf8(text);
}

Result<> check_tags(const std::vector<std::string>& tags) {
  if (tags.size() > kTagsGiven) return fail(Error::Code::kInvalid, "a link has at most 100 tags");
  for (const std::string& tag : tags) WM_TRY(clean_tag(tag));
  return {};
}

}  // namespace

Result<std::string> clean_url(std::string_view written) {
  const std::string_view given = trim(written);
  auto parsed = url::Url::parse(given);
  if (!parsed && given.find("://") == std::string_view::npos && given.find('.') != std::string_view::npos) {
    parsed = url::Url::parse("https://" + std::string(given));
  }
  if (!parsed) return fail(Error::Code::kInvalid, "not a URL: " + valid_utf8(given.substr(0, 200)) + " (" + parsed.error().what + ")");
  if (!parsed->is_http()) return fail(Error::Code::kInvalid, "only http and https URLs can be saved, not " + parsed->scheme() + ":");
  if (!parsed->username().empty() || !parsed->password().empty()) {
    return fail(Error::Code::kInvalid, "a link cannot hold a user name or password: take what stands before the @ out of it");
  }
  return parsed->href();
}

Result<NewLink> clean(const NewLink& fields) {
  NewLink clean = fields;
  clean.url = WM_TRY(clean_url(fields.url));
  WM_TRY(check_tags(fields.tags));
  clean.title = WM_TRY(clean_text("the title", trim(fields.title), kTitleBytes));
  clean.description = WM_TRY(clean_text("the description", trim(fields.description), kTitleBytes * 4));
  clean.notes = WM_TRY(clean_text("the note", fields.notes, kNotesBytes));
  clean.schedule = WM_TRY(clean_schedule(fields.schedule));
  WM_TRY(check_engine(fields.engine));
  return clean;
}

Result<LinkPatch> clean(const LinkPatch& patch) {
  LinkPatch clean = patch;
  if (patch.url) clean.url = WM_TRY(clean_url(*patch.url));
  for (const auto* tags : {&patch.add_tags, &patch.remove_tags}) WM_TRY(check_tags(*tags));
  if (patch.tags) WM_TRY(check_tags(*patch.tags));
  if (patch.title) clean.title = WM_TRY(clean_text("the title", trim(*patch.title), kTitleBytes));
  if (patch.description) clean.description = WM_TRY(clean_text("the description", trim(*patch.description), kTitleBytes * 4));
  if (patch.notes) clean.notes = WM_TRY(clean_text("the note", *patch.notes, kNotesBytes));
  if (patch.schedule) clean.schedule = WM_TRY(clean_schedule(*patch.schedule));
  if (patch.engine) WM_TRY(check_engine(*patch.engine));
  return clean;
}

std::string cut_text(std::string_view text) {
  if (text.size() > kTitleBytes) {
    std::size_t end = kTitleBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end);
  }
  return valid_utf8(text);
}

void apply(const LinkPatch& patch, Link& link) {
  if (patch.title) {
    link.title = *patch.title;
    link.title_is_users = !patch.title->empty();
  }
  if (patch.description) {
    link.description = *patch.description;
    link.description_is_users = !patch.description->empty();
  }
  if (patch.notes) link.notes = *patch.notes;
  if (patch.engine) link.engine = *patch.engine;
  if (patch.schedule) link.schedule = *patch.schedule;
  if (patch.unread) link.unread = *patch.unread;
  if (patch.archived) link.archived = *patch.archived;
  if (patch.favourite) link.favourite = *patch.favourite;
  if (patch.shared) link.shared = *patch.shared;
  if (patch.created) link.created = *patch.created;
  if (patch.deleted && *patch.deleted != link.deleted.has_value()) {
    link.deleted = *patch.deleted ? std::optional(now_micros()) : std::nullopt;
  }
}

}  // namespace wm::links
