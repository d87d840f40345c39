// SPDX-License-Identifier: GPL-3.0-or-later
// A console that does nothing but queue and send, for tests to kill: outbox_worker DATABASE-URL CONFIG-FOLDER COUNT.
// It queues COUNT times a code, a notice by SMS and a notice by mail, and tells each committed one as "ID KIND\n"; then it
// goes on until nothing of its device waits any more.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "app/site_sender.h"
#include "gateways/settings.h"
#include "store/site.h"

namespace {

using namespace anahtar;

/// The subscriber and the ticket about which everything is sent; made by the test.
constexpr core::TicketNumber about = 1;

std::string queue(store::Site& site, const core::Clock& clock, const char* kind, core::MessageChannel channel) {
  const bool mail = channel == core::MessageChannel::mail;
  std::string id;
  core::value_or_throw(site.writer->commit([&](core::Transaction& tx) -> core::Result<> {
    const auto message = core::queue_message(
        tx, {.type = core::record_type::message_queued, .actor = "ada", .role = {}, .ticket = {}, .subject = {}},
        *tx.ticket(about),
        {.kind = kind,
         .channel = channel,
         .to = mail ? "holder@example.org" : "+905000000001",
         .subject = mail ? "A notice" : "",
         .body = sdk::Secret("message")},
        clock.now());
    auto content = *tx.message_content(message.id);
    content.body = sdk::Secret("message " + message.id);  // by which the test knows it where it arrives
    tx.save(content);
    id = message.id;
    return {};
  }));
  const std::string line = id + " " + kind + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::exit(3);
  return id;
}

int work(const std::string& url, const std::filesystem::path& config, int count) {
  const core::SystemClock clock;
  store::Site site = core::value_or_throw(store::open_site(url, config, clock));
  auto settings = core::value_or_throw(gateways::read_settings(config / "anahtar" / "gateways.toml"));
  const app::ReportLine line{settings.sms->report_port, settings.sms->password.duplicate()};
  gateways::KannelGateway kannel(std::move(*settings.sms), clock);
  gateways::SmtpGateway smtp(std::move(*settings.mail), clock);
  app::SiteSender sender(config / "anahtar" / "sites" / site.id / "sender.lock", line, *site.writer, clock);
  core::Outbox outbox(*site.reader, *site.writer, clock, core::Outbox::Ways{&kannel, &smtp}, sender);
  outbox.start();
  for (int i = 0; i < count; ++i) {
    queue(site, clock, core::message_kind::verification_code, core::MessageChannel::sms);
    queue(site, clock, core::message_kind::number_changed, core::MessageChannel::sms);
    queue(site, clock, core::message_kind::number_changed, core::MessageChannel::mail);
    outbox.wake();
  }
  return outbox.wait_until_sent(core::Time{}, std::chrono::minutes(5)).empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  try {
    return work(words[1], words[2], std::atoi(words[3]));
  } catch (const core::FailureError& error) {
    std::cerr << sdk::fill(error.failure.sentence.id, error.failure.sentence.args) << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 4;
}
