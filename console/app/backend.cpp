// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/backend.h"

#include "app/demo_cards.h"
#include "app/outside_settings.h"
#include "app/paths.h"
#include "card/card_desk.h"
#include "card/emulated/demo_issuer.h"
#include "card/pcsc_readers.h"
#include "card/socket_readers.h"
#include "core/housekeeping.h"
#include "core/plugin_records.h"
#include "core/settings_records.h"
#include "app/run_lock_files.h"
#include "app/site_sender.h"
#include "gateways/pipe_player.h"
#include "gateways/settings.h"
#include "gateways/spool_gateway.h"
#include "gateways/wav_file.h"
#include "loader/plugin_loader.h"
#include "loader/trusted_keys.h"
#include "store/site.h"

namespace anahtar::app {
namespace {

using gateways::PipePlayer, gateways::WavInspector;  // a member of Parts is called gateways

std::filesystem::path demo_mark(const std::string& site_id) {
  return own_config_folder() / "sites" / site_id / "demo";
}

std::filesystem::path spool_folder(const std::string& url) { return database_file(url).string() + ".phone"; }

/// How this site's messages leave and calls are made, and who confirms its records. A demo's go into a folder, and never
/// anywhere else.
struct World {
  core::MessageGateway* sms() const { return spool ? static_cast<core::MessageGateway*>(spool.get()) : kannel.get(); }
  core::MailGateway* mail() const { return spool ? static_cast<core::MailGateway*>(spool.get()) : smtp.get(); }

  std::unique_ptr<gateways::SpoolGateway> spool;
  std::unique_ptr<gateways::KannelGateway> kannel;
  std::unique_ptr<gateways::SmtpGateway> smtp;
  std::unique_ptr<gateways::NviCivilRegistry> nvi;
  std::unique_ptr<core::Telephone> telephone;
  ReportLine reports;
};

/// Settings that cannot be used are an alarm; the desk then works without messages.
World world_of(store::Site& site, bool demo, const std::string& url, const core::Clock& clock) {
  World world;
  if (demo) {
    world.spool = std::make_unique<gateways::SpoolGateway>(spool_folder(url), clock);
    world.telephone = std::make_unique<gateways::DemoTelephone>(
        *world.spool, " --call-token-file " + telephone_token_path().string() + " --database " + url);
    return world;
  }
  auto settings = gateways::read_settings(gateways_file());
  if (!settings) {
    site.alarms.push_back(std::move(settings.error().sentence));
    return world;
  }
  if (settings->sms) {
    if (settings->sms->report_port != 0)
      world.reports = {settings->sms->report_port, settings->sms->password.duplicate()};
    world.kannel = std::make_unique<gateways::KannelGateway>(std::move(*settings->sms), clock);
  }
  if (settings->mail) world.smtp = std::make_unique<gateways::SmtpGateway>(std::move(*settings->mail), clock);
  if (settings->civil_registry)
    world.nvi = std::make_unique<gateways::NviCivilRegistry>(std::move(*settings->civil_registry), clock);
  if (settings->telephone)
    world.telephone = std::make_unique<gateways::HttpTelephone>(std::move(*settings->telephone), clock);
  return world;
}

/// The readers of this machine. A demo's are sockets instead, and its cards come from an authority of its own.
struct CardPlace {
  CardPlace(const std::string& site, bool demo_site) {
    std::filesystem::path roots = roots_folder();
    if (demo_site) {
      const auto folder = site_folder(site);
      readers = std::make_unique<card::SocketReaders>(ServedDemoCards::sockets(folder));
      issuer = std::make_unique<card::emulated::DemoIssuer>(card::emulated::demo_master_key());
      demo = std::make_unique<ServedDemoCards>(folder);
      roots = ServedDemoCards::roots(folder);
    } else {
      readers = std::make_unique<card::PcscReaders>();
    }
    desk = std::make_unique<card::CardDesk>(*readers, roots, issuer.get());
  }

  std::unique_ptr<card::Readers> readers;
  std::unique_ptr<core::IssuerUnlock> issuer;
  std::unique_ptr<ServedDemoCards> demo;
  std::unique_ptr<card::CardDesk> desk;
};

}  // namespace

core::Result<> mark_as_demo(store::Site& site) {
  const auto recorded = site.writer->commit([](core::Transaction& tx) -> core::Result<> {
    tx.record({.type = core::record_type::site_is_demo, .actor = {}, .role = {}, .ticket = {}, .subject = {}});
    return {};
  });
  if (!recorded) return std::unexpected(recorded.error());
  return write_private_file(demo_mark(site.id), "demo\n");
}

bool is_demo(store::Site& site) {
  std::error_code ignored;
  if (!std::filesystem::exists(demo_mark(site.id), ignored)) return false;
  core::AuditFilter filter;
  filter.type = core::record_type::site_is_demo;
  filter.limit = 1;
  return !site.audit_log->list(filter).empty();
}

const core::PluginCatalogue& shipped_plugins() {
  static const auto catalogue = loader::load_plugins(plugin_folder(), loader::read_trusted_keys(plugin_keys_folder()));
  return catalogue;
}

// In the order in which they need each other.
struct Backend::Parts {
  Parts(const std::string& url, store::Site&& opened, bool demo, World&& outside)
      : site(std::move(opened)), world(std::move(outside)), cards(site.id, demo), label(database_label(url)) {}

  core::SystemClock clock;
  store::Site site;
  World world;
  CardPlace cards;
  std::string label;
  core::Policy policy = core::default_policy();
  core::SignIn sign_in{*site.reader, *site.writer, *site.vault, clock};
  core::Operators operators{*site.reader, *site.writer, *site.vault, clock};
  core::Directory directory{*site.reader, *site.writer, clock};
  core::VerificationDesk verification{*site.reader, *site.writer, *site.vault, clock, policy};
  core::Tickets tickets{*site.reader, *site.writer, *site.audit_log, directory, verification, shipped_plugins(), clock};
  core::Policies policies{*site.reader, *site.writer, *site.vault, shipped_plugins(), clock};
  core::AuditTrail audit{*site.audit_log, *site.reader, *site.writer, shipped_plugins()};
  core::SubscriberImport import{*site.reader, *site.writer, clock, &verification};
  WavInspector sound;
  core::CallBacks call_backs{*site.reader, *site.writer, *site.vault, verification, clock};
  PipePlayer player;
  core::Recordings recordings{*site.reader, *site.writer, verification, &sound, site.evidence.get(), clock, &player};
  core::Hints hints{*site.reader, *site.writer, *site.audit_log, verification, clock};
  SiteSender sender{own_config_folder() / "sites" / site.id / "sender.lock", world.reports, *site.writer, clock};
  core::Outbox outbox{*site.reader, *site.writer, clock, core::Outbox::Ways{world.sms(), world.mail()}, sender,
                      [this](core::Transaction& tx, const core::OutboxMessage& message) {
                        verification.code_never_left(tx, message);
                      }};
  core::GatewayBoard gateways{world.sms(), world.mail(), world.nvi.get(),
                              world.reports.port != 0 ? std::function([this] { return sender.hearing(); }) : nullptr};
  RunLockFiles run_locks{own_config_folder() / "sites" / site.id / "runs"};
  core::StrandedMessages stranded{*site.reader, *site.writer, clock};
  core::Actions actions{*site.reader,
                        *site.writer,
                        *site.vault,
                        verification,
                        core::Outside{&outbox, world.nvi.get(), world.telephone.get(), cards.desk.get(), site.card_keys.get(), &run_locks},
                        shipped_plugins(),
                        clock};
  core::Approvals approvals{*site.reader,
                            *site.writer,
                            *site.vault,
                            verification,
                            core::Outside{&outbox, world.nvi.get(), world.telephone.get(), cards.desk.get(), site.card_keys.get(), &run_locks},
                            shipped_plugins(),
                            clock,
                            site.audit_log.get()};
  core::Housekeeping housekeeping{approvals, recordings};
  core::CardRoom card_room{*site.reader, *site.writer, directory, *cards.desk, site.card_keys.get(), clock};
  core::Services services{.sign_in = sign_in,
                          .operators = operators,
                          .directory = directory,
                          .tickets = tickets,
                          .verification = verification,
                          .actions = actions,
                          .audit = audit,
                          .import = import,
                          .plugins = shipped_plugins(),
                          .clock = clock,
                          .demo_phone = world.spool.get(),
                          .database_label = label,
                          .policies = &policies,
                          .approvals = &approvals,
                          .outbox = &outbox,
                          .gateways = &gateways,
                          .call_backs = &call_backs,
                          .recordings = &recordings,
                          .hints = &hints,
                          .cards = &card_room,
                          .demo_cards = cards.demo.get(),
                          .stranded = &stranded};
};

Backend::Backend(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Backend::~Backend() = default;

core::Result<std::unique_ptr<Backend>> Backend::open(const std::string& url) {
  static const core::SystemClock clock;
  auto site = store::open_site(url, config_folder(), clock);
  if (!site) return std::unexpected(std::move(site.error()));
  if (auto recorded = core::record_plugins(*site->audit_log, *site->writer, shipped_plugins()); !recorded)
    site->alarms.push_back(std::move(recorded.error().sentence));
  const bool demo = is_demo(*site);
  const auto settings = demo ? std::string() : outside_settings(*site->vault);
  if (auto recorded = core::record_settings(*site->audit_log, *site->writer, settings); !recorded)
    site->alarms.push_back(std::move(recorded.error().sentence));
  auto world = world_of(*site, demo, url, clock);
  return std::unique_ptr<Backend>(new Backend(std::make_unique<Parts>(url, std::move(*site), demo, std::move(world))));
}

void Backend::stay() {
  parts_->outbox.start();
  parts_->gateways.watch();
  parts_->housekeeping.start();
}

void Backend::keep_house() {
  (void)parts_->housekeeping.pass();  // what could not be recorded is due again the next time
}

core::Services& Backend::services() { return parts_->services; }
const std::vector<sdk::Text>& Backend::alarms() const { return parts_->site.alarms; }

}  // namespace anahtar::app
