// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader/plugin_loader.h"

#include <gtest/gtest.h>

#include <fstream>

#include "loader/key_file.h"
#include "loader/plugin_file.h"
#include "loader/plugin_signature.h"
#include "support/office.h"
#include "support/temporary_folder.h"

namespace anahtar::testing {
namespace {

namespace fs = std::filesystem;
using namespace core;
using namespace std::chrono_literals;

std::string bytes_of_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A folder of plugins that a test puts together from those that the build made and signed.
struct LoaderTest : ::testing::Test {
  void put(const std::string& name) { put_as(name, name); }
  void put_as(const std::string& name, const std::string& as) {
    for (const char* ending : {".so", ".so.sig"})
      fs::copy_file(fs::path(TEST_PLUGINS) / (name + ending), folder / (as + ending));
  }
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder / name, std::ios::binary | std::ios::trunc) << bytes;
  }
  void sign(const std::string& name, const crypto::SigningKey& key) {
    write(name + ".sig", loader::signature_text(key, crypto::view_of(bytes_of_file(folder / name))));
  }
  PluginCatalogue load() { return loader::load_plugins(folder.path(), trusted); }
  /// The reason for which the only file of the folder is refused.
  std::string refusal() {
    const auto catalogue = load();
    EXPECT_TRUE(catalogue.loaded.empty());
    if (catalogue.refused.size() != 1) return std::to_string(catalogue.refused.size()) + " refused";
    return catalogue.refused[0].reason.id;
  }
  std::string refusal_of(const std::string& name) {
    put(name);
    return refusal();
  }

  TemporaryFolder folder;
  loader::TrustedKeys trusted = loader::read_trusted_keys(BUILD_KEYS);
};

TEST_F(LoaderTest, LoadsASignedPlugin) {
  put("good");
  const auto catalogue = load();
  EXPECT_TRUE(catalogue.refused.empty());
  ASSERT_EQ(catalogue.loaded.size(), 1u);
  const LoadedPlugin& plugin = catalogue.loaded[0];
  EXPECT_EQ(plugin.id, "good");
  EXPECT_EQ(plugin.version, "1.2.3");
  EXPECT_EQ(plugin.file, "good.so");
  ASSERT_EQ(plugin.plugin.actions.size(), 1u);
  EXPECT_EQ(plugin.plugin.actions[0].id, "password.unblock");
}

TEST_F(LoaderTest, SaysThatTheFolderIsNotThere) {
  const auto catalogue = loader::load_plugins(folder / "nowhere", trusted);
  EXPECT_TRUE(catalogue.loaded.empty());
  ASSERT_EQ(catalogue.refused.size(), 1u);
  EXPECT_EQ(catalogue.refused[0].file, folder / "nowhere");
}

TEST_F(LoaderTest, PassesOverWhatIsNotNamedAsALibrary) {
  write("README.md", "text");
  EXPECT_TRUE(load().refused.empty());
}

TEST_F(LoaderTest, RefusesAnEmptyFile) {
  write("a.so", "");
  EXPECT_EQ(refusal(), "The file is empty.");
}

TEST_F(LoaderTest, RefusesAText) {
  write("a.so", "This is a text, and it is long enough to hold an ELF header if it were one. Is it? It is not.");
  EXPECT_EQ(refusal(), "The file is not a shared library.");
}

TEST_F(LoaderTest, RefusesAFolderAndALinkToNowhere) {
  fs::create_directory(folder / "a.so");
  EXPECT_EQ(refusal(), "This is not a file.");
  fs::remove(folder / "a.so");
  fs::create_symlink(folder / "nowhere", folder / "a.so");
  EXPECT_EQ(refusal(), "The file cannot be read: {1}.");
}

TEST_F(LoaderTest, RefusesATruncatedFileEvenWhenItIsSigned) {
  put("good");
  const auto key = loader::signing_key_in(BUILD_KEYS);
  const std::string whole = bytes_of_file(folder / "good.so");
  for (const std::size_t length :
       {whole.size() - 1, whole.size() / 2, std::size_t{4096}, std::size_t{70}, std::size_t{40}}) {
    write("good.so", whole.substr(0, length));
    sign("good.so", *key);
    EXPECT_EQ(refusal(), "The file is cut off or damaged: parts that it announces are not there.") << length;
  }
}

TEST_F(LoaderTest, RefusesALibraryThatIsNotAPlugin) {
  EXPECT_EQ(refusal_of("no_description"),
            "The file is a shared library but not a plugin: it holds no plugin description.");
}

TEST_F(LoaderTest, RefusesAnotherAbi) {
  EXPECT_EQ(refusal_of("other_abi"), "The plugin was built for another console: it says \"{1}\", this one is \"{2}\".");
}

TEST_F(LoaderTest, RefusesAnotherFormat) {
  EXPECT_EQ(refusal_of("other_format"), "The plugin's description has a form that this console does not know.");
}

TEST_F(LoaderTest, RefusesAnUnsignedPlugin) {
  put("good");
  fs::remove(folder / "good.so.sig");
  EXPECT_EQ(refusal(), "The plugin is not signed: {1} is missing.");
}

TEST_F(LoaderTest, RefusesASignatureThatIsNone) {
  put("good");
  for (const char* text :
       {"", "garbage", "anahtar-plugin-signature 1\nkey x\nsignature ?\n", "anahtar-plugin-signature 2\n"}) {
    write("good.so.sig", text);
    EXPECT_EQ(refusal(), "The plugin's signature {1} cannot be read.") << text;
  }
}

TEST_F(LoaderTest, RefusesASignatureOfAnotherFile) {
  put("good");
  fs::copy_file(fs::path(TEST_PLUGINS) / "other_good.so.sig", folder / "good.so.sig",
                fs::copy_options::overwrite_existing);
  EXPECT_EQ(refusal(), "The signature does not fit: the file is not the one that was signed.");
}

TEST_F(LoaderTest, RefusesAFileThatWasChangedAfterItWasSigned) {
  put("good");
  std::string bytes = bytes_of_file(folder / "good.so");
  const auto at = bytes.find("1.2.3");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = '9';
  write("good.so", bytes);
  EXPECT_EQ(refusal(), "The signature does not fit: the file is not the one that was signed.");
}

TEST_F(LoaderTest, RefusesAKeyThatIsNotTrusted) {
  put("good");
  sign("good.so", crypto::SigningKey::generate());
  EXPECT_EQ(refusal(), "The plugin is signed with a key that is not trusted here ({1}).");
  trusted.by_id.clear();
  put_as("other_good", "z");
  EXPECT_EQ(load().refused.size(), 2u);
}

TEST_F(LoaderTest, RefusesAStrangersSignatureUnderATrustedKeysName) {
  put("good");
  sign("good.so", crypto::SigningKey::generate());
  std::string text = bytes_of_file(folder / "good.so.sig");
  const auto key = text.find("key ") + 4;
  text.replace(key, 16, trusted.by_id.begin()->first);
  write("good.so.sig", text);
  EXPECT_EQ(refusal(), "The signature does not fit: the file is not the one that was signed.");
}

TEST_F(LoaderTest, RefusesAPluginWithoutItsFunction) {
  EXPECT_EQ(refusal_of("no_symbol"), "The plugin does not export {1}.");
}

TEST_F(LoaderTest, SurvivesADescribeThatThrows) {
  EXPECT_EQ(refusal_of("describe_throws"), "The plugin failed while it described itself: {1}");
}

TEST_F(LoaderTest, SurvivesADescribeThatThrowsWhatIsNoException) {
  EXPECT_EQ(refusal_of("describe_throws_int"), "The plugin failed while it described itself.");
}

TEST_F(LoaderTest, RefusesActionsThatAreNotComplete) {
  EXPECT_EQ(refusal_of("no_actions"), "The plugin offers no action.");
}
TEST_F(LoaderTest, RefusesAnActionWithNothingToRun) {
  EXPECT_EQ(refusal_of("nothing_to_run"), "The plugin's action {1} has nothing to run.");
}
TEST_F(LoaderTest, RefusesAnActionWithoutId) {
  EXPECT_EQ(refusal_of("empty_id"), "The plugin offers an action without a proper id.");
}
TEST_F(LoaderTest, RefusesTheSameActionTwiceInOnePlugin) {
  EXPECT_EQ(refusal_of("same_id_twice"), "The plugin offers the action {1} twice.");
}

TEST_F(LoaderTest, RefusesAnActionThatAnotherPluginOffersAndKeepsTheFirst) {
  put("good");
  put("other_good");
  const auto catalogue = load();
  ASSERT_EQ(catalogue.loaded.size(), 1u);
  EXPECT_EQ(catalogue.loaded[0].id, "good");
  ASSERT_EQ(catalogue.refused.size(), 1u);
  EXPECT_EQ(catalogue.refused[0].file, "other_good.so");
  EXPECT_EQ(catalogue.refused[0].reason.id, "The action {1} is already offered by the plugin {2}.");
}

TEST_F(LoaderTest, RefusesACopyOfALoadedPlugin) {
  put("good");
  put_as("good", "good_again");
  EXPECT_EQ(load().refused.at(0).reason.id, "The plugin {1} was already loaded from {2}.");
}

TEST_F(LoaderTest, LoadsTheBytesThatWereCheckedNotThoseThatComeLater) {
  put("good");
  auto taken = loader::PluginFile::take(folder / "good.so");
  ASSERT_TRUE(taken);
  const std::string before = bytes_of_file(folder / "good.so");
  write("good.so", "something else");
  EXPECT_EQ(crypto::text_of(taken->bytes()), before);
  EXPECT_EQ(bytes_of_file(taken->path()), before);
  std::ofstream copy(taken->path(), std::ios::binary | std::ios::in);
  copy << "overwritten";
  EXPECT_FALSE(copy.flush()) << "the copy is sealed";
  EXPECT_EQ(bytes_of_file(taken->path()), before);
}

TEST_F(LoaderTest, LoadsAStrippedPlugin) {
  put("good");
  ASSERT_EQ(system((STRIP_TOOL " --strip-all " + (folder / "good.so").string()).c_str()), 0);
  sign("good.so", *loader::signing_key_in(BUILD_KEYS));
  EXPECT_EQ(load().loaded.size(), 1u);
}

/// The action of one loaded plugin, run on the blocked subscriber's ticket.
struct LoadedActionTest : LoaderTest {
  void open_office(const std::string& plugin) {
    put(plugin);
    office.emplace(load());
    ASSERT_EQ(office->plugins.loaded.size(), 1u);
    ticket = office->open_ticket(office->demo.blocked, office->demo.operator_);
    office->verify(ticket, "sms_code");
  }
  Result<Text> run_action(const std::string& plugin) {
    open_office(plugin);
    return office->run(office->operator_(), ticket, "password.unblock", office->conversation());
  }
  void expect_ended(const std::string& outcome) {
    EXPECT_EQ(office->recorded_ends(), std::vector<std::string>{outcome});
    EXPECT_TRUE(office->blocked(office->demo.blocked));
  }
  std::optional<Office> office;
  TicketNumber ticket = 0;
};

TEST_F(LoadedActionTest, RunsAGoodOne) { EXPECT_EQ(run_action("good")->id, "Hello."); }

TEST_F(LoadedActionTest, SurvivesOneThatThrows) {
  for (const char* plugin : {"action_throws"}) EXPECT_EQ(run_action(plugin).error().code, Code::internal);
  expect_ended("failed");
}
TEST_F(LoadedActionTest, SurvivesOneThatThrowsWhatIsNoException) {
  EXPECT_EQ(run_action("action_throws_int").error().code, Code::internal);
  expect_ended("failed");
}
TEST_F(LoadedActionTest, SurvivesOneThatThrowsATypeOfItsOwn) {
  EXPECT_EQ(run_action("action_throws_own_type").error().code, Code::internal);
  expect_ended("failed");
  EXPECT_EQ(office->store.records_of(record_type::action_ended).at(0).fields.at(Tag::detail),
            "a type that only the plugin knows");
}

TEST_F(LoadedActionTest, GivesUpOnOneThatHangsAndOutlivesItsReturn) {
  open_office("action_hangs");
  const auto run = office->actions->start(office->operator_(), ticket, "password.unblock", office->conversation());
  ASSERT_TRUE(run);
  (*run)->abandon();
  EXPECT_EQ((*run)->wait().error().code, Code::cancelled);
  expect_ended("abandoned");
  office->actions.reset();
  std::this_thread::sleep_for(400ms);  // it has come back meanwhile
  expect_ended("abandoned");
}

}  // namespace
}  // namespace anahtar::testing
