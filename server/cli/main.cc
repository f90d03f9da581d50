#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "replay/rewrite/kind.h"
#include "server/cli/commands.h"
#include "server/cli/library.h"

namespace {

using namespace wm;

int usage(const Error& error) {
  std::fprintf(stderr, "waymark: %s\n", error.what.c_str());
  return 2;
}

/// Defaults, then the file, then what the command line says.
Result<> gather(cli::Common& common, const std::string& config) {
  if (!config.empty()) WM_TRY(app::read_settings(config, common.settings));
  for (const std::string& assignment : common.set) WM_TRY(app::set_setting(assignment, common.settings));
  return app::check_settings(common.settings);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App cli{"Waymark: save links, keep faithful snapshots of them, find them by any word, replay them as they were."};
  cli.set_version_flag("--version", WM_VERSION);
  cli.require_subcommand(1);
  cli.fallthrough();

  cli::Common common;
  const char* environment = std::getenv("WAYMARK_DATA");
  std::string data = environment ? environment : "./data", config;
  cli.add_option("--data", data, "data folder (or WAYMARK_DATA)")->capture_default_str();
  cli.add_option("--config", config, "settings file; config/waymark.toml has every setting with its default");
  cli.add_option("--set", common.set, "one setting, key=value; may be repeated")->take_all()->allow_extra_args(false);
  cli.add_flag("--json", common.json, "print one JSON object an item");

  int status = 0;

  auto* serve = cli.add_subcommand("serve", "run the server until it is told to end");
  std::string listen, replay_listen, auth;
  bool public_replay = false;
  serve->add_option("--listen", listen, "app address, 127.0.0.1:8080 unless set");
  serve->add_option("--replay-listen", replay_listen, "replay origin's address, 127.0.0.1:8081 unless set; \"same\": the app's, with archived pages sandboxed");
  serve->add_option("--auth", auth, "none (loopback only) or password")->check(CLI::IsMember({"none", "password"}));
  serve->add_flag("--public-replay", public_replay, "mementos without a log-in");

  cli::AddOptions add_options;
  auto* add = cli.add_subcommand("add", "save links and take their snapshots");
  add->add_option("url", add_options.urls, "web addresses")->required();
  add->add_option("--tag", add_options.tags, "file under this tag; may be repeated")->take_all()->allow_extra_args(false);
  add->add_option("--title", add_options.title, "title instead of the page's own");
  add->add_option("--engine", add_options.engine, "how to capture")->check(CLI::IsMember({"auto", "http", "browser"}))->capture_default_str();
  add->add_flag("--wait", add_options.wait, "return when the snapshots are taken");

  cli::SearchOptions search_options;
  std::vector<std::string> words;
  auto* search = cli.add_subcommand("search", "find pages by any word any version of them held");
  search->add_option("query", words, "words, \"phrases\", #tags, site:example.org …")->required();
  search->add_option("--limit", search_options.limit)->check(CLI::Range(1, 200))->capture_default_str();
  search->add_option("--offset", search_options.offset)->check(CLI::Range(0, 10'000'000))->capture_default_str();

  cli::ImportOptions import_options;
  auto* import = cli.add_subcommand("import", "take in what others kept: WARC, ARC, WACZ and HAR files, saved pages, bookmark files");
  import->add_option("file", import_options.files, "files, or folders of them")->required();
  import->add_option("--collection", import_options.collection, "where they replay: /<collection>/…")->capture_default_str();
  import->add_flag("--link", import_options.link, "leave WARC and ARC files where they are, instead of copying them");
  import->add_flag("--links", import_options.links, "save the pages they list as links");
  import->add_option("--url", import_options.url, "where a saved page came from, if it does not tell");
  import->add_flag("--no-capture", import_options.no_capture, "take no snapshots of the bookmarks that are new");
  import->add_flag("--dry-run", import_options.dry_run, "read and report, keep nothing");

  cli::ExportOptions export_options;
  auto* exported = cli.add_subcommand("export", "write parts of the archive to a file that other tools open");
  auto* what = exported->add_option_group("what")->require_option(1);
  what->add_option("--query", export_options.query, "the links and pages that a search finds");
  what->add_option("--link", export_options.link, "one link's snapshots");
  what->add_option("--collection", export_options.collection, "all of a collection");
  exported->add_option("--format", export_options.format)->check(CLI::IsMember({"warc", "wacz", "cdxj", "cdx11"}))->capture_default_str();
  exported->add_option("--title", export_options.title, "of a WACZ");
  exported->add_flag("--sign", export_options.sign, "sign a WACZ with this archive's key");
  exported->add_option("-o,--output", export_options.output, "the file, which must not exist")->required();

  bool fix_index = false;
  auto* verify = cli.add_subcommand("verify", "read every record, and tell what is damaged and what the index has wrong");
  verify->add_flag("--fix-index", fix_index, "index those files anew that the index has wrong; no file is changed");

  auto* reindex = cli.add_subcommand("reindex", "make database and search index anew from the WARC files alone; no server may run");
  const auto run_library = cli::declare_library(cli, common);

  std::string backup_folder, restored_folder;
  std::vector<std::uint64_t> restored_links;
  auto* backup = cli.add_subcommand("backup", "copy the archive into a folder, also while it is in use; what is there already is not copied again");
  backup->add_option("folder", backup_folder)->required();
  auto* restore = cli.add_subcommand("restore", "copy a backup into an empty data folder, or take links back out of the trash");
  auto* restored = restore->add_option_group("what")->require_option(1);
  restored->add_option("folder", restored_folder, "what backup wrote");
  restored->add_option("--link", restored_links, "number of a link in the trash; may be repeated")->take_all()->allow_extra_args(false);

  const CLI::Validator digits(
      [](const std::string& text) {
        const bool good = !text.empty() && text.size() <= 14 && text.find_first_not_of("0123456789") == std::string::npos;
        return good ? std::string() : "must be 1 to 14 digits, not " + text;
      },
      "DIGITS");
  cli::CdxOptions cdx_options;
  auto* cdx = cli.add_subcommand("cdx", "list captures");
  cdx->add_option("url", cdx_options.url)->required();
  cdx->add_option("--match-type", cdx_options.match_type)->check(CLI::IsMember({"exact", "prefix", "host", "domain"}));
  cdx->add_option("--from", cdx_options.from, "1 to 14 digits")->check(digits);
  cdx->add_option("--to", cdx_options.to, "1 to 14 digits")->check(digits);
  cdx->add_option("--collection", cdx_options.collection)->capture_default_str();
  cdx->add_option("--limit", cdx_options.limit, "0 = all, -5 = the last five")->check(CLI::Range(-1'000'000'000LL, 1'000'000'000'000LL))->capture_default_str();
  cdx->add_option("--output", cdx_options.output)->check(CLI::IsMember({"cdxj", "json", "text", "link"}));
  cdx->add_option("--fields", cdx_options.fields, "such as timestamp,url,status");
  cdx->add_option("--filter", cdx_options.filters, "[!][=|~]field:text; may be repeated");
  cdx->add_option("--collapse", cdx_options.collapse, "field or field:length; may be repeated");
  cdx->add_option("--closest", cdx_options.closest, "nearest to this time first, 1 to 14 digits")->check(digits);
  cdx->add_flag("--reverse", cdx_options.reverse, "latest first");

  std::string name, label, scope = "write";
  auto* user = cli.add_subcommand("user", "accounts")->require_subcommand(1);
  auto* user_add = user->add_subcommand("add", "make a user; the password is read from standard input");
  user_add->add_option("name", name)->required();
  auto* token = cli.add_subcommand("token", "API tokens")->require_subcommand(1);
  auto* token_create = token->add_subcommand("create", "make a token and print it once");
  token_create->add_option("--user", name)->required();
  token_create->add_option("--label", label);
  token_create->add_option("--scope", scope)->check(CLI::IsMember({"read", "write", "admin"}))->capture_default_str();

  cli::RewriteOptions rewrite_options;
  auto* tool = cli.add_subcommand("tool", "parts of the machine, for debugging: standard input to standard output")->require_subcommand(1);
  auto* surt = tool->add_subcommand("surt", "index key of each line's URL");
  auto* rewrite = tool->add_subcommand("rewrite", "rewrite a body as replay does");
  rewrite->add_option("--type", rewrite_options.type)->required()->check(CLI::IsMember(std::vector<std::string>(rewrite::kKindNames.begin(), rewrite::kKindNames.end())));
  rewrite->add_option("--url", rewrite_options.url, "where the body came from")->required();
  rewrite->add_option("--timestamp", rewrite_options.timestamp, "1 to 14 digits")->required()->check(digits);
  rewrite->add_option("--mod", rewrite_options.modifier)->capture_default_str();
  rewrite->add_option("--prefix", rewrite_options.prefix)->capture_default_str();

  try {
    cli.parse(argc, argv);
    const auto as_setting = [&common](const char* key, const std::string& value) {
      if (!value.empty()) common.set.push_back(std::string(key) + "=" + value);
    };
    as_setting("server.listen", listen);
    as_setting("server.replay_listen", replay_listen);
    as_setting("auth.mode", auth);
    as_setting("auth.public_replay", public_replay ? "true" : "");
    common.data = data;
    if (const auto gathered = gather(common, config); !gathered) return usage(gathered.error());

    if (serve->parsed()) status = cli::serve(common);
    if (add->parsed()) status = cli::add(common, add_options);
    if (search->parsed()) {
      for (const std::string& word : words) search_options.query += (search_options.query.empty() ? "" : " ") + word;
      status = cli::search(common, search_options);
    }
    if (import->parsed()) status = cli::import(common, import_options);
    if (exported->parsed()) status = cli::export_archive(common, export_options);
    if (verify->parsed()) status = cli::verify(common, fix_index);
    if (reindex->parsed()) status = cli::reindex(common);
    if (backup->parsed()) status = cli::backup(common, backup_folder);
    if (restore->parsed()) status = restored_links.empty() ? cli::restore(common, restored_folder) : cli::restore_links(common, restored_links);
    if (const auto ran = run_library()) status = *ran;
    if (cdx->parsed()) status = cli::cdx(common, cdx_options);
    if (user_add->parsed()) status = cli::add_user(common, name);
    if (token_create->parsed()) status = cli::create_token(common, name, label, scope);
    if (surt->parsed()) status = cli::tool_surt();
    if (rewrite->parsed()) status = cli::tool_rewrite(rewrite_options);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {  // one of the three places that catch
    std::fprintf(stderr, "waymark: %s\n", error.what());
    return 1;
  }
  return status;
}
