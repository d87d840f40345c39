// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/permission.h"
#include "core/sign_in.h"
#include "core/utf8.h"

namespace anahtar::core {
namespace {

constexpr std::size_t longest_display_name = 100;

Record record_about(const Session& session, const char* type, const Operator& account) {
  Record record = record_of(session, type);
  record.fields[Tag::operator_name] = account.name;
  return record;
}

Operator account_named(Reader& now, const std::string& name) {
  auto account = now.operator_named(name);
  if (!account) throw FailureError({Code::not_found, tr("There is no operator “{1}”.", name)});
  return *account;
}

/// Whose account it is: a new person, or the one that another account (by its name) or a person's id names. A slip must
/// not make a second person out of one: four eyes rely on it.
std::string person_for(Reader& now, Vault& vault, const std::string& wanted) {
  if (wanted.empty()) return vault.random_id();
  if (const auto other = now.operator_named(wanted)) return other->person;
  const auto all = now.operators();
  if (std::ranges::any_of(all, [&](const Operator& other) { return other.person == wanted; })) return wanted;
  throw FailureError({Code::not_found, tr("No account belongs to the person “{1}”. Leave it empty for a new person.", wanted)});
}

template <class Change>
Result<> change_account(Reader& reader, Writer& writer, const Session& session, const char* what, const std::string& name,
                        Change change) {
  return guarded([&]() -> Result<> {
    if (auto may = permitted(reader, writer, session, {Role::administrator}, what); !may) return may;
    const auto committed = writer.commit([&](Transaction& tx) -> Result<void> {
      check_session(tx, session);
      Operator account = account_named(tx, name);
      const char* type = change(tx, account);
      Record record = record_about(session, type, account);
      if (type == std::string_view(record_type::operator_changed)) record.fields[Tag::role] = to_string(account.role);
      tx.record(std::move(record));
      tx.save(account);
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    return {};
  });
}

}  // namespace

Result<> acceptable_display_name(const std::string& name) {
  const auto characters = count_characters(name);
  if (std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return failure(Code::invalid, tr("The displayed name has a control character. Type it again."));
  if (characters && *characters > 0 && *characters <= longest_display_name) return {};
  return failure(Code::invalid, tr("The displayed name needs 1 to {1} characters.", std::to_string(longest_display_name)));
}

Operators::Operators(Reader& reader, Writer& writer, Vault& vault, const Clock& clock)
    : reader_(reader), writer_(writer), vault_(vault), clock_(clock) {}

Result<std::vector<Operator>> Operators::list(const Session& session) {
  return guarded([&]() -> Result<std::vector<Operator>> {
    const auto may = permitted(reader_, writer_, session, {Role::administrator}, "operators.list");
    if (!may) return std::unexpected(may.error());
    auto all = reader_.operators();
    for (auto& account : all) account.password_hash.clear();
    return all;
  });
}

Result<Operator> Operators::add(const Session& session, const NewOperator& wanted, const Secret& first_password) {
  return guarded([&]() -> Result<Operator> {
    for (const auto& check : {permitted(reader_, writer_, session, {Role::administrator}, "operators.add"),
                              acceptable_operator_name(wanted.name), acceptable_display_name(wanted.display_name),
                              acceptable_password(first_password)})
      if (!check) return std::unexpected(check.error());

    Operator account;
    account.name = wanted.name;
    account.display_name = wanted.display_name;
    account.role = wanted.role;
    account.password_hash = vault_.hash_password(first_password);
    account.must_change_password = true;
    account.created = clock_.now();
    const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
      check_session(tx, session);
      if (tx.operator_named(wanted.name))
        return failure(Code::conflict, tr("There is an operator “{1}” already.", wanted.name));
      account.person = person_for(tx, vault_, wanted.person);
      Record record = record_about(session, record_type::operator_added, account);
      record.fields[Tag::role] = to_string(account.role);
      tx.record(std::move(record));
      tx.save(account);
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    account.password_hash.clear();
    return account;
  });
}

Result<> Operators::disable(const Session& session, const std::string& name) {
  return change_account(reader_, writer_, session, "operators.disable", name, [&](Transaction&, Operator& account) {
    if (account.id == session.operator_id)  // so there is always an administrator left
      throw FailureError({Code::refused, tr("You cannot disable your own account. Ask another administrator.")});
    if (account.disabled) throw FailureError({Code::conflict, tr("This account is disabled already.")});
    account.disabled = true;
    return record_type::operator_disabled;
  });
}

Result<> Operators::set_role(const Session& session, const std::string& name, Role role) {
  return change_account(reader_, writer_, session, "operators.set_role", name, [&](Transaction&, Operator& account) {
    if (account.id == session.operator_id)
      throw FailureError({Code::refused, tr("You cannot change your own role. Ask another administrator.")});
    if (account.role == role) throw FailureError({Code::conflict, tr("This account has that role already.")});
    account.role = role;
    return record_type::operator_changed;
  });
}

Result<> Operators::unlock(const Session& session, const std::string& name) {
  return change_account(reader_, writer_, session, "operators.unlock", name, [&](Transaction&, Operator& account) {
    if (!account.disabled && account.failed_sign_ins == 0 && !account.locked_until)
      throw FailureError({Code::conflict, tr("This account is neither disabled nor locked.")});
    account.disabled = false;
    account.failed_sign_ins = 0;
    account.locked_until.reset();
    return record_type::operator_unlocked;
  });
}

Result<> Operators::reset_password(const Session& session, const std::string& name, const Secret& first_password) {
  if (auto acceptable = acceptable_password(first_password); !acceptable) return acceptable;
  const std::string hash = vault_.hash_password(first_password);
  return change_account(reader_, writer_, session, "operators.reset_password", name, [&](Transaction&, Operator& account) {
    account.password_hash = hash;
    account.must_change_password = true;
    account.failed_sign_ins = 0;
    account.locked_until.reset();
    return record_type::password_reset;
  });
}

}  // namespace anahtar::core
