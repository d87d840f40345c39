// SPDX-License-Identifier: GPL-3.0-or-later
// The console and its gateways, killed at any moment: no message is lost, and doubled is only what its kind declares
// harmless. Every server is a real one.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "core/messages.h"
#include "gateways/support/kannel.h"
#include "gateways/support/mail_server.h"
#include "store/site.h"
#include "support/memory_store.h"

namespace anahtar {
namespace {

using core::MessageState;

int rounds() {
  const char* wanted = std::getenv("ANAHTAR_CRASH_ROUNDS");
  return wanted ? std::atoi(wanted) : 15;
}

/// What arrived of each message.
using Copies = std::map<std::string, int>;

/// The ids in texts "message ID".
void count_ids(const std::string& text, Copies& copies) {
  constexpr std::string_view mark = "message ";
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) ++copies[text.substr(at + mark.size(), 32)];
}

class OutboxCrash : public ::testing::Test {
 protected:
  OutboxCrash() {
    core::Operator administrator{.name = "yusuf", .display_name = "Yusuf", .person = "p", .role = core::Role::administrator,
                                 .password_hash = "$none"};
    core::value_or_throw(store::create_site(url(), config(), administrator, clock));
    const auto site = open_site();
    core::value_or_throw(site.writer->commit([&](core::Transaction& tx) -> core::Result<> {
      core::Subscriber subscriber;
      subscriber.national_id = testing::fictional_national_id(1);
      subscriber.mobile = "+905000000001";
      subscriber.email = "holder@example.org";
      tx.save(subscriber);
      core::Ticket ticket;
      ticket.subscriber = subscriber.id;
      ticket.cause = "other";
      tx.save(ticket);
      tx.record({.type = "test.began", .actor = {}, .role = {}, .ticket = {}, .subject = {}});
      return {};
    }));
    write_settings();
  }

  std::string url() const { return "sqlite://" + (folder / "desk.db").string(); }
  std::filesystem::path config() const { return folder / "config"; }
  store::Site open_site() const { return core::value_or_throw(store::open_site(url(), config(), clock)); }

  void write_settings() const {
    const auto place = config() / "anahtar";
    const auto write = [&](const char* name, const std::string& text) {
      std::ofstream(place / name) << text;
      std::filesystem::permissions(place / name, std::filesystem::perms(0600));
    };
    write("sms.password", "kannel password");
    write("mail.password", "mail password");
    write("gateways.toml", "[sms]\nurl = \"" + kannel.url() +
                               "\"\nuser = \"desk\"\npassword_file = \"sms.password\"\nsender = \"ANAHTAR\"\nreport_port = " +
                               std::to_string(report_port) + "\ntimeout = 3\n\n[mail]\nhost = \"127.0.0.1\"\nport = " +
                               std::to_string(mail->port) +
                               "\nfrom = \"desk@desk.example\"\nuser = \"desk\"\npassword_file = \"mail.password\"\n"
                               "ca_file = \"" +
                               certificate.certificate.string() + "\"\ntimeout = 3\n");
  }
  std::unique_ptr<testing::ServerProcess> worker(int count, const std::string& log) const {
    return std::make_unique<testing::ServerProcess>(
        OUTBOX_WORKER, std::vector<std::string>{url(), config().string(), std::to_string(count)}, folder / log, "anahtar");
  }

  /// The console dies a random while after it began to queue, and in two of three rounds a server does before.
  void run_round(int round) {
    const auto log = "worker." + std::to_string(round);
    const auto console = worker(4, log);
    ASSERT_TRUE(testing::wait_until([&] { return !console->output().empty(); })) << "the console never got to work";
    sleep_up_to(60);
    switch (round % 5) {
      case 1: kannel.smsbox().kill(); break;
      case 2: mail->process->kill(); break;
      case 3: kill_bearerbox(); break;
      default: break;
    }
    sleep_up_to(round % 5 == 4 ? 1500 : 120);
    console->kill();
    take_acknowledged(console->output());
    switch (round % 5) {
      case 1: kannel.restart_smsbox(); break;
      case 2: start_mail(); break;
      case 3: kannel.restart(); break;
      default: break;
    }
  }
  void sleep_up_to(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(0, milliseconds)(random)));
  }
  /// What its centre had is forgotten with the restart, so it is counted before.
  void kill_bearerbox() {
    kannel.bearerbox().kill();
    // It ends when it has read all that was sent to it.
    EXPECT_TRUE(testing::wait_until([this] { return !kannel.centre().running(); })) << "the centre still waits";
    for (const auto& message : kannel.arrived()) count_ids(message.text, copies);
  }
  void start_mail() { mail = std::make_unique<testing::MailServer>(folder.path(), certificate, Tls::trusted, mail->port); }

  void take_acknowledged(const std::string& output) {
    std::istringstream lines(output);
    std::string line;
    while (std::getline(lines, line) && !lines.eof()) {
      ASSERT_GT(line.size(), 33u) << line;
      acknowledged.push_back(line.substr(0, 32));
    }
  }
  void drain() {
    const auto last = worker(0, "worker.last");
    EXPECT_TRUE(testing::wait_until([&] { return !last->running(); }, std::chrono::seconds(90))) << last->output();
  }
  void count_copies() {
    const auto expected = acknowledged.size();
    testing::wait_until([&] { return kannel.arrived().size() >= expected; }, std::chrono::seconds(2));
    for (const auto& message : kannel.arrived()) count_ids(message.text, copies);
    for (const auto& mail_text : mail->mails()) count_ids(mail_text, copies);
  }
  static std::map<std::string, int> doubts_in(const store::Site& site) {
    std::map<std::string, int> doubts;
    core::AuditFilter filter;
    filter.type = core::record_type::effect_unknown;
    filter.limit = 1'000'000;
    for (const auto& row : site.audit_log->list(filter))
      for (const auto& [name, value] : row.fields)
        if (name == core::to_string(core::Tag::message_id)) ++doubts[value];
    return doubts;
  }

  using Tls = testing::MailServer::Tls;
  testing::TemporaryFolder folder;
  core::SystemClock clock;
  testing::Certificate certificate = testing::make_certificate(folder.path(), "mail");
  testing::Kannel kannel;
  std::unique_ptr<testing::MailServer> mail =
      std::make_unique<testing::MailServer>(folder.path(), certificate, Tls::trusted);
  std::uint16_t report_port = testing::free_port();
  std::mt19937 random{std::random_device{}()};
  std::vector<std::string> acknowledged;
  Copies copies;
};

TEST_F(OutboxCrash, LosesNothingAndDoublesOnlyWhatIsDeclaredHarmless) {
  for (int round = 0; round < rounds(); ++round) ASSERT_NO_FATAL_FAILURE(run_round(round)) << "round " << round;
  drain();
  count_copies();

  const auto site = open_site();
  const auto doubts = doubts_in(site);
  for (const auto& id : acknowledged) EXPECT_TRUE(site.reader->message(id)) << "a committed message is gone";
  int doubled = 0, unknown = 0;
  const auto messages = site.reader->messages({.ticket = {}, .device = {}, .limit = 1'000'000});
  for (const auto& message : messages) {
    const int arrived = copies.contains(message.id) ? copies.at(message.id) : 0;
    const bool doubtful = doubts.contains(message.id);
    const auto what = message.kind + " " + message.id + " is " + std::string(to_string(message.state)) + " (" +
                      message.reason + ") after " + std::to_string(message.tries) + " tries, " + std::to_string(arrived) +
                      " arrived";
    EXPECT_TRUE(is_settled(message.state)) << what;
    if (message.state == MessageState::sent || message.state == MessageState::delivered) {
      EXPECT_GE(arrived, 1) << what;
    }
    if (message.state == MessageState::unknown) {
      EXPECT_TRUE(doubtful) << what;
    }
    if (arrived == 0) {
      EXPECT_TRUE(message.state == MessageState::unknown) << what;
    }
    if (core::message_kind_named(message.kind).worse == core::Worse::second_copy) {
      EXPECT_LE(arrived, 1) << "a code was sent twice: " << what;
    } else {
      EXPECT_GE(arrived, 1) << "a notice was lost: " << what;
      EXPECT_LE(arrived, 1 + (doubtful ? doubts.at(message.id) : 0)) << "doubled without a doubt: " << what;
    }
    doubled += arrived > 1;
    unknown += message.state == MessageState::unknown;
    const auto content = site.reader->message_content(message.id);
    EXPECT_TRUE(content && content->body.empty() && content->subject.empty()) << "its text is still there: " << what;
  }
  const auto report = core::value_or_throw(store::verify_site(url(), config()));
  EXPECT_EQ(report.verdict, core::Verdict::intact) << sdk::fill(report.sentence.id, report.sentence.args);
  std::cout << rounds() << " rounds, " << messages.size() << " messages (" << acknowledged.size() << " acknowledged), "
            << doubts.size() << " in doubt, " << doubled << " notices doubled, " << unknown << " codes of unknown fate\n";
  if (HasFailure()) std::cerr << kannel.logs();
}

}  // namespace
}  // namespace anahtar
