// SPDX-License-Identifier: GPL-3.0-or-later
// The files beside the keys decide where codes go and whom the desk believes, and the operator's account can write them.
#include <gtest/gtest.h>

#include <fstream>

#include "app/backend.h"
#include "store/site.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

using namespace core;

struct OutsideSettings : ::testing::Test {
  OutsideSettings() {
    ::setenv("XDG_CONFIG_HOME", config.c_str(), 1);
    Operator administrator{.name = "yusuf", .display_name = "Y", .person = "p1", .role = Role::administrator};
    administrator.password_hash = store::hash_password(sdk::Secret("a long password of his"));
    value_or_throw(store::create_site(url, config, administrator, clock));
  }
  void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories((config / "anahtar" / file).parent_path());
    std::ofstream(config / "anahtar" / file) << text;
  }
  std::vector<std::string> recorded() {
    (void)value_or_throw(app::Backend::open(url));
    const auto site = value_or_throw(store::open_site(url, config, clock));
    AuditFilter filter;
    filter.type = record_type::settings_loaded;
    std::vector<std::string> found;
    for (const AuditRow& row : site.audit_log->list(filter))
      for (const auto& [name, value] : row.fields)
        if (name == to_string(Tag::detail)) found.insert(found.begin(), value);
    return found;
  }

  TemporaryFolder folder;
  SystemClock clock;
  std::filesystem::path config = folder / "config";
  std::string url = "sqlite://" + (folder / "desk.db").string();
};

TEST_F(OutsideSettings, NoFileMakesADemoOfASiteThatWasNotMadeAsOne) {
  const auto id = value_or_throw(store::open_site(url, config, clock)).id;
  write(std::filesystem::path("sites") / id / "demo", "demo\n");
  EXPECT_EQ(value_or_throw(app::Backend::open(url))->services().demo_phone, nullptr) << "codes would go into a folder";
  auto site = value_or_throw(store::open_site(url, config, clock));
  ASSERT_TRUE(app::mark_as_demo(site));
  EXPECT_NE(value_or_throw(app::Backend::open(url))->services().demo_phone, nullptr);
}

TEST_F(OutsideSettings, AreRecordedWhenTheyChangeAndNeverTheirContents) {
  std::filesystem::create_directories(config / "anahtar" / "roots" / "a folder");
  EXPECT_TRUE(recorded().empty());
  write("roots/authority.pem", "one");
  ASSERT_EQ(recorded().size(), 1u);
  EXPECT_EQ(recorded().size(), 1u) << "nothing changed since";
  write("roots/authority.pem", "a root of one's own");
  write("gateways.toml", "[telephone]\npassword = \"hush\"\n");
  const auto all = recorded();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[1].starts_with("gateways.toml ")) << all[1];
  EXPECT_NE(all[1].find(", roots/authority.pem "), std::string::npos) << all[1];
  EXPECT_EQ(all[1].find("hush"), std::string::npos);
  EXPECT_NE(all[0], all[1].substr(all[1].find("roots")));
  std::filesystem::remove_all(config / "anahtar" / "roots");
  std::filesystem::remove(config / "anahtar" / "gateways.toml");
  EXPECT_EQ(recorded().back(), "") << "that they are gone is a change, too";
}

}  // namespace
}  // namespace anahtar::testing
