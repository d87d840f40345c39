// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo_cards.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "app/paths.h"
#include "crypto/demo_authority.h"

extern char** environ;

namespace anahtar::app {
namespace {

using core::Code;
using core::failure;
using sdk::tr;
using namespace std::chrono_literals;

constexpr char reader[] = "Demo";

std::filesystem::path socket_in(const std::filesystem::path& site) { return ServedDemoCards::sockets(site) / (std::string(reader) + ".card"); }
std::filesystem::path pid_file(const std::filesystem::path& site) { return ServedDemoCards::sockets(site) / "pid"; }

/// The process that serves the card, if it is one of ours and still there.
std::optional<pid_t> serving(const std::filesystem::path& site) {
  pid_t pid = 0;
  std::ifstream(pid_file(site)) >> pid;
  if (pid <= 1) return {};
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", ignored);
  if (program.filename() != "anahtar-card") return {};
  return pid;
}

const DemoCard* card_named(const std::string& id) {
  const auto found = std::ranges::find_if(demo_cards(), [&](const DemoCard& each) { return each.id == id; });
  return found == demo_cards().end() ? nullptr : &*found;
}

/// Starts the program so that it outlives this one, silent, in a session of its own.
std::optional<pid_t> spawn(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, arguments.front(), &files, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) return {};
  return pid;
}

/// Until `come_about`, five seconds at most.
template <class Condition>
bool wait_until(Condition come_about) {
  for (int i = 0; i < 100; ++i) {
    if (come_about()) return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

}  // namespace

const std::vector<DemoCard>& demo_cards() {
  // The key is the well-known one with which such cards leave the factory.
  static const std::vector<DemoCard> all = {
      {"piv", "piv", "10000000146", "Ayşe Örnek", "A1000000000000000000000000000001", "PIV", "2010-03-15", "puk", "12345678"},
      {"gids", "gids", "10000000214", "İsmail Işık Deneme", "A2000000000000000000000000000002", "GIDS", "2019-06-01", "admin_key",
       "010203040506070801020304050607080102030405060708"},
      {"akis", "akis", "10000000382", "Zeynep Örnek", "300000000000000000000003", "AKİS", "2014-09-22", "", ""}};
  return all;
}

std::filesystem::path site_folder(const std::string& site_id) { return own_config_folder() / "sites" / site_id; }

core::Result<> make_demo_authority(const std::filesystem::path& site) {
  const auto authority = crypto::DemoAuthority::create("Anahtar demo root");
  if (auto made = make_private_folder(ServedDemoCards::authority(site)); !made) return made;
  if (auto made = make_private_folder(ServedDemoCards::roots(site)); !made) return made;
  const auto key = authority.pem();
  if (auto written = write_private_file(ServedDemoCards::authority(site) / "authority.pem", key.expose()); !written) return written;
  if (auto written = write_private_file(ServedDemoCards::authority(site) / "root.pem", authority.root_pem()); !written) return written;
  return write_private_file(ServedDemoCards::roots(site) / "root.pem", authority.root_pem());
}

core::Result<> add_demo_cards(core::Writer& writer, core::CardKeys& keys, core::Time now) {
  const auto added = writer.commit([&](core::Transaction& tx) -> core::Result<> {
    core::Record record{.type = core::record_type::import_rows, .actor = {}, .role = {}, .ticket = {}, .subject = {}};
    record.fields[core::Tag::count] = std::to_string(demo_cards().size());
    tx.record(std::move(record));
    for (const DemoCard& each : demo_cards()) {
      const auto holders = tx.subscribers({core::SubscriberQuery::Kind::national_id, each.national_id}, 1);
      if (holders.empty()) return failure(Code::internal, tr("A subscriber of the demo is missing."));
      core::Card card{0, holders.front().id, each.serial, each.model, "locked", each.produced};
      tx.save(card);
      if (*each.kind == '\0') continue;
      core::CardSecret secret;
      secret.subscriber = card.subscriber;
      secret.family = each.family;
      secret.card_serial = each.serial;
      secret.kind = each.kind;
      secret.added = now;
      secret.value = sdk::Secret(each.secret);
      if (secret.kind != "puk")
        secret.kcv = value_or_throw(keys.check_values({secret.family, secret.card_serial, secret.key_version, secret.value})).front();
      tx.save(secret);
    }
    return {};
  });
  if (!added) return std::unexpected(added.error());
  return {};
}

std::vector<core::DemoCards::Choice> ServedDemoCards::choices() {
  return {{"piv", tr("Insert a locked PIV card of Ayşe Örnek")},
          {"gids", tr("Insert a locked GIDS card of İsmail Işık Deneme")},
          {"akis", tr("Insert a locked AKİS card of Zeynep Örnek (after 2011, no PUK)")}};
}

core::Result<> ServedDemoCards::insert(const std::string& id) {
  const DemoCard* card = card_named(id);
  if (!card) return failure(Code::not_found, tr("There is no demo card {1}.", id));
  if (auto removed = remove(); !removed) return removed;
  if (auto made = make_private_folder(sockets(folder_)); !made) return made;
  std::vector<std::string> words = {program_beside("anahtar-card").string(), card->family,
                                    "--blocked", "--serve", socket_in(folder_).string(),
                                    "--authority", authority(folder_).string(),
                                    "--holder", card->national_id, "--name", card->holder, "--serial", card->serial,
                                    "--state", (sockets(folder_) / (id + ".memory")).string()};
  if (*card->kind == '\0') words.push_back("--no-puk");
  const auto pid = spawn(std::move(words));
  if (!pid) return failure(Code::unavailable, tr("The program anahtar-card, which plays the card, could not be started."));
  std::ofstream(pid_file(folder_)) << *pid << '\n';
  if (!wait_until([&] { return std::filesystem::is_socket(socket_in(folder_)); }))
    return failure(Code::unavailable, tr("The demo card did not come up."));
  return {};
}

core::Result<> ServedDemoCards::remove() {
  const auto pid = serving(folder_);
  if (!pid) return {};
  ::kill(*pid, SIGTERM);
  const bool gone = wait_until([&] {
    ::waitpid(*pid, nullptr, WNOHANG);
    return !serving(folder_);
  });
  if (!gone) return failure(Code::unavailable, tr("The demo card does not come out."));
  std::error_code ignored;
  std::filesystem::remove(pid_file(folder_), ignored);
  return {};
}

}  // namespace anahtar::app
