// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_ports.h"
#include "core/commit_unit.h"
#include "core/masking.h"
#include "core/phone.h"

namespace anahtar::core {
namespace {

constexpr char message_kind[] = "new_number_code";
constexpr std::size_t code_digits = 6;

/// Always Turkish, in letters of the GSM 7-bit alphabet. It must not help who only wants the code read out.
Secret message_with(const Secret& code) {
  constexpr std::string_view before = "Anahtar: bu numaranin kayit onay kodu ";
  constexpr std::string_view after = ". Numara degisikligini siz istemediyseniz kodu kimseye soylemeyin.";
  std::string body;
  body.reserve(before.size() + code.size() + after.size());
  body.append(before).append(code.expose()).append(after);
  return Secret(std::move(body));
}

}  // namespace

const MethodPolicy& RunNewNumberPort::code_policy() const {
  const auto& methods = run_.parts.verification.policy(run_.parts.reader).methods;
  const auto found = methods.find("sms_code");
  if (found == methods.end()) throw sdk::Failed(tr("The policy knows no SMS codes, so no number can be confirmed."));
  return found->second;
}

std::optional<std::string> RunNewNumberPort::normalised(const std::string& typed) {
  run_.check_alive();
  auto number = normalised_phone(typed);
  if (!number || !is_turkish_mobile(*number)) return {};
  return *number;
}

void RunNewNumberPort::record(const char* type, const TextMessage* message) const {
  value_or_throw(commit_unit(run_.parts.writer, [&](Transaction& tx) -> Result<> {
    const auto ticket = tx.ticket(run_.at_start.number);
    if (!ticket) return failure(Code::not_found, tr("The ticket is gone."));
    const auto maker = [&](Reader& now, const char* of_type) { return run_.record(of_type, now, *ticket); };
    check_session(tx, run_.session);
    if (type == record_type::effect_intended) {
      intend(tx, maker, *message);
      return {};
    }
    Record record = maker(tx, type);
    record.fields[message ? Tag::message_kind : Tag::method] = message_kind;
    if (message) record.fields[Tag::message_id] = message->id;
    tx.record(std::move(record));
    return {};
  }));
}

sdk::SentCode RunNewNumberPort::send(const std::string& number) {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  if (!is_turkish_mobile(number)) throw sdk::Failed(tr("Only a Turkish mobile number can be registered."));
  const MethodPolicy& policy = code_policy();
  if (codes_sent_ >= policy.codes) throw sdk::Failed(tr("Too many codes were sent. Nothing was changed."));
  ++codes_sent_;
  const Secret code = run_.parts.vault.random_digits(code_digits);
  const TextMessage message{run_.parts.vault.random_id(), message_kind, number, message_with(code)};
  number_ = number;
  keyed_hash_ = hash_of(code);
  tries_left_ = policy.tries;
  expires_ = run_.parts.clock.now() + policy.code_life;
  record(record_type::effect_intended, &message);
  const Delivery delivery = deliver(run_.parts.messages, message);
  record(record_type_of(delivery), &message);
  if (delivery == Delivery::failed) throw sdk::Failed(tr("The SMS to the new number could not be sent. Nothing was changed."));
  return {mask_mobile(number), expires_, tries_left_};
}

std::string RunNewNumberPort::hash_of(const Secret& code) const {
  return run_.parts.vault.keyed_hash("number/" + run_.id + "/" + number_, code);
}

sdk::CodeCheck RunNewNumberPort::check(const Secret& typed) {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  if (tries_left_ <= 0) return sdk::CodeCheck::used_up;
  if (keyed_hash_.empty() || expires_ <= run_.parts.clock.now()) return sdk::CodeCheck::expired;
  if (hash_of(typed) != keyed_hash_) {  // of a keyed hash, timing tells nothing
    --tries_left_;
    record(record_type::verification_failed, nullptr);
    return tries_left_ > 0 ? sdk::CodeCheck::wrong : sdk::CodeCheck::used_up;
  }
  keyed_hash_.clear();  // right once
  record(record_type::code_accepted, nullptr);
  run_.evidence.add("number/" + number_, run_.parts.clock.now());
  return sdk::CodeCheck::right;
}

}  // namespace anahtar::core
