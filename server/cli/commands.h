#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "server/app/settings.h"
#include "server/cli/client.h"

namespace wm::cli {

/// What every command gets. Exit codes: 0 all done, 1 something failed, 2 usage.
struct Common {
  std::filesystem::path data;
  app::Settings settings;
  std::vector<std::string> set;  ///< --set as given: for a running server
  bool json = false;
};

struct AddOptions {
  std::vector<std::string> urls;
  std::vector<std::string> tags;
  std::string title;
  std::string engine = "auto";
  bool wait = false;
};
struct SearchOptions {
  std::string query;
  std::size_t limit = 20;
  std::size_t offset = 0;
};
struct ImportOptions {
  std::vector<std::string> files;
  std::string collection = "web";
  std::string url;      ///< of a saved page that does not tell its own
  bool dry_run = false;
  bool no_capture = false;
  bool link = false;    ///< leave the files where they are
  bool links = false;   ///< make links of their pages
};
struct ExportOptions {
  std::string query;
  std::uint64_t link = 0;
  std::string collection;
  std::string format = "warc";
  std::string title;
  bool sign = false;
  std::string output;
};
struct CdxOptions {
  std::string url;
  std::string match_type;  ///< "" = by the wildcards of the URL
  std::string from;
  std::string to;
  std::string collection = "web";
  std::string limit = "10000";
  std::string output;
  std::string fields;
  std::string closest;
  std::vector<std::string> filters;
  std::vector<std::string> collapse;
  bool reverse = false;
};
struct RewriteOptions {
  std::string type;
  std::string url;
  std::string timestamp;
  std::string modifier = "mp_";
  std::string prefix = "http://localhost:8081/web/";
};

int serve(const Common& common);
int add(const Common& common, const AddOptions& options);
int search(const Common& common, const SearchOptions& options);
int import(const Common& common, const ImportOptions& options);
int export_archive(const Common& common, const ExportOptions& options);
/// 1 if something is wrong and was not fixed.
int verify(const Common& common, bool fix_index);
int backup(const Common& common, const std::string& folder);
int restore(const Common& common, const std::string& folder);
/// Makes the database and the search index anew from the WARC files.
int reindex(const Common& common);
int cdx(const Common& common, const CdxOptions& options);
int add_user(const Common& common, const std::string& name);
int create_token(const Common& common, const std::string& user, const std::string& label, const std::string& scope);
int tool_surt();
int tool_rewrite(const RewriteOptions& options);

/// Tells the error on standard error; 1.
int failed(const Error& error);
/// Tells what is wrong with the command line; 2.
int usage_error(const std::string& what);

}  // namespace wm::cli
