#include "tests/server/api/api_fixture.h"

namespace wm::api {

using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(tags_api, ApiFixture)

BOOST_AUTO_TEST_CASE(tags_are_listed_coloured_renamed_merged_and_deleted) {
  for (int i = 0; i < 3; ++i) add("http://a.example/" + std::to_string(i), {{"tags", {"ml", "ai/papers"}}});
  BOOST_TEST(call("POST", "/api/v1/tags", {{"tag", "later"}, {"colour", "#00ff00"}, {"aliases", {"todo"}}}).status == 201);
  const json all = call("GET", "/api/v1/tags").body;
  BOOST_TEST(all["total"] == 4);
  BOOST_TEST(all["tags"][0]["tag"] == "ai");
  BOOST_TEST(all["tags"][0]["links"] == 3);
  BOOST_TEST(all["tags"][0]["own"] == 0);
  BOOST_TEST(call("GET", "/api/v1/tags?unused=true").body["tags"][0]["tag"] == "later");
  BOOST_TEST(call("GET", "/api/v1/tags?prefix=pa").body["tags"][0]["tag"] == "ai/papers");
  BOOST_TEST(call("GET", "/api/v1/tags/ai%2Fpapers").body["links"] == 3);
  BOOST_TEST(call("GET", "/api/v1/tags/todo").body["tag"] == "later");
  const Answer renamed = call("PATCH", "/api/v1/tags/ml", {{"tag", "ai/ml"}, {"schedule", "7d"}});
  BOOST_TEST(renamed.status == 200);
  BOOST_TEST(renamed.body["tag"] == "ai/ml");
  BOOST_TEST(renamed.body["schedule"] == "7d");
  BOOST_TEST(renamed.body["job_id"].is_null());
  BOOST_TEST(call("GET", "/api/v1/links/1").body["tags"] == json::array({"ai/ml", "ai/papers"}));
  const Answer merged = call("POST", "/api/v1/tags/merge", {{"tags", {"ai/ml", "ai/papers"}}, {"into", "ai"}, {"keep_alias", true}});
  BOOST_TEST(merged.status == 200);
  BOOST_TEST(merged.body["aliases"] == json::array({"ai/ml", "ai/papers"}));
  BOOST_TEST(call("GET", "/api/v1/links/1").body["tags"] == json::array({"ai"}));
  BOOST_TEST(call("DELETE", "/api/v1/tags/ai").status == 204);
  BOOST_TEST(call("GET", "/api/v1/links?state=untagged").body["total"] == 3);
}

BOOST_AUTO_TEST_CASE(errors_say_what_is_wrong) {
  BOOST_TEST(call("GET", "/api/v1/tags/none").status == 404);
  BOOST_TEST(call("PATCH", "/api/v1/tags/none", {{"colour", "#000000"}}).status == 404);
  BOOST_TEST(call("POST", "/api/v1/tags", {{"tag", " "}}).status == 400);
  BOOST_TEST(call("POST", "/api/v1/tags", {{"tag", "a"}, {"colour", "red"}}).status == 400);
  BOOST_TEST(call("POST", "/api/v1/tags/merge", {{"tags", json::array()}, {"into", "a"}}).status == 400);
  BOOST_TEST(call("DELETE", "/api/v1/tags/none").status == 404);
}

BOOST_AUTO_TEST_CASE(many_links_follow_a_renamed_tag_in_a_job) {
  for (int i = 0; i < 520; ++i) add("http://a.example/" + std::to_string(i), {{"tags", {"old"}}});
  const Answer renamed = call("PATCH", "/api/v1/tags/old", {{"tag", "new"}});
  BOOST_TEST(renamed.status == 202);
  BOOST_TEST(finish(renamed.body["job_id"])["state"] == "done");
  BOOST_TEST(call("GET", "/api/v1/links?tag=new").body["total"] == 520);
  BOOST_TEST(call("GET", "/api/v1/tags/old").status == 404);
}

BOOST_AUTO_TEST_CASE(rules_are_previewed_before_they_are_kept) {
  add("http://docs.example/a", {{"title", "A"}});
  add("http://blog.example/b", {{"title", "B"}});
  const json preview = call("POST", "/api/v1/rules/preview", {{"site", "docs.example"}, {"tags", {"docs"}}}).body;
  BOOST_TEST(preview["matched"] == 1);
  BOOST_TEST(preview["links"][0]["title"] == "A");
  BOOST_TEST(call("GET", "/api/v1/rules").body["rules"].empty());
  BOOST_TEST(call("POST", "/api/v1/rules/preview", {{"url", "/(/"}, {"tags", {"docs"}}}).status == 400);
  const Answer made = call("POST", "/api/v1/rules", {{"site", "docs.example"}, {"tags", {"docs"}}, {"unread", true}});
  BOOST_TEST(made.status == 201);
  BOOST_TEST(add("http://docs.example/c")["unread"] == true);
  const Answer changed = call("PATCH", made.header("Location"), {{"unread", nullptr}});
  BOOST_TEST(changed.body["unread"].is_null());
  BOOST_TEST(call("DELETE", made.header("Location")).status == 204);
  BOOST_TEST(call("GET", made.header("Location")).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace wm::api
