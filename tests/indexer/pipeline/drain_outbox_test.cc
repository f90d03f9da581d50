#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>

#include "indexer/pipeline/page_document.h"
#include "tests/indexer/pipeline/pipeline_test_support.h"

using namespace wm;
using test::Archive;
using test::must;
using test::WarcBuilder;

namespace {

/// Hands on to a real writer until it is told to fail.
class FailingWriter final : public search::SearchWriter {
 public:
  explicit FailingWriter(search::SearchWriter& inner) : inner_(inner) {}
  Result<> put(const search::Document& d) override { return step() ? inner_.put(d) : broken(); }
  Result<> remove(std::string_view id) override { return step() ? inner_.remove(id) : broken(); }
  Result<> remove_version(std::uint64_t l, std::string_view c, std::string_view u,
                          Time14 t) override {
    return step() ? inner_.remove_version(l, c, u, t) : broken();
  }
  Result<> update_link(std::uint64_t l, const search::Document& d) override {
    return step() ? inner_.update_link(l, d) : broken();
  }
  Result<> remove_link(std::uint64_t l) override {
    return step() ? inner_.remove_link(l) : broken();
  }
  Result<> commit() override { return step() ? inner_.commit() : broken(); }
  int steps = 0;

 private:
  bool step() { return steps-- > 0; }
  static std::unexpected<Error> broken() { return fail(Error::Code::kIo, "the disk is full"); }
  search::SearchWriter& inner_;
};

constexpr const char* kHome =
    "<html lang=en><title>Its title</title><meta name=description content='About "
    "whales'><h1>Head</h1><p>welcome words about whales</p>";

}  // namespace

BOOST_AUTO_TEST_CASE(every_page_of_an_import_is_found_and_nothing_else) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/", "2020", kHome);
    warc.html("http://example.com/two", "2020", "<p>second words");
    warc.response("http://example.com/t.txt", "2020", "HTTP/1.1 200 OK\r\nContent-Type: text/plain",
                  "plain words");
    warc.response("http://example.com/s.js", "2020",
                  "HTTP/1.1 200 OK\r\nContent-Type: text/javascript", "script_words();");
    warc.response("http://example.com/gone", "2020", "HTTP/1.1 404 No\r\nContent-Type: text/html",
                  "error words");
    warc.finish();
  }
  BOOST_TEST(t.index_file("a.warc.gz", {.collection = "news", .seed_url = {}}).pages == 3u);
  BOOST_TEST(t.outbox() == 3u);
  BOOST_TEST(t.drain() == 3u);
  BOOST_TEST(t.outbox() == 0u);
  BOOST_TEST(t.drain() == 0u);
  BOOST_TEST(t.find("words").total == 3u);
  const auto hit = t.find("whales").results.at(0);
  BOOST_TEST(hit.title == "Its title");
  BOOST_TEST(hit.url == "http://example.com/");
  BOOST_TEST(hit.collection == "news");
  BOOST_TEST(hit.time.value().text() == "20200101000000");
  BOOST_TEST(hit.snippets.at(0).find("words about <mark>whales</mark>") != std::string::npos);
  BOOST_TEST(t.find("lang:en title:\"its title\"").total == 1u);
}

BOOST_AUTO_TEST_CASE(of_a_links_capture_only_the_page_its_seed_leads_to_is_searched) {
  Archive t;
  t.links.add(7, "My title").tags = {"sea"};
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.response("http://example.com/start", "20200101000000",
                  "HTTP/1.1 301 Moved\r\nLocation: //www.example.com/next", "");
    warc.response("http://www.example.com/next", "20200101000001",
                  "HTTP/1.1 302 Found\r\nLocation: /page", "");
    warc.html("http://www.example.com/page", "20200101000002", kHome);
    warc.html("http://www.example.com/frame", "20200101000003", "<p>frame words");
    warc.finish();
  }
  const auto report =
      t.index_file("a.warc.gz", {.link_id = 7, .seed_url = "http://example.com/start#part"});
  BOOST_TEST(report.captures == 4u);
  BOOST_TEST(report.pages == 1u);
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(t.drain() == 1u);
  const auto hit = t.find("whales").results.at(0);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(2)));
  BOOST_TEST(hit.link_id == 7u);
  BOOST_TEST(hit.title == "My title");
  BOOST_TEST(hit.url == "http://www.example.com/page");
  BOOST_TEST(hit.time.value().text() == "20200101000002");
  BOOST_TEST(hit.tags.at(0) == "sea");
  BOOST_TEST(t.find("frame words").total == 0u);
  BOOST_TEST(t.find("title:its").total == 1u);
}

BOOST_AUTO_TEST_CASE(redirects_in_a_circle_end) {
  Archive t;
  t.links.add(1, "x");
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.response("http://example.com/a", "2020", "HTTP/1.1 302 Found\r\nLocation: /b", "");
    warc.response("http://example.com/b", "2020", "HTTP/1.1 302 Found\r\nLocation: /a", "");
    warc.finish();
  }
  BOOST_TEST(t.index_file("a.warc.gz", {.link_id = 1, .seed_url = "http://example.com/a"}).pages ==
             1u);
  BOOST_TEST(t.drain() == 1u);
  BOOST_TEST(
      t.index_file("a.warc.gz", {.link_id = 1, .seed_url = "http://example.com/none"}).pages == 0u);
}

BOOST_AUTO_TEST_CASE(a_link_to_a_picture_is_found_by_its_type_and_title) {
  Archive t;
  t.links.add(3, "A whale");
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.response("http://example.com/w.png", "2020", "HTTP/1.1 200 OK\r\nContent-Type: image/png",
                  "\x89PNG");
    warc.finish();
  }
  t.index_file("a.warc.gz", {.link_id = 3, .seed_url = "http://example.com/w.png"});
  t.drain();
  BOOST_TEST(t.find("whale type:image").results.at(0).time.has_value());
}

BOOST_AUTO_TEST_CASE(an_unchanged_page_captured_again_is_one_document_with_two_versions) {
  Archive t;
  t.links.add(7, "My title");
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/", "2020", kHome);
    warc.finish();
  }
  {
    WarcBuilder warc(t.warcs / "b.warc.gz");
    warc.revisit("http://example.com/", "2021", kHome, "http://example.com/", "2020");
    warc.finish();
  }
  {
    WarcBuilder warc(t.warcs / "c.warc.gz");
    warc.html("http://example.com/", "2022", "<p>other words");
    warc.finish();
  }
  for (const char* file : {"a.warc.gz", "b.warc.gz", "c.warc.gz"})
    t.index_file(file, {.link_id = 7, .seed_url = "http://example.com/"});
  BOOST_TEST(t.drain() == 3u);
  BOOST_TEST(must(t.search->document_count()) == 2u);
  const auto hit = t.find("whales").results.at(0);
  BOOST_TEST(hit.versions_matched == 2u);
  BOOST_TEST(hit.time.value().text() == "20210101000000");
  BOOST_TEST(t.find("words").results.at(0).versions_matched == 3u);
}

BOOST_AUTO_TEST_CASE(a_revisit_is_resolved_by_digest_when_its_original_is_not_where_it_says) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://elsewhere.example/", "2019", kHome);
    warc.revisit("http://example.com/", "2021", kHome, "http://example.com/lost", "2018");
    warc.revisit("http://example.com/never", "2021", "unknown payload", "http://example.com/never",
                 "2018");
    warc.finish();
  }
  t.index_file("a.warc.gz");
  t.drain();
  BOOST_TEST(t.find("whales site:example.com").total == 1u);
  BOOST_TEST(t.find("url:never").total == 1u);
}

BOOST_AUTO_TEST_CASE(a_drain_that_breaks_anywhere_leaves_all_to_do_and_ends_the_same) {
  for (int steps = 0;; ++steps) {
    Archive t;
    t.links.add(7, "My title");
    {
      WarcBuilder warc(t.warcs / "a.warc.gz");
      warc.html("http://example.com/", "2020", kHome);
      warc.html("http://example.com/two", "2020", "<p>second words");
      warc.finish();
    }
    t.index_file("a.warc.gz");
    store::Batch batch;
    pipeline::put_link_change(batch, 7);
    pipeline::put_link_change(batch, 8);
    BOOST_REQUIRE(t.store->write(std::move(batch)).has_value());
    FailingWriter writer(*t.writer);
    writer.steps = steps;
    const auto first = pipeline::drain_outbox(*t.store, writer, t.warcs, t.links);
    BOOST_TEST(t.outbox() == (first ? 0u : 4u));
    BOOST_REQUIRE(t.writer->commit().has_value());  // what was put before the break may be there
    t.drain();
    BOOST_TEST(t.outbox() == 0u);
    BOOST_TEST(must(t.search->document_count()) == 3u);
    BOOST_TEST(t.find("words").total == 2u);
    BOOST_TEST(t.find("title:\"my title\"").total == 1u);
    if (first) break;
    BOOST_REQUIRE(steps < 20);
  }
}

BOOST_AUTO_TEST_CASE(a_search_commit_without_clearing_is_done_again_without_harm) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/", "2020", kHome);
    warc.finish();
  }
  t.index_file("a.warc.gz");
  BOOST_TEST(t.drain() == 1u);
  t.index_file("a.warc.gz");  // says the page again, as a crash before the clearing would leave it
  BOOST_TEST(t.index_file("a.warc.gz").pages == 1u);
  BOOST_TEST(t.drain() == 1u);
  BOOST_TEST(must(t.search->document_count()) == 1u);
  BOOST_TEST(t.find("whales").results.at(0).versions_matched == 1u);
}

BOOST_AUTO_TEST_CASE(changed_and_removed_links_reach_their_pages) {
  Archive t;
  t.links.add(7, "Before");
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/", "2020", kHome);
    warc.finish();
  }
  const auto change = [&](std::uint64_t id) {
    store::Batch batch;
    pipeline::put_link_change(batch, id);
    BOOST_REQUIRE(t.store->write(std::move(batch)).has_value());
  };
  change(7);
  t.drain();
  BOOST_TEST(t.find("before").total == 1u);
  t.index_file("a.warc.gz", {.link_id = 7, .seed_url = "http://example.com/"});
  t.drain();
  BOOST_TEST(must(t.search->document_count()) == 1u);
  t.links.add(7, "After").tags = {"new"};
  change(7);
  change(7);
  BOOST_TEST(t.drain() == 2u);
  BOOST_TEST(t.find("before").total == 0u);
  BOOST_TEST(t.find("after whales #new").total == 1u);
  t.links.links.clear();
  change(7);
  t.index_file(
      "a.warc.gz",
      {.link_id = 7, .seed_url = "http://example.com/"});  // its capture ended after it went
  t.drain();
  BOOST_TEST(must(t.search->document_count()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_whose_file_is_gone_is_told_and_cleared) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/", "2020", kHome);
    warc.finish();
  }
  t.index_file("a.warc.gz");
  std::filesystem::remove(t.warcs / "a.warc.gz");
  BOOST_TEST(t.drain() == 1u);
  BOOST_TEST(t.outbox() == 0u);
  store::Batch batch;
  batch.put(store::Family::kOutbox, "nonsense", "x");
  batch.put(store::Family::kOutbox, "p1234567890", "x");
  BOOST_REQUIRE(t.store->write(std::move(batch)).has_value());
  BOOST_TEST(t.drain() == 2u);
}

BOOST_AUTO_TEST_CASE(bombs_and_broken_codings_give_what_text_they_have) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.response("http://example.com/lie", "2020",
                  "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip",
                  "<p>honest words");
    warc.response("http://example.com/chunk", "2020",
                  "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked",
                  "c\r\n<p>cut words \r\nfff\r\nand no more");
    warc.finish();
  }
  t.index_file("a.warc.gz");
  BOOST_TEST(t.drain() == 2u);
  BOOST_TEST(t.find("honest").total == 1u);
  BOOST_TEST(t.find("cut").total == 1u);
}

BOOST_AUTO_TEST_CASE(pages_of_real_sites_are_found_by_their_words) {
  const auto root = test::shared_path("corpus/real-sites");
  if (!root) return;
  Archive t;
  for (const auto& site : std::filesystem::directory_iterator(*root)) {
    for (const auto& file : std::filesystem::directory_iterator(site.path())) {
      const std::string name = file.path().string();
      if (name.ends_with(".warc.gz"))
        must(pipeline::index_warc(*t.store, *root,
                                  std::filesystem::relative(file.path(), *root).string(), {}));
    }
  }
  while (must(pipeline::drain_outbox(*t.store, *t.writer, *root, t.links)) > 0) {
  }
  const auto urls = [&](const char* query) {
    std::string all;
    for (const auto& hit : t.find(query).results) all += hit.url + " ";
    return all;
  };
  BOOST_TEST(urls("百度").find("baidu.com") != std::string::npos);
  BOOST_TEST(urls("新浪").find("sina.com.cn") != std::string::npos);
  BOOST_TEST(urls("wikipedia encyclopedia").find("www.wikipedia.org") != std::string::npos);
  const auto sina = t.find("新闻 site:sina.com.cn").results;
  BOOST_REQUIRE(!sina.empty());
  BOOST_TEST(sina[0].snippets.size() >= 2u);
  BOOST_TEST(sina[0].snippets[0].find("<mark>新闻</mark>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_text_a_browser_showed_is_found_as_the_page_it_is_of) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.resource("urn:text:http://example.com/app", "2020", "text/plain; charset=utf-8",
                  "rendered words");
    warc.resource("urn:textFinal:http://example.com/app", "2020", "text/plain", "later words");
    warc.finish();
  }
  BOOST_TEST(t.index_file("a.warc.gz", {.collection = "news", .seed_url = {}}).pages == 2u);
  t.drain();
  for (const char* word : {"rendered", "later"})
    BOOST_TEST(t.find(word).results.at(0).url == "http://example.com/app");
}

BOOST_AUTO_TEST_CASE(every_substring_of_a_real_chinese_page_finds_it_and_is_marked) {
  const auto root = test::shared_path("corpus/real-sites/Sina");
  if (!root) return;
  Archive t;
  for (const auto& file : std::filesystem::directory_iterator(*root)) {
    const std::string name = file.path().filename().string();
    if (name.ends_with(".warc.gz")) must(pipeline::index_warc(*t.store, *root, name, {}));
  }
  while (must(pipeline::drain_outbox(*t.store, *t.writer, *root, t.links)) > 0) {
  }
  const auto home = must(t.index.first("web", "cn,com,sina)/")).value();
  const auto document = must(pipeline::page_document(t.index, *root,
                                                     {.file = home.file,
                                                      .offset = home.offset,
                                                      .link_id = 0,
                                                      .collection = "web",
                                                      .url = home.url,
                                                      .seed_url = {},
                                                      .text_bytes = 8 << 20,
                                                      .decoded_bytes = 64 << 20}));
  BOOST_REQUIRE(document.has_value());
  // Runs of Han characters: three bytes from E4 to E9.
  std::vector<std::string> runs(1);
  for (std::size_t at = 0; at < document->text.size();) {
    const auto lead = static_cast<unsigned char>(document->text[at]);
    if (lead >= 0xe4 && lead <= 0xe9) {
      runs.back().append(document->text, at, 3);
      at += 3;
    } else {
      if (!runs.back().empty()) runs.emplace_back();
      ++at;
    }
  }
  std::mt19937 random(20);
  int found = 0;
  int marked = 0;
  constexpr int kAsked = 150;
  for (int i = 0; i < kAsked; ++i) {
    const std::string* run = &runs[random() % runs.size()];
    while (run->empty()) run = &runs[random() % runs.size()];
    const std::size_t characters = run->size() / 3;
    const std::size_t first = random() % characters;
    const std::size_t count = 1 + random() % (characters - first);
    const std::string query = run->substr(first * 3, count * 3);
    for (const auto& hit : t.find(query).results) {
      if (hit.url != home.url) continue;
      ++found;
      if (!hit.snippets.empty() && hit.snippets[0].find("<mark>") != std::string::npos) ++marked;
    }
  }
  BOOST_TEST(found == kAsked);
  BOOST_TEST(marked == kAsked);
}

BOOST_AUTO_TEST_CASE(an_imported_page_of_a_link_is_a_version_of_the_link_and_no_hit_of_its_own) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/", "2020", kHome);
    warc.html("http://example.com/two", "2020", "<p>second words about whales");
    warc.resource("urn:text:http://example.com/", "2020", "text/plain", "shown words about whales");
    warc.finish();
  }
  const pipeline::IndexOptions options{.collection = "news", .seed_url = {}};
  t.index_file("a.warc.gz", options);
  t.drain();
  BOOST_TEST(t.find("whales").results.size() == 2u);  // by address, no link is known
  BOOST_TEST(t.find("whales").results[0].link_id == 0u);

  // Saved as a link later, and imported again.
  t.links.add(7, "My whales");
  t.links.ids["http://example.com/"] = 7;
  t.index_file("a.warc.gz", options);
  t.drain();
  const auto found = t.find("whales");
  BOOST_REQUIRE(found.results.size() == 2u);
  std::size_t of_link = 0;
  for (const auto& hit : found.results) of_link += hit.link_id == 7 && hit.title == "My whales";
  BOOST_TEST(of_link == 1u);
  BOOST_TEST(t.find("welcome").results.size() == 1u);
  BOOST_TEST(t.find("shown").results.at(0).link_id == 7u);
}

BOOST_AUTO_TEST_CASE(where_the_redirects_of_a_link_led_to_is_told_to_be_its_page) {
  Archive t;
  {
    WarcBuilder warc(t.warcs / "a.warc.gz");
    warc.html("http://example.com/home", "2020", kHome);
    warc.finish();
  }
  const pipeline::IndexOptions options{.collection = "news", .seed_url = {}};
  t.index_file("a.warc.gz", options);
  t.drain();
  t.links.add(7, "My whales");
  store::Batch batch;
  must(pipeline::put_linked_page(*t.store, batch, t.captures("a.warc.gz").at(0),
                                 {.link_id = 7,
                                  .seed_url = "http://example.com/",
                                  .text_bytes = options.text_bytes,
                                  .decoded_bytes = options.decoded_bytes}));
  must(t.store->write(std::move(batch)));
  t.drain();
  const auto found = t.find("whales");
  BOOST_REQUIRE(found.results.size() == 1u);
  BOOST_TEST(found.results[0].link_id == 7u);
}
