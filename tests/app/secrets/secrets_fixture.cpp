// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/secrets/secrets_fixture.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "crypto/base64.h"
#include "store/keyring.h"
#include "store/raw_database.h"

namespace anahtar::testing {

namespace fs = std::filesystem;

namespace {

const std::regex what_is_shown_once("Shown once: ([^\n]*)\n");

void plant_what_is_typed_and_held(Needles& needles) {
  needles.plant_text("the operator's password", operator_password);
  needles.plant_text("the password that the operator mistyped", wrong_password);
  needles.plant_text("the PIN that the holder chose", typed_pin);
  needles.plant_text("the PIN that the holder mistyped", mistyped_pin);
  needles.plant_text("the PIN of before", old_pin);
  needles.plant_text("the vault's PUK", vault_puk);
  needles.plant_text("the code that the holder typed", typed_code);
  needles.plant_text("the wrong code", wrong_code);
  needles.plant_text("the administrator's PIN", officer_code);
  needles.plant_text("the call PIN", call_pin);
  needles.plant_text("the wrong call PIN", wrong_call_pin);
  needles.plant_key("the card's administration key", crypto::text_of(*crypto::hex_decode(admin_key)));
}

std::string row(const std::string& serial, const std::string& family, const std::string& kind, const std::string& value) {
  return std::string(holder) + "," + serial + "," + family + "," + kind + "," + value + "," + (kind == "puk" ? "" : "1") + ",\n";
}

}  // namespace

void Secrets::SetUp() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "A sanitizer keeps what was freed, and cannot end while it is held.";
#endif
  if (::geteuid() != 0) GTEST_SKIP() << "Only root reads a program that keeps its memory private.";
  ASSERT_NO_FATAL_FAILURE(desk.init_demo());
  fs::create_directory(holders_folder());
  for (const auto& entry : fs::directory_iterator(desk.file("config") / "anahtar" / "sites")) site = entry.path();
  plant();
  ASSERT_NO_FATAL_FAILURE(lift_limits());
  ASSERT_NO_FATAL_FAILURE(take_a_password());
  ASSERT_NO_FATAL_FAILURE(import_secrets());
  ASSERT_NO_FATAL_FAILURE(open_a_ticket(holder_id, document));
}

void Secrets::TearDown() {
  if (!IsSkipped()) search_files();
}

void Secrets::plant() {
  plant_what_is_typed_and_held(needles);
  plant_what_is_typed_and_held(while_it_runs);
  auto keyring = core::value_or_throw(store::Keyring::open(desk.file("config"), site.filename()));
  store::testing::RawDatabase database(desk.database());
  for (const std::string name : {"master", "index"}) {
    const auto wrapped = database.column("select wrapped_" + name + " from device").at(0);
    const auto key = core::value_or_throw(keyring.unwrap(wrapped, name + " key"));
    needles.plant_key("the site's " + name + " key", crypto::text_of(key.expose()));
  }
}

/// Of how often and how long: every flow belongs to one subscriber here, who is verified once.
void Secrets::lift_limits() {
  const auto shown = desk.as("admin", {"policy", "show"});
  const std::regex often("(per_operator_hour|per_subscriber_day) = [0-9]+"), long_ago("(freshness|verification_life) = \"15min\"");
  const auto text = std::regex_replace(std::regex_replace(shown.out, often, "$1 = 900"), long_ago, "$1 = \"12h\"");
  const auto applied = desk.as("admin", {"policy", "apply", desk.write("policy.toml", text).string()});
  ASSERT_EQ(applied.exit, 0) << applied.err;
}

void Secrets::take_a_password() {
  auto program = start({"operators", "change-password", "--operator", "field"});
  for (const char* question : {"Password of field: ", "Your password: "}) answer(*program, question, "anahtar-demo");
  for (const char* question : {"Your new password: ", "once more: "}) answer(*program, question, operator_password);
  ends(*program, "the change of a password");
  desk.write("password", std::string(operator_password) + "\n");  // excused below
}

void Secrets::import_secrets() {
  const auto file = desk.write("secrets.csv", "national_id,card_serial,family,kind,value,key_version,kcv\n" +
                                                  row("A4000000000000000000000000000001", "piv", "puk", vault_puk) +
                                                  row("A4000000000000000000000000000002", "gids", "admin_key", admin_key) +
                                                  std::string(gids_holder) + "," + gids_serial + ",gids,admin_key," + admin_key + ",2,\n" +
                                                  std::string(piv_holder) + "," + piv_serial + ",piv,puk," + vault_puk + ",,\n" +
                                                  row("A40000000000000000000001", "akis", "puk", vault_puk) +
                                                  row("A4000001", "iso", "puk", vault_puk));
  desk.environment["ANAHTAR_PASSWORD_FILE"] = desk.write("admin", "anahtar-demo\n").string();
  auto program = start({"cards", "import-secrets", file.string(), "--operator", "admin"}, Program::Input::nothing);
  ends(*program, "the import of PUKs and keys");
  desk.environment["ANAHTAR_PASSWORD_FILE"] = desk.file("password").string();
  fs::remove(file);
}

void Secrets::open_a_ticket(const char* subscriber, const char* identity_card) {
  ticket = desk.json_as("field", {"tickets", "open", "--subscriber", subscriber, "--cause", "card_locked", "--channel", "desk"})["number"].dump();
  const auto seen = desk.write("seen.json", std::string(R"({"document": ")") + identity_card + R"(", "photo": "same"})");
  const auto ended = desk.as("field", {"actions", "run", "verification.identity_card", "--ticket", ticket, "--answers", seen.string()});
  ASSERT_EQ(ended.exit, 0) << ended.err;
}

std::unique_ptr<Program> Secrets::start(const std::vector<std::string>& line, Program::Input input) {
  auto environment = desk.environment;
  if (input == Program::Input::terminal) environment.erase("ANAHTAR_PASSWORD_FILE");
  std::vector<std::string> whole{ANAHTARCTL};
  whole.insert(whole.end(), line.begin(), line.end());
  auto program = std::make_unique<Program>(desk.file(""), whole, environment, input);
  EXPECT_TRUE(program->watch_ends([this](pid_t process, bool program_ends) { search_memory(process, program_ends); }));
  return program;
}

std::unique_ptr<Program> Secrets::run(const std::string& action, const nlohmann::json& answers) {
  const auto file = desk.write("answers.json", answers.dump());
  auto program = start({"actions", "run", action, "--ticket", ticket, "--holder", "--answers", file.string(), "--operator", "field"});
  answer(*program, "Password of field: ", operator_password);
  return program;
}

void Secrets::answer(Program& program, const std::string& question, const std::string& text) {
  ASSERT_TRUE(program.says_next(question)) << "nobody asked: " << question << "; " << std::regex_replace(program.err(), what_is_shown_once, "");
  program.type(text);
}

void Secrets::choose(Program& program, const std::string& question, const TypedTwice& typed) {
  for (const auto& [first, second] : typed) {
    answer(program, question, first);
    answer(program, "once more: ", second);
  }
}

Ended Secrets::ends(Program& program, const std::string& flow, const std::set<int>& exits) {
  auto ended = program.wait();
  if (showing_ == &program) showing_ = nullptr;
  report("after " + flow + ", the memory");
  ended.err = std::regex_replace(ended.err, what_is_shown_once, "Shown once: …\n");  // it is printed when a test fails
  EXPECT_TRUE(exits.contains(ended.exit)) << flow << " ended with " << ended.exit << ": " << ended.err;
  return ended;
}

void Secrets::plant_what_is_shown(const Program& program, const std::string& name) {
  showing_ = &program;
  shown_as_ = name;
}

void Secrets::plant_shown() {
  std::smatch part;
  const std::string err = showing_ ? showing_->err() : std::string();
  if (!std::regex_search(err, part, what_is_shown_once)) return;
  showing_ = nullptr;
  std::string plain = part[1];
  if (plain.size() <= 6) return plant_short(shown_as_, plain);
  for (Needles* each : {&needles, &while_it_runs}) each->plant_text(shown_as_, plain);
  plain.erase(std::min(plain.find(" \xC2\xB7"), plain.size()));  // the checksum behind a response
  std::erase(plain, ' ');
  for (Needles* each : {&needles, &while_it_runs})
    if (const auto bytes = crypto::hex_decode(plain); bytes && plain.size() >= 16)  // else it is a PUK, which is planted as text
      each->plant_key(shown_as_ + " without its groups", crypto::text_of(*bytes));
}

void Secrets::search_memory(pid_t process, bool program_ends) {
  plant_shown();
  if (before_look) before_look();
  const Needles& searched = program_ends ? needles : while_it_runs;
  const bool read = for_memory_of(process, [&](std::string_view piece) {
    for (auto& each : searched.found_in(piece)) left.insert(std::move(each));
    for (auto& each : by_chance.found_in(piece)) perhaps_left_.insert(std::move(each));
  });
  EXPECT_TRUE(read) << "the memory cannot be read";
}

void Secrets::report(const std::string& where) {
  for (const auto& each : std::exchange(left, {})) ADD_FAILURE() << where << " holds " << each;
  for (const auto& each : std::exchange(perhaps_left_, {})) suspected_[round_].insert(where + " holds " + each);
}

void Secrets::twice(const std::function<void()>& flow) {
  for (round_ = 0; round_ < suspected_.size(); ++round_) {
    by_chance = Needles();
    suspected_[round_].clear();
    flow();
    search_files();
  }
  round_ = 0;
  by_chance = Needles();
  for (const auto& each : suspected_[0])
    if (suspected_[1].contains(each)) ADD_FAILURE() << each << ", with other digits each time";
}

std::string Secrets::newest_message() const {
  const std::vector<std::string> line = {ANAHTARCTL, "demo", "phone", "--json"};
  const auto ended = Program(holders_folder(), line, desk.environment, Program::Input::nothing).wait();
  const auto messages = nlohmann::json::parse(ended.out, nullptr, false);
  return messages.is_array() && !messages.empty() ? messages[0]["text"].get<std::string>() : std::string();
}

/// Every file but those that are there to hold what they hold: the password's, and what the holder sees.
void Secrets::search_files() {
  static const std::regex number("\\.[0-9]+$");
  for (auto entry = fs::recursive_directory_iterator(desk.file("")); entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path& file = entry->path();
    if (entry->is_directory() && (file.filename() == "holder" || file.extension() == ".phone")) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || file.filename() == "password") continue;
    auto content = content_of(file);
    if (file.filename().string().starts_with("err.")) content = std::regex_replace(content, what_is_shown_once, "", std::regex_constants::format_first_only);
    for (auto& each : needles.found_in(content)) left.insert(std::move(each));
    for (auto& each : by_chance.found_in(content)) perhaps_left_.insert(std::move(each));
    report(std::regex_replace(file.string(), number, ""));
  }
}

}  // namespace anahtar::testing
