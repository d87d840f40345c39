// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change_kinds.h"
#include "core/security_word.h"

namespace anahtar::core {
namespace {

constexpr char spoken_kind[] = "security_word_spoken";

bool is_spoken(const ChangeContext& context) { return context.parameter("delivery") == "spoken"; }

/// In case somebody else asked: to the mobile, when the word itself went another way. Names no word.
void notify(const ChangeContext& context) {
  const auto subscriber = context.tx.subscriber(*context.ticket.subscriber);
  if (subscriber->mobile.empty() || !context.parts.outside.can_text()) return;
  context.send({.kind = message_kind::security_word_changed,
                .to = subscriber->mobile,
                .subject = {},
                .body = notice_of_security_word()},
               tr("The security word was renewed, but it is not certain that the notice to the registered mobile left."));
}

void mail_word(const ChangeContext& context) {
  const auto subscriber = context.tx.subscriber(*context.ticket.subscriber);
  context.send({.kind = message_kind::security_word,
                .channel = MessageChannel::mail,
                .to = subscriber->email,
                .subject = subject_with_security_word(),
                .body = mail_with_security_word(context.prepared.word)},
               tr("The security word was renewed, but it is not certain that the e-mail with it left. If it does not "
                  "arrive, reset the word again."));
}

std::optional<Refusal> refusal_of_way(const ChangeContext& context, const Subscriber& subscriber) {
  const Outside& outside = context.parts.outside;
  if (context.parameter("delivery") == "email") {
    if (subscriber.email.empty()) return Refusal{"state", tr("The subscriber has no registered e-mail address.")};
    if (!outside.can_mail()) return Refusal{"port", tr("No mail gateway is set up.")};
    return {};
  }
  if (subscriber.mobile.empty()) return Refusal{"state", tr("The subscriber has no registered mobile.")};
  if (!outside.can_text()) return Refusal{"port", tr("No SMS gateway is set up.")};
  return {};
}

void text_word(const ChangeContext& context) {
  const auto subscriber = context.tx.subscriber(*context.ticket.subscriber);
  context.send({.kind = message_kind::security_word,
                .to = subscriber->mobile,
                .subject = {},
                .body = message_with_security_word(context.prepared.word)},
               tr("The security word was renewed, but it is not certain that the SMS with it left. If it does not "
                  "arrive, reset the word again."));
}

void speak_word(const ChangeContext& context) {
  Record intended = context.record(record_type::effect_intended);
  intended.fields[Tag::message_kind] = spoken_kind;
  context.tx.record(std::move(intended));
  context.effects.spoken = Secret(std::string(context.prepared.word.expose()));
}

}  // namespace

void prepare_word_reset(Prepared& prepared, Vault& vault) {
  prepared.word = random_security_word(vault);
  prepared.word_hash = vault.hash_password(prepared.word);
}

std::optional<Refusal> refusal_of_word_reset(const ChangeContext& context) {
  if (!context.tx.portal_account(*context.ticket.subscriber))
    return Refusal{"state", tr("The subscriber has no portal account.")};
  const std::string& delivery = context.parameter("delivery");
  if (delivery != "sms" && delivery != "email" && delivery != "spoken")
    return Refusal{"change", tr("The action does not say how the new word reaches the holder.")};
  if (is_spoken(context) && !context.policy().spoken)
    return Refusal{"spoken", tr("The policy does not let the operator see this.")};
  if (is_spoken(context) && !context.run)
    return Refusal{"spoken", tr("A word that is to be spoken cannot wait for approval. Have it sent.")};
  if (is_spoken(context)) return {};
  const auto subscriber = context.tx.subscriber(*context.ticket.subscriber);
  if (!subscriber) return Refusal{"state", tr("The subscriber is gone.")};
  return refusal_of_way(context, *subscriber);
}

void apply_word_reset(const ChangeContext& context) {
  auto account = context.tx.portal_account(*context.ticket.subscriber);
  account->security_word_hash = context.prepared.word_hash;
  if (context.policy().clears_block) {
    account->blocked = false;
    account->blocked_at.reset();
    account->failed_tries = 0;
  }
  context.tx.save(*account);
  if (context.parameter("delivery") == "sms") return text_word(context);
  is_spoken(context) ? speak_word(context) : mail_word(context);
  notify(context);
}

}  // namespace anahtar::core
