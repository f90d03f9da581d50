#include "server/http/static_files.h"

#include <boost/test/unit_test.hpp>

#include "core/base/file.h"
#include "core/http/body.h"
#include "tests/support/test_support.h"

using namespace wm;
using namespace wm::server;

namespace {

namespace fs = std::filesystem;

Request get(http::Headers headers = {}) {
  Request request;
  request.head.method = "GET";
  request.head.target = "/";
  request.head.headers = std::move(headers);
  return request;
}

struct Folder {
  Folder() {
    write("index.html", "<p>index");
    write("a/index.html", "<p>a");
    write("app.js", script);
    write("pic.png", std::string(3000, 'p'));
    write("large.bin", std::string(200000, 'L'));
    write(".hidden", "secret");
    BOOST_REQUIRE(replace_file(dir.path() / "outside.txt", "secret").has_value());
    fs::create_symlink(dir.path() / "outside.txt", root / "leak.txt");
    fs::create_directory_symlink(dir.path(), root / "up");
    fs::create_symlink(root / "app.js", root / "alias.js");
  }
  void write(const std::string& name, const std::string& content) {
    fs::create_directories((root / name).parent_path());
    BOOST_REQUIRE(replace_file(root / name, content).has_value());
  }
  std::unique_ptr<StaticFiles> open(StaticFiles::Options options = {}) const {
    return StaticFiles::open(root, std::move(options)).value();
  }

  const std::string script = std::string(3000, ';') + "done()";
  TempDir dir = test::temp_dir();
  fs::path root = dir.path() / "www";
};

std::string body_of(Response response) {
  if (!response.stream) return response.body;
  return read_all(*response.stream, 1 << 20).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(static_files)

BOOST_AUTO_TEST_CASE(files_are_served_with_their_type) {
  const Folder folder;
  const auto files = folder.open();
  const Response script = files->serve(get(), "app.js?v=1");
  BOOST_TEST(script.status == 200);
  BOOST_TEST(script.body == folder.script);
  BOOST_TEST(script.headers.find("Content-Type").value() == "text/javascript; charset=utf-8");
  BOOST_TEST(script.headers.find("Cache-Control").value() == "no-cache");
  BOOST_TEST(script.headers.find("X-Content-Type-Options").value() == "nosniff");
  BOOST_TEST(body_of(files->serve(get(), "")) == "<p>index");
  BOOST_TEST(body_of(files->serve(get(), "a/")) == "<p>a");
  BOOST_TEST(body_of(files->serve(get(), "%61pp.js")) == folder.script);
  BOOST_TEST(body_of(files->serve(get(), "alias.js")) == folder.script);
  BOOST_TEST(mime_type("X.WOFF2") == "font/woff2");
  BOOST_TEST(mime_type("noending") == "application/octet-stream");
}

BOOST_AUTO_TEST_CASE(nothing_outside_the_folder_is_served) {
  const Folder folder;
  const auto files = folder.open();
  for (const char* path :
       {"../outside.txt", "%2e%2e/outside.txt", "a/../../outside.txt", "..%2foutside.txt",
        "/etc/passwd", "//etc/passwd", "leak.txt", "up/outside.txt", ".hidden", "a/.", "a",
        "nothing", "app.js/", "app.js%00.png", "a\\..\\app.js", "a//index.html", "%", "."}) {
    BOOST_TEST(files->serve(get(), path).status == 404, path);
  }
}

BOOST_AUTO_TEST_CASE(the_gzip_form_is_another_representation) {
  const Folder folder;
  const auto files = folder.open();
  const Response packed = files->serve(get({{"Accept-Encoding", "gzip"}}), "app.js");
  BOOST_TEST(packed.headers.find("Content-Encoding").value() == "gzip");
  BOOST_TEST(packed.headers.find("Vary").value() == "Accept-Encoding");
  auto source =
      http::decode(std::make_unique<StringSource>(packed.body), http::ContentCoding::kGzip);
  BOOST_TEST(read_all(*source, 10000).value() == folder.script);
  const Response plain = files->serve(get(), "app.js");
  BOOST_TEST(plain.headers.find("Vary").value() == "Accept-Encoding");
  BOOST_TEST(plain.headers.find("ETag").value() != packed.headers.find("ETag").value());
  const Response image = files->serve(get({{"Accept-Encoding", "gzip"}}), "pic.png");
  BOOST_TEST(!image.headers.has("Content-Encoding"));
  BOOST_TEST(!image.headers.has("Vary"));
}

BOOST_AUTO_TEST_CASE(a_known_tag_gives_304_with_what_caches_need) {
  const Folder folder;
  const auto files = folder.open();
  for (const char* name : {"app.js", "large.bin"}) {
    const std::string tag(files->serve(get(), name).headers.find("ETag").value());
    const Response same = files->serve(get({{"If-None-Match", tag}}), name);
    BOOST_TEST(same.status == 304);
    BOOST_TEST(same.headers.find("ETag").value() == tag);
    BOOST_TEST(same.headers.find("Cache-Control").value() == "no-cache");
    BOOST_TEST(body_of(files->serve(get({{"If-None-Match", "\"other\""}}), name)) != "");
  }
}

BOOST_AUTO_TEST_CASE(ranges_are_of_the_plain_bytes_from_memory_and_disk) {
  const Folder folder;
  const auto files = folder.open({.kept_file_bytes = 10000});
  Response script =
      files->serve(get({{"Range", "bytes=-6"}, {"Accept-Encoding", "gzip"}}), "app.js");
  BOOST_TEST(script.status == 206);
  BOOST_TEST(body_of(std::move(script)) == "done()");
  Response large = files->serve(get({{"Range", "bytes=199999-"}}), "large.bin");
  BOOST_TEST(large.headers.find("Content-Range").value() == "bytes 199999-199999/200000");
  BOOST_TEST(body_of(std::move(large)) == "L");
  BOOST_TEST(files->serve(get({{"Range", "bytes=200000-"}}), "large.bin").status == 416);
}

BOOST_AUTO_TEST_CASE(a_changed_file_is_read_again) {
  Folder folder;
  const auto files = folder.open();
  const std::string tag(files->serve(get(), "app.js").headers.find("ETag").value());
  folder.write("app.js", "changed");
  const Response changed = files->serve(get({{"If-None-Match", tag}}), "app.js");
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(changed.body == "changed");
  fs::remove(folder.root / "app.js");
  BOOST_TEST(files->serve(get(), "app.js").status == 404);
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_bounded) {
  const Folder folder;
  const auto files = folder.open({.kept_bytes = 4000});
  for (int i = 0; i < 3; ++i) {
    for (const char* name : {"app.js", "pic.png", "large.bin", "index.html"})
      BOOST_TEST(files->serve(get(), name).status == 200);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_none_is_an_error) {
  BOOST_TEST(!StaticFiles::open("/nonexistent/folder").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
