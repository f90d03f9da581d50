#include "tests/server/api/api_fixture.h"

namespace wm::api {

using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(links_api, ApiFixture)

BOOST_AUTO_TEST_CASE(a_link_is_added_read_changed_and_goes_to_the_trash_and_back) {
  const Answer made = call("POST", "/api/v1/links", {{"url", "Example.org/a"}, {"tags", {"ai/papers"}}, {"unread", true}, {"notes", "*n*"}, {"created", "2020-09-26T09:46:23.006313Z"}, {"capture", false}});
  BOOST_TEST(made.status == 201);
  const std::string at = made.header("Location");
  BOOST_TEST(made.body["url"] == "https://example.org/a");
  BOOST_TEST(made.body["created"] == "2020-09-26T09:46:23.006313Z");
  BOOST_TEST(made.body["unread"] == true);
  BOOST_TEST(made.body["job"].is_null());
  const Answer changed = call("PATCH", at, {{"title", "T"}, {"unread", false}, {"add_tags", {"x"}}, {"favourite", true}, {"description", "D"}});
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(changed.body["title"] == "T");
  BOOST_TEST(changed.body["tags"] == json::array({"ai/papers", "x"}));
  BOOST_TEST(changed.body["notes"] == "*n*");
  BOOST_TEST(call("DELETE", at).status == 204);
  BOOST_TEST(call("GET", "/api/v1/links").body["total"] == 0);
  BOOST_TEST(!call("GET", at).body["deleted"].is_null());
  BOOST_TEST(call("GET", "/api/v1/links?state=trashed").body["total"] == 1);
  BOOST_TEST(call("POST", at + "/restore").body["deleted"].is_null());
  BOOST_TEST(call("DELETE", at + "?forever=true").status == 204);
  BOOST_TEST(call("GET", at).status == 404);
}

BOOST_AUTO_TEST_CASE(an_etag_saves_the_answer_and_guards_the_change) {
  add("http://a.example/");
  const Answer first = call("GET", "/api/v1/links/1");
  const std::string etag = first.header("ETag");
  BOOST_TEST(etag == "\"v1\"");
  BOOST_TEST(call("GET", "/api/v1/links/1", nullptr, {{"If-None-Match", etag}}).status == 304);
  const Answer changed = call("PATCH", "/api/v1/links/1", {{"unread", true}}, {{"If-Match", etag}});
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(changed.header("ETag") == "\"v2\"");
  BOOST_TEST(call("PATCH", "/api/v1/links/1", {{"unread", false}}, {{"If-Match", etag}}).status == 412);
  BOOST_TEST(call("DELETE", "/api/v1/links/1", nullptr, {{"If-Match", etag}}).status == 412);
  BOOST_TEST(call("PATCH", "/api/v1/links/1", {{"unread", false}}, {{"If-Match", "garbage"}}).status == 400);
  BOOST_TEST(call("PATCH", "/api/v1/links/1", {{"unread", false}}, {{"If-Match", "*"}}).status == 200);
  BOOST_TEST(call("GET", "/api/v1/links/1", nullptr, {{"If-None-Match", etag}}).status == 200);
  add("http://b.example/");
  BOOST_TEST(call("PATCH", "/api/v1/links/2", {{"url", "http://a.example/"}}).status == 409);
}

BOOST_AUTO_TEST_CASE(ifexists_says_what_becomes_of_a_known_url) {
  add("http://a.example/", {{"tags", {"one"}}});
  const json again = {{"url", "http://www.a.example"}, {"tags", {"two"}}, {"capture", false}};
  BOOST_TEST(call("POST", "/api/v1/links?ifexists=error", again).status == 409);
  BOOST_TEST(call("POST", "/api/v1/links?ifexists=skip", again).body["tags"] == json::array({"one"}));
  const Answer updated = call("POST", "/api/v1/links", again);
  BOOST_TEST(updated.status == 200);
  BOOST_TEST(updated.body["tags"] == json::array({"one", "two"}));
  BOOST_TEST(call("POST", "/api/v1/links?ifexists=perhaps", again).status == 400);
}

BOOST_AUTO_TEST_CASE(lists_are_paged_by_cursor) {
  for (int i = 0; i < 25; ++i) add("http://a.example/" + std::to_string(i), {{"tags", {i % 2 ? "odd" : "even"}}, {"unread", i % 5 == 0}});
  std::string cursor;
  std::size_t seen = 0;
  for (int pages = 0; pages < 3; ++pages) {
    const json page = call("GET", "/api/v1/links?limit=10" + (cursor.empty() ? "" : "&cursor=" + cursor)).body;
    BOOST_TEST(page["total"] == 25);
    seen += page["links"].size();
    cursor = page["next_cursor"].is_null() ? "" : page["next_cursor"].get<std::string>();
  }
  BOOST_TEST(seen == 25u);
  BOOST_TEST(cursor == "");
  BOOST_TEST(call("GET", "/api/v1/links?tag=even&state=unread").body["links"].size() == 3u);
  BOOST_TEST(call("GET", "/api/v1/links?state=unread,active&sort=title&order=desc").body["total"] == 5);
  for (const char* bad : {"state=odd", "sort=size", "order=up", "cursor=zz", "limit=0", "limit=1001"}) BOOST_TEST(call("GET", std::string("/api/v1/links?") + bad).status == 400);
}

BOOST_AUTO_TEST_CASE(few_links_are_changed_at_once_and_a_list_in_a_job) {
  for (int i = 0; i < 5; ++i) add("http://a.example/" + std::to_string(i), {{"tags", {"a"}}});
  const Answer few = call("POST", "/api/v1/links/bulk", {{"ids", {1, 2, 99}}, {"add_tags", {"b"}}, {"remove_tags", {"a"}}, {"unread", true}});
  BOOST_TEST(few.status == 200);
  BOOST_TEST(few.body["changed"] == 2);
  BOOST_TEST(few.body["error_count"] == 1);
  BOOST_TEST(few.body["errors"][0]["id"] == 99);
  const Answer all = call("POST", "/api/v1/links/bulk", {{"filter", {{"tags", {"a"}}}}, {"deleted", true}});
  BOOST_TEST(all.status == 202);
  const json job = finish(all.body["job_id"]);
  BOOST_TEST(job["state"] == "done");
  BOOST_TEST(job["result"]["changed"] == 3);
  BOOST_TEST(call("GET", "/api/v1/links").body["total"] == 2);
  BOOST_TEST(call("DELETE", "/api/v1/trash").body["changed"] == 3);
  BOOST_TEST(call("GET", "/api/v1/links?state=trashed").body["total"] == 0);
  for (const json& bad : {json{{"ids", {1}}}, json{{"unread", true}}, json{{"ids", {1}}, {"query", "x"}, {"unread", true}}, json{{"ids", {"x"}}, {"unread", true}},
                          json{{"filter", {{"states", {"odd"}}}}, {"unread", true}}, json{{"ids", {1}}, {"forever", true}, {"unread", true}}}) {
    BOOST_TEST(call("POST", "/api/v1/links/bulk", bad).status == 400);
  }
}

BOOST_AUTO_TEST_CASE(check_tells_what_is_saved_and_what_rules_would_do) {
  add("http://a.example/x");
  BOOST_TEST(call("POST", "/api/v1/rules", {{"site", "a.example"}, {"tags", {"t"}}}).status == 201);
  const json known = call("GET", "/api/v1/links/check?url=https%3A%2F%2Fwww.a.example%2Fx%2F%3Futm_source%3Dy").body;
  BOOST_TEST(known["link"]["id"] == 1);
  BOOST_TEST(known["tags"] == json::array({"t"}));
  const json fresh = call("GET", "/api/v1/links/check?url=http%3A%2F%2Fb.example%2F").body;
  BOOST_TEST(fresh["link"].is_null());
  BOOST_TEST(fresh["tags"].empty());
  BOOST_TEST(call("GET", "/api/v1/links/check").status == 400);
}

BOOST_AUTO_TEST_CASE(a_snapshot_takes_the_engine_it_is_told) {
  add("http://a.example/");
  BOOST_TEST(call("POST", "/api/v1/links/1/snapshots", {{"engine", "magic"}}).status == 400);
  BOOST_TEST(call("POST", "/api/v1/links/1/snapshots", {{"engin", "http"}}).status == 400);
  BOOST_TEST(call("POST", "/api/v1/links/1/snapshots", {{"engine", "http"}}).status == 202);
  BOOST_TEST(call("GET", "/api/v1/links/1/favicon").status == 404);
  BOOST_TEST(call("GET", "/api/v1/links/1/preview").status == 404);
}

BOOST_AUTO_TEST_CASE(a_post_with_a_key_is_done_once) {
  const http::Headers key = {{"Idempotency-Key", "k-1"}};
  const json body = {{"name", "S"}, {"query", "is:unread"}};
  const Answer first = call("POST", "/api/v1/searches", body, key);
  const Answer again = call("POST", "/api/v1/searches", body, key);
  BOOST_TEST(first.status == 201);
  BOOST_TEST(again.status == 201);
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(again.header("Location") == first.header("Location"));
  BOOST_TEST(again.header("Idempotency-Replayed") == "true");
  BOOST_TEST(call("GET", "/api/v1/searches").body["searches"].size() == 1u);
  BOOST_TEST(call("POST", "/api/v1/searches", {{"name", "Other"}}, key).status == 422);
  BOOST_TEST(call("POST", "/api/v1/rules", {{"site", "a.example"}, {"tags", {"t"}}}, key).status == 201);  // another address
  BOOST_TEST(call("POST", "/api/v1/searches", {{"name", ""}}, {{"Idempotency-Key", "k-2"}}).status == 400);
  BOOST_TEST(call("POST", "/api/v1/searches", {{"name", "ok"}}, {{"Idempotency-Key", "k-2"}}).status == 201);  // a refusal is not kept
  BOOST_TEST(call("POST", "/api/v1/searches", body, {{"Idempotency-Key", std::string(300, 'k')}}).status == 400);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::api
