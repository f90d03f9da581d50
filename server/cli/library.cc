#include "server/cli/library.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/url/url.h"
#include "server/cli/calls.h"

namespace wm::cli {

using nlohmann::json;

namespace {

using Work = std::function<int(Client&, const Common&)>;

enum class Folder { kMustBeThere, kIsMade };

/// The commands by what was parsed; each is run on a client of its own.
struct Commands {
  struct Command {
    CLI::App* parsed;
    Work work;
    Folder folder;
  };
  const Common& common;
  std::vector<Command> all{};

  void add(CLI::App* command, Work work, Folder folder = Folder::kMustBeThere) { all.push_back({command, std::move(work), folder}); }
  std::optional<int> run() const {
    for (const Command& one : all) {
      if (!one.parsed->parsed()) continue;
      auto client = one.folder == Folder::kIsMade ? Client::connect(common.data, common.settings) : Client::connect_existing(common.data, common.settings);
      return client ? one.work(**client, common) : failed(client.error());
    }
    return std::nullopt;
  }
};

/// What the API does not take was written wrongly: 2.
int refused(const Error& error) { return error.code == Error::Code::kInvalid ? usage_error(error.what) : failed(error); }

/// Options that may be left out: only what was given is sent.
struct Fields {
  std::map<std::string, std::string> texts{};
  std::map<std::string, std::vector<std::string>> lists{};
  std::map<std::string, bool> flags{};

  void text(CLI::App* command, const char* option, const std::string& name, const char* help) {
    command->add_option_function<std::string>(option, [this, name](const std::string& value) { texts[name] = value; }, help);
  }
  void list(CLI::App* command, const char* option, const std::string& name, const char* help) {
    command->add_option_function<std::vector<std::string>>(option, [this, name](const std::vector<std::string>& values) { lists[name] = values; }, help)->take_all()->allow_extra_args(false);
  }
  void flag(CLI::App* command, const char* option, const std::string& name, bool value, const char* help) {
    command->add_flag_function(option, [this, name, value](std::int64_t) { flags[name] = value; }, help);
  }
  /// --unread and --read and the like.
  void states(CLI::App* command) {
    flag(command, "--unread", "unread", true, "to be read");
    flag(command, "--read", "unread", false, "has been read");
    flag(command, "--archive", "archived", true, "put away");
    flag(command, "--unarchive", "archived", false, "take out again");
    flag(command, "--fav", "favourite", true, "a favourite");
    flag(command, "--unfav", "favourite", false, "no favourite any more");
    flag(command, "--share", "shared", true, "shown to others");
    flag(command, "--unshare", "shared", false, "shown to nobody else");
  }
  json object() const {
    json made = json::object();
    for (const auto& [name, value] : texts) made[name] = value;
    for (const auto& [name, value] : lists) made[name] = value;
    for (const auto& [name, value] : flags) made[name] = value;
    return made;
  }
};

void show_link(const Common& common, const json& link) {
  if (common.json) {
    std::printf("%s\n", printable(link).c_str());
    return;
  }
  const std::string title = link.value("title", "");
  std::string line = fmt::format("{:>6}  {}\n        {}", link.value("id", std::uint64_t{0}), title.empty() ? link.value("url", "") : title, link.value("url", ""));
  for (const json& tag : link.value("tags", json::array())) line += "  #" + tag.get<std::string>();
  for (const char* state : {"unread", "archived", "favourite", "shared"}) {
    if (link.value(state, false)) line += fmt::format("  [{}]", state);
  }
  if (link.contains("broken") && link["broken"].is_string()) line += "  [broken: " + link["broken"].get<std::string>() + "]";
  std::printf("%s\n", line.c_str());
}

void show_tag(const Common& common, const json& tag) {
  if (common.json) {
    std::printf("%s\n", printable(tag).c_str());
  } else {
    std::printf("%6llu  %s\n", static_cast<unsigned long long>(tag.value("links", 0ull)), tag.value("tag", "").c_str());
  }
}

void show_item(const Common& common, const json& item) {
  if (common.json) {
    std::printf("%s\n", printable(item).c_str());
    return;
  }
  std::string line = fmt::format("{:>6}  {}", item.value("id", std::uint64_t{0}), item.value("name", ""));
  for (const char* field : {"query", "site", "url", "title", "text"}) {
    if (const std::string value = item.value(field, ""); !value.empty()) line += fmt::format("  {}: {}", field, value);
  }
  for (const json& tag : item.value("tags", json::array())) line += "  #" + tag.get<std::string>();
  std::printf("%s\n", line.c_str());
}

/// Where the server answers with a job, waits for its end.
Result<json> settled(Client& client, Result<json> answer) {
  json body = WM_TRY(std::move(answer));
  if (!body.is_object() || !body.contains("job_id") || body["job_id"].is_null()) return body;
  const json job = WM_TRY(wait_for_job(client, body["job_id"].get<std::uint64_t>()));
  if (job.value("state", "") == "done") return body;
  return fail(Error::Code::kIo, job.contains("error") && job["error"].is_object() ? job["error"].value("message", "the job failed") : "the job failed");
}

int shown(const Common& common, const Result<json>& answer, void (*show)(const Common&, const json&)) {
  if (!answer) return refused(answer.error());
  show(common, *answer);
  return 0;
}

int done(const Result<json>& answer) { return answer ? 0 : refused(answer.error()); }

int list_of(Client& client, const Common& common, const std::string& target, const char* name, void (*show)(const Common&, const json&)) {
  const auto answer = call_json(client, "GET", target);
  if (!answer) return refused(answer.error());
  for (const json& one : (*answer)[name]) show(common, one);
  return 0;
}

std::string escaped(const std::string& text) { return url::percent_encode_component(text); }

struct ListOptions {
  std::vector<std::string> words, tags, states;
  std::string sort = "added";
  bool reverse = false;
  std::size_t limit = 50;
};

int list_links(Client& client, const Common& common, const ListOptions& options) {
  std::string query;
  for (const std::string& word : options.words) query += (query.empty() ? "" : " ") + word;
  std::string target = "/api/v1/links?sort=" + options.sort;
  if (options.reverse) target += options.sort == "title" ? "&order=desc" : "&order=asc";
  if (!query.empty()) target += "&q=" + escaped(query);
  for (const std::string& tag : options.tags) target += "&tag=" + escaped(tag);
  for (const std::string& state : options.states) target += "&state=" + escaped(state);
  std::string cursor;
  for (std::size_t left = options.limit == 0 ? SIZE_MAX : options.limit; left > 0;) {
    const std::size_t page = std::min<std::size_t>(left, query.empty() ? 1000 : 200);
    const auto answer = call_json(client, "GET", fmt::format("{}&limit={}{}", target, page, cursor.empty() ? "" : "&cursor=" + cursor));
    if (!answer) return refused(answer.error());
    if (const std::string note = answer->value("note", ""); !note.empty() && cursor.empty()) std::fprintf(stderr, "note: %s\n", note.c_str());
    for (const json& link : (*answer)["links"]) show_link(common, link);
    left -= std::min(left, (*answer)["links"].size());
    if ((*answer)["next_cursor"].is_null()) break;
    cursor = (*answer)["next_cursor"].get<std::string>();
  }
  return 0;
}

void declare_ls(CLI::App& cli, Commands& commands) {
  auto options = std::make_shared<ListOptions>();  // shared by the command and its options
  auto* ls = cli.add_subcommand("ls", "list links");
  ls->add_option("query", options->words, "words, \"phrases\", #tags, site:example.org …; all links without");
  ls->add_option("--tag", options->tags, "with this tag or one under it; may be repeated")->take_all()->allow_extra_args(false);
  ls->add_option("--state", options->states, "only such; may be repeated")
      ->take_all()
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"unread", "read", "archived", "active", "fav", "shared", "broken", "tagged", "untagged", "trashed"}));
  ls->add_option("--sort", options->sort)->check(CLI::IsMember({"added", "modified", "title"}))->capture_default_str();
  ls->add_flag("--reverse", options->reverse, "oldest first; titles from the end");
  ls->add_option("--limit", options->limit, "0: all")->check(CLI::Range(0, 10'000'000))->capture_default_str();
  commands.add(ls, [options](Client& client, const Common& common) { return list_links(client, common, *options); });
}

void declare_edit(CLI::App& cli, Commands& commands) {
  struct Options {
    std::vector<std::uint64_t> ids;
    Fields fields;
  };
  auto options = std::make_shared<Options>();  // shared by the command and its options
  auto* edit = cli.add_subcommand("edit", "change links");
  edit->add_option("id", options->ids, "numbers of links")->required();
  options->fields.text(edit, "--url", "url", "address");
  options->fields.text(edit, "--title", "title", "title; \"\" gives it back to the page");
  options->fields.text(edit, "--description", "description", "description; \"\" gives it back to the page");
  options->fields.text(edit, "--notes", "notes", "notes, Markdown");
  options->fields.text(edit, "--engine", "engine", "how to capture: auto, http or browser");
  options->fields.text(edit, "--schedule", "schedule", "how often to capture again: 12h, 7d, 4w");
  options->fields.list(edit, "--tag", "add_tags", "give this tag; may be repeated");
  options->fields.list(edit, "--untag", "remove_tags", "take this tag away; may be repeated");
  options->fields.states(edit);
  commands.add(edit, [options](Client& client, const Common& common) {
    const json change = options->fields.object();
    if (change.empty()) return usage_error("say what to change: --title, --tag, --unread …");
    int status = 0;
    for (const std::uint64_t id : options->ids) status = std::max(status, shown(common, call_json(client, "PATCH", fmt::format("/api/v1/links/{}", id), change), show_link));
    return status;
  });
}

struct TagOptions {
  std::string name, to;
  std::vector<std::string> names;
  std::vector<std::uint64_t> ids;
  bool keep_alias = false;
  bool children = false;
  bool unused = false;
  Fields fields;
};

int change_links(Client& client, const Common& common, const TagOptions& options, const char* what) {
  const auto answer = settled(client, call_json(client, "POST", "/api/v1/links/bulk", {{"ids", options.ids}, {what, {options.name}}}));
  if (!answer) return refused(answer.error());
  if (common.json) std::printf("%s\n", printable(*answer).c_str());
  const json errors = answer->value("errors", json::array());
  for (const json& error : errors) std::fprintf(stderr, "waymark: link %s: %s\n", error["id"].dump().c_str(), error.value("message", "").c_str());
  return errors.empty() ? 0 : 1;
}

void declare_tag(CLI::App& cli, Commands& commands) {
  auto o = std::make_shared<TagOptions>();  // shared by the commands and their options
  auto* tag = cli.add_subcommand("tag", "tags")->require_subcommand(1);
  auto* ls = tag->add_subcommand("ls", "list tags with how many links have them");
  ls->add_option("prefix", o->name, "those that begin so, in any script or pinyin");
  ls->add_flag("--unused", o->unused, "those that no link has");
  commands.add(ls, [o](Client& client, const Common& common) {
    return list_of(client, common, fmt::format("/api/v1/tags?unused={}{}", o->unused, o->name.empty() ? "" : "&prefix=" + escaped(o->name)), "tags", show_tag);
  });
  for (const auto& [name, what, help] : {std::tuple("add", "add_tags", "give links a tag"), std::tuple("remove", "remove_tags", "take a tag, and those under it, from links")}) {
    auto* command = tag->add_subcommand(name, help);
    command->add_option("tag", o->name)->required();
    command->add_option("id", o->ids, "numbers of links")->required();
    commands.add(command, [o, field = what](Client& client, const Common& common) { return change_links(client, common, *o, field); });
  }
  auto* rename = tag->add_subcommand("rename", "rename a tag and those under it; onto one that is there both become one");
  rename->add_option("tag", o->name)->required();
  rename->add_option("to", o->to)->required();
  rename->add_flag("--keep-alias", o->keep_alias, "the old name goes on to mean the tag");
  commands.add(rename, [o](Client& client, const Common& common) {
    return shown(common, settled(client, call_json(client, "PATCH", "/api/v1/tags/" + escaped(o->name), {{"tag", o->to}, {"keep_alias", o->keep_alias}})), show_tag);
  });
  auto* merge = tag->add_subcommand("merge", "make several tags one");
  merge->add_option("into", o->to, "what they become")->required();
  merge->add_option("tags", o->names)->required();
  merge->add_flag("--keep-alias", o->keep_alias, "the old names go on to mean the tag");
  commands.add(merge, [o](Client& client, const Common& common) {
    return shown(common, settled(client, call_json(client, "POST", "/api/v1/tags/merge", {{"tags", o->names}, {"into", o->to}, {"keep_alias", o->keep_alias}})), show_tag);
  });
  auto* set = tag->add_subcommand("set", "colour, aliases and capture settings of a tag, which is made if it is not there");
  set->add_option("tag", o->name)->required();
  o->fields.text(set, "--colour", "colour", "#rrggbb");
  o->fields.text(set, "--engine", "engine", "how its links are captured");
  o->fields.text(set, "--schedule", "schedule", "how often they are captured again: 12h, 7d, 4w");
  o->fields.list(set, "--alias", "aliases", "another name; may be repeated, and replaces those there were");
  commands.add(set, [o](Client& client, const Common& common) {
    json body = o->fields.object();
    body["tag"] = o->name;
    return shown(common, call_json(client, "POST", "/api/v1/tags", body), show_tag);
  }, Folder::kIsMade);
  auto* remove = tag->add_subcommand("delete", "take a tag from every link");
  remove->add_option("tag", o->name)->required();
  remove->add_flag("--children", o->children, "and those under it");
  commands.add(remove, [o](Client& client, const Common&) { return done(settled(client, call_json(client, "DELETE", fmt::format("/api/v1/tags/{}?children={}", escaped(o->name), o->children)))); });
}

/// ls, add and delete of things that have a number.
void declare_numbered(CLI::App* group, Commands& commands, const std::string& path, const char* list, const std::shared_ptr<Fields>& fields, CLI::App* add) {
  auto id = std::make_shared<std::uint64_t>(0);  // shared by the command and its option
  auto* ls = group->add_subcommand("ls", "list them");
  commands.add(ls, [path, list](Client& client, const Common& common) { return list_of(client, common, path, list, show_item); });
  commands.add(add, [path, fields](Client& client, const Common& common) { return shown(common, call_json(client, "POST", path, fields->object()), show_item); }, Folder::kIsMade);
  auto* remove = group->add_subcommand("delete", "remove one");
  remove->add_option("id", *id)->required();
  commands.add(remove, [path, id](Client& client, const Common&) { return done(call_json(client, "DELETE", fmt::format("{}/{}", path, *id))); });
}

void declare_rule_fields(CLI::App* command, Fields& fields) {
  fields.text(command, "--name", "name", "what it is called");
  fields.text(command, "--site", "site", "a host, or with the beginning of a path: example.org/docs");
  fields.text(command, "--url", "url", "words of the address, or /a regular expression/");
  fields.text(command, "--title", "title", "words of the title, or /a regular expression/");
  fields.text(command, "--text", "text", "words of the page, or /a regular expression/");
  fields.list(command, "--tag", "tags", "give this tag; may be repeated");
  fields.text(command, "--engine", "engine", "how to capture");
  fields.text(command, "--schedule", "schedule", "how often to capture again: 12h, 7d, 4w");
  fields.states(command);
}

void declare_rules(CLI::App& cli, Commands& commands) {
  auto* rules = cli.add_subcommand("rules", "what is done to links by themselves when they are added and captured")->require_subcommand(1);
  auto fields = std::make_shared<Fields>();  // shared by the commands and their options
  auto* add = rules->add_subcommand("add", "make a rule: all its conditions must hold");
  declare_rule_fields(add, *fields);
  declare_numbered(rules, commands, "/api/v1/rules", "rules", fields, add);
  auto* preview = rules->add_subcommand("preview", "list the links that such a rule would fit");
  declare_rule_fields(preview, *fields);
  commands.add(preview, [fields](Client& client, const Common& common) {
    const auto answer = call_json(client, "POST", "/api/v1/rules/preview?limit=1000", fields->object());
    if (!answer) return refused(answer.error());
    for (const json& link : (*answer)["links"]) show_link(common, link);
    return 0;
  });
}

void declare_searches(CLI::App& cli, Commands& commands) {
  auto* searches = cli.add_subcommand("searches", "saved searches")->require_subcommand(1);
  auto fields = std::make_shared<Fields>();  // shared by the commands and their options
  auto* add = searches->add_subcommand("add", "save a search");
  add->add_option_function<std::string>("name", [fields](const std::string& name) { fields->texts["name"] = name; })->required();
  add->add_option_function<std::string>("query", [fields](const std::string& query) { fields->texts["query"] = query; })->required();
  declare_numbered(searches, commands, "/api/v1/searches", "searches", fields, add);
}

}  // namespace

std::function<std::optional<int>()> declare_library(CLI::App& cli, const Common& common) {
  auto commands = std::make_shared<Commands>(Commands{.common = common});  // kept by what is given back
  declare_ls(cli, *commands);
  declare_edit(cli, *commands);
  declare_tag(cli, *commands);
  declare_rules(cli, *commands);
  declare_searches(cli, *commands);
  return [commands] { return commands->run(); };
}

int restore_links(const Common& common, const std::vector<std::uint64_t>& ids) {
  auto client = Client::connect_existing(common.data, common.settings);
  if (!client) return failed(client.error());
  int status = 0;
  for (const std::uint64_t id : ids) status = std::max(status, shown(common, call_json(**client, "POST", fmt::format("/api/v1/links/{}/restore", id)), show_link));
  return status;
}

}  // namespace wm::cli
