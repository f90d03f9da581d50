#include "server/app/settings.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include "tests/support/test_support.h"

namespace wm::app {

BOOST_AUTO_TEST_CASE(the_settings_file_tells_every_setting_with_its_default) {
  const auto file = std::filesystem::path(std::getenv("WM_SOURCE_DIR")) / "config/waymark.toml";
  Settings read;
  BOOST_REQUIRE(read_settings(file, read));
  const auto defaults = list_settings(Settings()), told = list_settings(read);
  const std::string text = test::read_text(file);
  for (std::size_t i = 0; i < defaults.size(); ++i) {
    BOOST_TEST(told[i].value == defaults[i].value, told[i].key << " is " << told[i].value << " in the file and " << defaults[i].value << " in the program");
    const std::string name = defaults[i].key.substr(defaults[i].key.find('.') + 1);
    BOOST_TEST(text.find("\n" + name + " = ") != std::string::npos, name << " is missing in the file");
  }
}

BOOST_AUTO_TEST_CASE(units_are_understood) {
  Settings s;
  BOOST_REQUIRE(set_setting("fetch.request_timeout=2min", s));
  BOOST_REQUIRE(set_setting("capture.resource_bytes = 1 GiB", s));
  BOOST_REQUIRE(set_setting("fetch.allow_private=true", s));
  BOOST_REQUIRE(set_setting("fetch.proxy=http://127.0.0.1:3128", s));
  BOOST_TEST(s.fetch.request_timeout.count() == 120000);
  BOOST_TEST(s.capture.resource_bytes == 1ull << 30);
  BOOST_TEST(s.fetch.allow_private);
  for (const auto& line : list_settings(s)) BOOST_TEST(set_setting(line.key + "=" + line.value, s).has_value(), line.key);
}

BOOST_AUTO_TEST_CASE(a_wrong_setting_is_told_with_its_place) {
  Settings s;
  for (const char* bad : {"nonsense", "fetch.nothing=1", "fetch.parallel=-1", "fetch.parallel=many", "fetch.request_timeout=1 fortnight", "fetch.allow_private=yes", "capture.resource_bytes=99999999999GiB"}) {
    const auto set = set_setting(bad, s);
    BOOST_REQUIRE_MESSAGE(!set, bad);
    BOOST_TEST((set.error().code == Error::Code::kInvalid));
  }
  const TempDir dir = test::temp_dir();
  BOOST_REQUIRE(replace_file(dir.path() / "c.toml", "[fetch]\n\nparallel = \"many\"\n"));
  BOOST_TEST(read_settings(dir.path() / "c.toml", s).error().what.find("c.toml:3: ") != std::string::npos);
  BOOST_REQUIRE(replace_file(dir.path() / "c.toml", "[fetch\n"));
  BOOST_TEST(read_settings(dir.path() / "c.toml", s).error().what.find("c.toml:1: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_log_in_is_for_loopback_only) {
  Settings s;
  BOOST_TEST(check_settings(s).has_value());
  s.server.listen = "0.0.0.0:8080";
  BOOST_TEST((check_settings(s).error().code == Error::Code::kDenied));
  s.auth.mode = "password";
  BOOST_TEST(check_settings(s).has_value());
  Settings replay_open;
  replay_open.server.replay_listen = "0.0.0.0:8081";
  BOOST_TEST((check_settings(replay_open).error().code == Error::Code::kDenied));
  s.server.replay_listen = s.server.listen;
  BOOST_TEST(!check_settings(s).has_value());
  BOOST_TEST(is_loopback("127.9.9.9"));
  BOOST_TEST(!is_loopback("127.0.0.1.evil.example"));
}

}  // namespace wm::app
