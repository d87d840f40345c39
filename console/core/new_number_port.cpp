// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/action_ports.h"
#include "core/masking.h"
#include "core/phone.h"

namespace anahtar::core {
namespace {

constexpr char method[] = "new_number";
constexpr std::chrono::seconds patience{2};  // for the first try
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

bool RunNewNumberPort::is_registered(const std::string& number) const {
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  const auto subscriber = now.subscriber(ticket.subscriber.value_or(0));
  return subscriber && subscriber->mobile == number;
}

/// A code that has not left yet goes with the one before.
std::string RunNewNumberPort::queue(Secret body) {
  std::string id;
  run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
    const Time now = run_.parts.clock.now();
    withdraw_messages(tx, run_.record(record_type::message_withdrawn, tx, ticket), ticket,
                      message_kind::number_confirmation, now);
    id = queue_message(tx, run_.record(record_type::message_queued, tx, ticket), ticket,
                       {.kind = message_kind::number_confirmation,
                        .to = number_,
                        .subject = {},
                        .body = std::move(body),
                        .deadline = expires_},
                       now)
             .id;
  });
  return id;
}

void RunNewNumberPort::record(const char* type) const {
  run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
    Record record = run_.record(type, tx, ticket);
    record.fields[Tag::method] = method;
    tx.record(std::move(record));
  });
}

sdk::SentCode RunNewNumberPort::send(const std::string& number) {
  const auto pass = run_.enter();
  run_.ticket_now(run_.parts.reader);
  if (!run_.parts.outside.can_text()) throw sdk::Failed(tr("No SMS gateway is set up."));
  if (!is_turkish_mobile(number)) throw sdk::Failed(tr("Only a Turkish mobile number can be registered."));
  if (is_registered(number)) throw sdk::Failed(tr("This number is the subscriber's registered mobile already. Nothing was changed."));
  const MethodPolicy& policy = code_policy();
  if (codes_sent_ >= policy.codes) throw sdk::Failed(tr("Too many codes were sent. Nothing was changed."));
  ++codes_sent_;
  const Secret code = run_.parts.vault.random_digits(code_digits);
  number_ = number;
  keyed_hash_ = hash_of(code);
  tries_left_ = policy.tries;
  expires_ = run_.parts.clock.now() + policy.code_life;
  const std::string message = queue(message_with(code));
  Outbox& outbox = *run_.parts.outside.outbox;
  outbox.wake();
  const auto status = outbox.wait_for_try(message, patience);
  if (status && status->state == MessageState::failed)
    throw sdk::Failed(tr("The SMS to the new number could not be sent. Nothing was changed."));
  return {mask_mobile(number), expires_, tries_left_, message};
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
    record(record_type::verification_failed);
    return tries_left_ > 0 ? sdk::CodeCheck::wrong : sdk::CodeCheck::used_up;
  }
  keyed_hash_.clear();  // right once
  record(record_type::code_accepted);
  run_.evidence.add("number/" + number_, run_.parts.clock.now());
  return sdk::CodeCheck::right;
}

}  // namespace anahtar::core
