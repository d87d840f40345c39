// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/backend.h"

#include "app/paths.h"
#include "core/plugin_records.h"
#include "gateways/settings.h"
#include "gateways/spool_gateway.h"
#include "loader/plugin_loader.h"
#include "loader/trusted_keys.h"
#include "store/site.h"

namespace anahtar::app {
namespace {

std::filesystem::path demo_mark(const std::string& site_id) {
  return own_config_folder() / "sites" / site_id / "demo";
}

std::filesystem::path spool_folder(const std::string& url) { return database_file(url).string() + ".phone"; }

/// How this site's text messages leave: a demo's into a folder, and never anywhere else.
struct Messages {
  core::MessageGateway* gateway() const { return spool ? static_cast<core::MessageGateway*>(spool.get()) : kannel.get(); }

  std::unique_ptr<gateways::SpoolGateway> spool;
  std::unique_ptr<gateways::KannelGateway> kannel;
};

/// Settings that cannot be used are an alarm; the desk then works without messages.
Messages messages_of(store::Site& site, const std::string& url, const core::Clock& clock) {
  if (is_demo(site.id)) return {std::make_unique<gateways::SpoolGateway>(spool_folder(url), clock), nullptr};
  auto settings = gateways::read_settings(own_config_folder() / "gateways.toml");
  if (!settings) {
    site.alarms.push_back(std::move(settings.error().sentence));
    return {};
  }
  if (!settings->sms) return {};
  settings->sms->report_port = 0;  // asked for only where they are kept
  return {nullptr, std::make_unique<gateways::KannelGateway>(std::move(*settings->sms), clock)};
}

}  // namespace

core::Result<> mark_as_demo(const std::string& site_id) { return write_private_file(demo_mark(site_id), "demo\n"); }

bool is_demo(const std::string& site_id) {
  std::error_code ignored;
  return std::filesystem::exists(demo_mark(site_id), ignored);
}

const core::PluginCatalogue& shipped_plugins() {
  static const auto catalogue = loader::load_plugins(plugin_folder(), loader::read_trusted_keys(plugin_keys_folder()));
  return catalogue;
}

// In the order in which they need each other.
struct Backend::Parts {
  Parts(const std::string& url, store::Site&& opened, Messages&& leave_by)
      : site(std::move(opened)), messages(std::move(leave_by)), label(database_label(url)) {}

  core::SystemClock clock;
  store::Site site;
  Messages messages;
  std::string label;
  core::Policy policy = core::default_policy();
  core::SignIn sign_in{*site.reader, *site.writer, *site.vault, clock};
  core::Operators operators{*site.reader, *site.writer, *site.vault, clock};
  core::Directory directory{*site.reader, *site.writer, clock};
  core::VerificationDesk verification{*site.reader, *site.writer, *site.vault, clock, policy};
  core::Tickets tickets{*site.reader, *site.writer, *site.audit_log, directory, verification, shipped_plugins(), clock};
  core::Policies policies{*site.reader, *site.writer, *site.vault, shipped_plugins(), clock};
  core::AuditTrail audit{*site.audit_log, *site.reader, *site.writer, shipped_plugins()};
  core::SubscriberImport import{*site.reader, *site.writer, clock};
  core::Actions actions{*site.reader,       *site.writer,      *site.vault, verification,
                        messages.gateway(), shipped_plugins(), clock};
  core::Approvals approvals{*site.reader,       *site.writer,      *site.vault, verification,
                            messages.gateway(), shipped_plugins(), clock};
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
                          .demo_phone = messages.spool.get(),
                          .database_label = label,
                          .policies = &policies,
                          .approvals = &approvals};
};

Backend::Backend(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Backend::~Backend() = default;

core::Result<std::unique_ptr<Backend>> Backend::open(const std::string& url) {
  static const core::SystemClock clock;
  auto site = store::open_site(url, config_folder(), clock);
  if (!site) return std::unexpected(std::move(site.error()));
  if (auto recorded = core::record_plugins(*site->audit_log, *site->writer, shipped_plugins()); !recorded)
    site->alarms.push_back(std::move(recorded.error().sentence));
  auto messages = messages_of(*site, url, clock);
  return std::unique_ptr<Backend>(new Backend(std::make_unique<Parts>(url, std::move(*site), std::move(messages))));
}

core::Services& Backend::services() { return parts_->services; }
const std::vector<sdk::Text>& Backend::alarms() const { return parts_->site.alarms; }

}  // namespace anahtar::app
