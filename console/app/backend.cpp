// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/backend.h"

#include "app/paths.h"
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
  Parts(const std::string& url, store::Site&& opened, std::unique_ptr<gateways::SpoolGateway> demo_phone)
      : site(std::move(opened)), spool(std::move(demo_phone)), label(database_label(url)) {}

  core::SystemClock clock;
  store::Site site;
  std::unique_ptr<gateways::SpoolGateway> spool;
  std::string label;
  core::Policy policy = core::default_policy();
  core::SignIn sign_in{*site.reader, *site.writer, *site.vault, clock};
  core::Operators operators{*site.reader, *site.writer, *site.vault, clock};
  core::Directory directory{*site.reader, *site.writer, clock};
  core::VerificationDesk verification{*site.reader, *site.writer, *site.vault, clock, policy};
  core::Tickets tickets{*site.reader, *site.writer, *site.audit_log, directory, verification, clock};
  core::AuditTrail audit{*site.audit_log, *site.reader, *site.writer};
  core::SubscriberImport import{*site.reader, *site.writer, clock};
  core::Actions actions{*site.reader, *site.writer,       *site.vault, verification,
                        spool.get(),  shipped_plugins(), clock};
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
                          .demo_phone = spool.get(),
                          .database_label = label};
};

Backend::Backend(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Backend::~Backend() = default;

core::Result<std::unique_ptr<Backend>> Backend::open(const std::string& url) {
  static const core::SystemClock clock;
  auto site = store::open_site(url, config_folder(), clock);
  if (!site) return std::unexpected(std::move(site.error()));
  std::unique_ptr<gateways::SpoolGateway> spool;
  if (is_demo(site->id)) spool = std::make_unique<gateways::SpoolGateway>(spool_folder(url), clock);
  return std::unique_ptr<Backend>(new Backend(std::make_unique<Parts>(url, std::move(*site), std::move(spool))));
}

core::Services& Backend::services() { return parts_->services; }
const std::vector<sdk::Text>& Backend::alarms() const { return parts_->site.alarms; }

}  // namespace anahtar::app
