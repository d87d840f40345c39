// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/policies.h"

#include "core/commit_unit.h"
#include "core/permission.h"

namespace anahtar::core {
namespace {

/// What the defaults speak of exists, whether or not its plugin is loaded.
KnownNames names_known_to(const PluginCatalogue& plugins) {
  KnownNames names;
  const Policy defaults = default_policy();
  for (const auto& [id, ignored] : defaults.methods) names.methods.insert(id);
  for (const auto& [id, ignored] : defaults.actions) names.actions.insert(id);
  for (const LoadedPlugin& plugin : plugins.loaded)
    for (const sdk::Action& action : plugin.plugin.actions) {
      if (action.verifies.empty())
        names.actions.insert(action.id);
      else
        names.methods.insert(action.verifies);
    }
  return names;
}

}  // namespace

Policies::Policies(Reader& reader, Writer& writer, Vault& vault, const PluginCatalogue& plugins, const Clock& clock)
    : reader_(reader), writer_(writer), vault_(vault), clock_(clock), known_(names_known_to(plugins)) {}

Result<PolicyInForce> Policies::in_force(const Session& session) {
  return guarded([&]() -> Result<PolicyInForce> {
    check_session(reader_, session);
    const auto stored = reader_.policy_in_force();
    if (stored) return PolicyInForce{stored->number, stored->text, stored->sha256, stored->applied, stored->applied_by};
    const std::string defaults(default_policy_text());
    return PolicyInForce{0, defaults, vault_.sha256(defaults), {}, {}};
  });
}

std::vector<PolicyProblem> Policies::check(const std::string& text) const {
  const auto parsed = parse_policy(text, &known_);
  return parsed ? std::vector<PolicyProblem>() : parsed.error();
}

Result<std::int64_t> Policies::apply(const Session& session, const std::string& text) {
  return guarded([&]() -> Result<std::int64_t> {
    if (auto may = permitted(reader_, writer_, session, {Role::administrator}, "policy.apply"); !may)
      return std::unexpected(may.error());
    if (const auto problems = check(text); !problems.empty())
      return failure(Code::invalid, tr("The policy has {1} problems, the first in line {2}. Nothing was changed.",
                                       std::to_string(problems.size()), std::to_string(problems.front().line)));
    std::int64_t number = 0;
    const auto committed = commit_unit(writer_, [&](Transaction& tx) -> Result<> {
      check_session(tx, session);
      const auto before = tx.policy_in_force();
      PolicyVersion fresh{.sha256 = vault_.sha256(text), .text = text, .applied = clock_.now(),
                          .applied_by = session.name};
      if (before && before->sha256 == fresh.sha256)
        return failure(Code::conflict, tr("This policy is in force already."));
      tx.save(fresh);
      number = fresh.number;
      Record record = record_of(session, record_type::policy_applied);
      record.fields.insert({{Tag::version, std::to_string(fresh.number)}, {Tag::digest, fresh.sha256}});
      tx.record(std::move(record));
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    return number;
  });
}

}  // namespace anahtar::core
