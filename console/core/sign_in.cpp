// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sign_in.h"

#include <algorithm>

#include "core/permission.h"
#include "core/utf8.h"

namespace anahtar::core {
namespace {

constexpr std::size_t longest_password = 200;

const Failure wrong_name_or_password{Code::refused, tr("The name or the password is wrong.")};

/// As people type it: spaces around it and capitals do not matter. ASCII only, whatever the locale.
std::string as_stored(std::string name) {
  std::erase(name, ' ');
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

Session session_of(const Operator& account, std::string id) {
  return {.id = std::move(id),
          .operator_id = account.id,
          .name = account.name,
          .display_name = account.display_name,
          .person = account.person,
          .role = account.role,
          .must_change_password = account.must_change_password,
          .password_hash = account.password_hash};
}

Record refusal_record(const std::optional<Operator>& account, const std::string& session_id, const char* rule) {
  // An unknown name is not recorded: it may be a password that was typed into the wrong field.
  Record record = account ? record_of(session_of(*account, session_id), record_type::sign_in_refused)
                          : Record{.type = record_type::sign_in_refused, .actor = {}, .role = {}, .ticket = {}, .subject = {}};
  record.fields[Tag::refusal] = rule;
  return record;
}

bool locked(const Operator& account, Time now) { return account.locked_until && *account.locked_until > now; }

Failure locked_failure(const Operator& account, Time now) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(*account.locked_until - now).count();
  return {Code::refused, tr("This account is locked after wrong passwords. Try again in {1} min or ask an administrator.",
                            std::to_string(minutes))};
}

void count_wrong_password(Operator& account, const SignInRules& rules, Time now) {
  if (++account.failed_sign_ins < rules.tries) return;
  account.failed_sign_ins = 0;
  account.locked_until = now + rules.lock_for;
}

}  // namespace

SignIn::SignIn(Reader& reader, Writer& writer, Vault& vault, const Clock& clock, SignInRules rules)
    : reader_(reader), writer_(writer), vault_(vault), clock_(clock), rules_(rules) {}

Result<Operator> SignIn::with_password(const std::string& name, const Secret& password, const std::string& session_id,
                                       const std::function<void(Transaction&, Operator&)>& when_right) {
  return guarded([&]() -> Result<Operator> {
    const auto seen = reader_.operator_named(name);
    // An unknown name costs as much time as a known one.
    const bool right = seen ? vault_.password_matches(password, seen->password_hash)
                            : (static_cast<void>(vault_.hash_password(password)), false);

    Result<Operator> answer = std::unexpected(wrong_name_or_password);
    const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
      const Time now = clock_.now();
      auto account = tx.operator_named(name);
      const auto refuse = [&](const char* rule) { tx.record(refusal_record(account, session_id, rule)); };
      if (!account || !seen || account->password_hash != seen->password_hash) {
        refuse(account ? "password" : "name");
      } else if (locked(*account, now)) {  // whatever the password: else a lock would tell a guesser when it is right
        answer = std::unexpected(locked_failure(*account, now));
        refuse("locked");
      } else if (!right) {
        count_wrong_password(*account, rules_, now);
        refuse(account->locked_until && *account->locked_until > now ? "locked" : "password");
        tx.save(*account);
      } else if (account->disabled) {
        answer = failure(Code::not_permitted, tr("Your account has been disabled. Ask an administrator."));
        refuse("disabled");
      } else {
        account->failed_sign_ins = 0;
        account->locked_until.reset();
        when_right(tx, *account);
        tx.save(*account);
        answer = *account;
      }
      return {};
    });
    if (!committed) return std::unexpected(committed.error());
    return answer;
  });
}

Result<Session> SignIn::sign_in(const std::string& name, const Secret& password) {
  const std::string id = vault_.random_id();
  const auto account = with_password(as_stored(name), password, id, [&](Transaction& tx, Operator& known) {
    tx.record(record_of(session_of(known, id), record_type::signed_in));
  });
  if (!account) return std::unexpected(account.error());
  return session_of(*account, id);
}

Result<> SignIn::sign_out(const Session& session) {
  const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
    tx.record(record_of(session, record_type::signed_out));
    return {};
  });
  if (!committed) return std::unexpected(committed.error());
  return {};
}

Result<> SignIn::lock(const Session& session) {
  const auto committed = writer_.commit([&](Transaction& tx) -> Result<void> {
    tx.record(record_of(session, record_type::session_locked));
    return {};
  });
  if (!committed) return std::unexpected(committed.error());
  return {};
}

Result<> SignIn::unlock(const Session& session, const Secret& password) {
  const auto account = with_password(session.name, password, session.id, [&](Transaction& tx, Operator&) {
    standing_account(tx, session);
    tx.record(record_of(session, record_type::session_unlocked));
  });
  if (!account && account.error().code == Code::refused && account.error().sentence == wrong_name_or_password.sentence)
    return failure(Code::refused, tr("The password is wrong."));
  if (!account) return std::unexpected(account.error());
  return {};
}

Result<Session> SignIn::change_password(const Session& session, const Secret& current, const Secret& fresh) {
  if (auto acceptable = acceptable_password(fresh, rules_); !acceptable) return std::unexpected(acceptable.error());
  if (fresh.expose() == current.expose())
    return failure(Code::invalid, tr("The new password is the old one. Choose another."));
  const std::string hash = vault_.hash_password(fresh);
  const auto account = with_password(session.name, current, session.id, [&](Transaction& tx, Operator& known) {
    standing_account(tx, session);
    known.password_hash = hash;
    known.must_change_password = false;
    Record record = record_of(session, record_type::password_changed);
    record.fields[Tag::operator_name] = known.name;
    tx.record(std::move(record));
  });
  if (!account && account.error().code == Code::refused && account.error().sentence == wrong_name_or_password.sentence)
    return failure(Code::refused, tr("The current password is wrong."));
  if (!account) return std::unexpected(account.error());
  return session_of(*account, session.id);
}

Result<> acceptable_operator_name(const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; };
  const bool letter_first = !name.empty() && name[0] >= 'a' && name[0] <= 'z';
  if (letter_first && name.size() >= 2 && name.size() <= 32 && std::ranges::all_of(name, fits)) return {};
  return failure(Code::invalid, tr("A name to sign in with has 2 to 32 characters, begins with a letter and has only a to z, "
                                   "0 to 9, dot, hyphen and underscore."));
}

Result<> acceptable_password(const Secret& password, const SignInRules& rules) {
  const auto characters = count_characters(password.expose());
  if (!characters) return failure(Code::invalid, tr("The password has characters that cannot be read. Choose another."));
  if (*characters < rules.shortest_password)
    return failure(Code::invalid, tr("The password is too short. It needs at least {1} characters.",
                                     std::to_string(rules.shortest_password)));
  if (*characters > longest_password)
    return failure(Code::invalid, tr("The password is too long. It may have {1} characters.", std::to_string(longest_password)));
  if (std::ranges::all_of(password.expose(), [&](char c) { return c == password.expose()[0]; }))
    return failure(Code::invalid, tr("The password is one character over and over. Choose another."));
  return {};
}

}  // namespace anahtar::core
