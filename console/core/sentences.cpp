// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "core/audit_trail.h"

namespace anahtar::core {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string value_of(const Fields& fields, Tag tag) {
  const auto found = std::ranges::find(fields, to_string(tag), &Fields::value_type::first);
  return found == fields.end() ? std::string{} : found->second;
}

/// As a person would say it.
std::string argument(const Fields& fields, Tag tag, const Titles& titles) {
  const std::string value = value_of(fields, tag);
  switch (tag) {
    case Tag::action:
      return titles.action(value);
    case Tag::method:
      return titles.method(value);
    case Tag::refusal:
    case Tag::change_kind:
    case Tag::message_kind:
    case Tag::outcome:
    case Tag::kind:
      return Titles::word(value);
    default:
      return value;
  }
}

/// A sentence whose {1}, {2} are fields of the record.
struct Pattern {
  Text sentence;
  std::vector<Tag> arguments = {};
};

const std::map<std::string, Pattern>& patterns() {
  namespace type = record_type;
  static const std::map<std::string, Pattern> all = {
      {type::site_created, {tr("Site created")}},
      {type::signed_in, {tr("Signed in")}},
      {type::sign_in_refused, {tr("Sign-in refused ({1})"), {Tag::refusal}}},
      {type::signed_out, {tr("Signed out")}},
      {type::session_locked, {tr("Console locked")}},
      {type::session_unlocked, {tr("Console unlocked")}},
      {type::operator_added, {tr("Operator {1} added"), {Tag::operator_name}}},
      {type::operator_changed, {tr("Operator {1} changed"), {Tag::operator_name}}},
      {type::operator_disabled, {tr("Operator {1} disabled"), {Tag::operator_name}}},
      {type::operator_unlocked, {tr("Operator {1} unlocked"), {Tag::operator_name}}},
      {type::password_changed, {tr("Password changed")}},
      {type::password_reset, {tr("Password of {1} reset"), {Tag::operator_name}}},
      {type::subscriber_searched, {tr("Subscribers searched: {1} found"), {Tag::count}}},
      {type::subscriber_viewed, {tr("Subscriber viewed")}},
      {type::subscriber_changed, {tr("Subscriber's data changed by an import: {1}"), {Tag::detail}}},
      {type::data_opened, {tr("Personal data opened")}},
      {"log.opened", {tr("Audit log begun")}},
      {"device.restore_declared", {tr("Restore of a back-up declared")}},
      {type::import_started, {tr("Import started")}},
      {type::import_rows, {tr("{1} rows imported"), {Tag::count}}},
      {type::import_ended, {tr("Import ended after {1} rows"), {Tag::count}}},
      {type::ticket_opened, {tr("Ticket opened")}},
      {type::ticket_taken, {tr("Ticket taken")}},
      {type::ticket_noted, {tr("Note")}},
      {type::ticket_waiting, {tr("Ticket waits")}},
      {type::ticket_priority, {tr("Priority changed")}},
      {type::ticket_closed, {tr("Ticket closed")}},
      {type::ticket_reopened, {tr("Ticket reopened")}},
      {type::ticket_corrected, {tr("Subscriber corrected; verification void")}},
      {type::ticket_caller, {tr("Somebody else is calling for the holder")}},
      {type::method_locked, {tr("Verification method locked ({1})"), {Tag::method}}},
      {type::lock_lifted, {tr("Lock of a verification method lifted ({1})"), {Tag::method}}},
      {type::verified, {tr("Caller verified at level {1} ({2})"), {Tag::level, Tag::method}}},
      {type::code_accepted, {tr("Right code given back")}},
      {type::verification_failed, {tr("Verification failed ({1})"), {Tag::method}}},
      {type::action_started, {tr("Action started: {1}"), {Tag::action}}},
      {type::action_changed, {tr("Change made: {1}"), {Tag::change_kind}}},
      {type::action_refused, {tr("Refused: {1} ({2})"), {Tag::action, Tag::refusal}}},
      {type::action_resolved, {tr("Unfinished action resolved: {1}"), {Tag::action}}},
      {type::effect_intended, {tr("Message given to the gateway")}},
      {type::effect_happened, {tr("Message sent")}},
      {type::effect_failed, {tr("Message not sent")}},
      {type::effect_unknown, {tr("Message: nobody knows whether it was sent")}},
      {type::registry_asked, {tr("Civil registry asked ({1})"), {Tag::outcome}}},
      {type::message_queued, {tr("Message to be sent: {1}"), {Tag::message_kind}}},
      {type::message_withdrawn, {tr("Message taken back, it was not sent")}},
      {type::audit_viewed, {tr("Audit log viewed")}},
      {type::audit_verified, {tr("Audit log verified: {1}"), {Tag::outcome}}},
      {type::plugin_loaded, {tr("Plugin {1} loaded"), {Tag::plugin}}},
      {type::settings_loaded, {tr("Settings outside the database changed")}},
      {type::site_is_demo, {tr("This site is a demonstration")}},
      {type::policy_applied, {tr("Policy applied: version {1}"), {Tag::version}}},
      {type::approval_requested, {tr("Approval asked for: {1} (request {2})"), {Tag::action, Tag::approval}}},
      {type::approval_viewed, {tr("Request {1} viewed"), {Tag::approval}}},
      {type::approval_approved, {tr("Request {1} approved"), {Tag::approval}}},
      {type::approval_rejected, {tr("Request {1} rejected"), {Tag::approval}}},
      {type::approval_expired, {tr("Request {1} expired"), {Tag::approval}}},
      {type::approval_void, {tr("Request {1} no longer stands ({2})"), {Tag::approval, Tag::refusal}}},
      {type::cooling_off_started, {tr("Cooling-off started")}},
      {type::number_restored, {tr("The number that was registered before is registered again")}},
      {type::message_taken_over, {tr("Message taken over from another computer: {1}"), {Tag::message_kind}}},
      {type::message_settled, {tr("Message of another computer settled: {1}"), {Tag::message_kind}}},
      {type::document_seen, {tr("Identity document seen")}},
      {type::pin_given, {tr("Call PIN given")}},
      {type::pin_accepted, {tr("Right call PIN given")}},
      {type::call_back_asked, {tr("Call-back asked for")}},
      {type::call_back_dialled, {tr("Call-back dialled by the telephone system")}},
      {type::call_back_failed, {tr("Call-back not dialled")}},
      {type::call_back_unknown, {tr("Call-back: nobody knows whether it was dialled")}},
      {type::call_back_answered, {tr("The telephone system says that the call-back was answered")}},
      {type::call_back_unanswered, {tr("Call-back confirmed before the telephone system said that it was answered: it does not count yet")}},
      {type::call_back_ignored, {tr("A call-back event came to nothing ({1})"), {Tag::refusal}}},
      {type::call_back_confirmed, {tr("Call-back confirmed by operator and telephone system")}},
      {type::recording_attached, {tr("Recording {1} attached ({2})"), {Tag::recording, Tag::kind}}},
      {type::recording_missing, {tr("The recording of the call did not come in time")}},
      {type::recording_exported, {tr("Recording {1} exported"), {Tag::recording}}},
      {type::recording_played, {tr("Recording {1} played"), {Tag::recording}}},
      {type::recordings_listed, {tr("Recordings listed")}},
      {type::card_found, {tr("Holder found by the card's certificate")}},
      {type::card_secret_used, {tr("Secret of the card used: {1}"), {Tag::kind}}},
      {type::card_secret_added, {tr("Secret of a card imported: {1}"), {Tag::kind}}},
      {type::card_site_key_added, {tr("Site key of cards imported: version {1}"), {Tag::key_version}}},
      {type::card_answered, {tr("Card's challenge answered, number {1}"), {Tag::count}}},
      {type::card_answer_settled, {tr("What came of the answer: {1}"), {Tag::outcome}}},
      {type::card_puk_told, {tr("PUK of the card told by telephone")}},
      {type::card_puk_settled, {tr("What came of the PUK that was told: {1}"), {Tag::outcome}}},
      {type::card_pin_ready, {tr("New PIN handed to the holder's window")}},
      {type::card_pin_unseen, {tr("The new PIN disappeared without having been shown: nobody knows it")}},
      {type::card_signed, {tr("Challenge signed by the card ({1})"), {Tag::outcome}}},
      {type::card_listed, {tr("Cards of a subscriber listed")}},
      {type::history_viewed, {tr("Subscriber's history viewed")}},
      {type::plugin_refused, {tr("Plugin {1} refused"), {Tag::file}}},
  };
  return all;
}

Text call_sentence(const Fields& fields, bool on_ticket) {
  const bool proven = value_of(fields, Tag::state) == "proven";
  if (on_ticket) return proven ? tr("Call, number proven") : tr("Call, number not proven");
  return proven ? tr("Call received, number proven") : tr("Call received, number not proven");
}

Text pin_shown_sentence(const Fields& fields) {
  if (value_of(fields, Tag::outcome) == "confirmed") return tr("New PIN shown to the holder, who confirmed that they noted it");
  if (value_of(fields, Tag::outcome) == "not_confirmed") return tr("New PIN shown to the holder, who did not confirm that they noted it");
  if (value_of(fields, Tag::place) == "operators_screen") return tr("New PIN shown to the holder, on the operator's screen");
  return tr("New PIN shown to the holder");
}

Text card_read_sentence(const Fields& fields, const Titles& titles) {
  const std::string family = argument(fields, Tag::card_family, titles);
  if (value_of(fields, Tag::outcome).empty()) return tr("Card read: {1}", family);
  return tr("Card read: {1} ({2})", family, argument(fields, Tag::outcome, titles));
}

Text hand_over_sentence(const Fields& fields) {
  const std::string to = value_of(fields, Tag::operator_name);
  return to.empty() ? tr("Ticket back in the queue") : tr("Ticket handed over to {1}", to);
}

Text ended_sentence(const Fields& fields, const Titles& titles) {
  const std::string outcome = value_of(fields, Tag::outcome);
  const std::string action = argument(fields, Tag::action, titles);
  if (outcome == "done") return tr("Action done: {1}", action);
  if (outcome == "refused") return tr("Action ended without a change: {1}", action);
  if (outcome == "failed") return tr("Action failed: {1}", action);
  if (outcome == "cancelled") return tr("Action cancelled: {1}", action);
  if (outcome == "waiting") return tr("Action waits for approval: {1}", action);
  if (outcome == "abandoned") return tr("Action abandoned: {1}", action);
  return tr("Action ended: {1}", action);
}

Text reported_sentence(const Fields& fields) {
  const std::string state = value_of(fields, Tag::state);
  if (state == to_string(MessageState::delivered)) return tr("Message delivered");
  if (state == to_string(MessageState::failed)) return tr("Message did not arrive");
  return tr("Message was sent after all");
}

Text puk_change_sentence(const std::string& type, const Fields& fields, const Titles& titles) {
  if (type == record_type::effect_intended) return tr("Replacement of the card's PUK begun");
  if (type == record_type::effect_happened) return tr("The card has a new PUK");
  if (type == record_type::effect_failed) return tr("The card's PUK not replaced ({1})", argument(fields, Tag::outcome, titles));
  return tr("Replacement of the card's PUK: nobody knows what came of it");
}

/// What was done to a card is told apart from messages by the card's family.
Text card_effect_sentence(const std::string& type, const Fields& fields, const Titles& titles) {
  if (value_of(fields, Tag::way) == "replace_puk") return puk_change_sentence(type, fields, titles);
  const std::string way = Titles::word(value_of(fields, Tag::way));
  if (type == record_type::effect_intended) return tr("Card unlock begun ({1})", way);
  if (type == record_type::effect_happened) return tr("Card unlocked, the new PIN was proven");
  if (type == record_type::effect_failed) return tr("Card not unlocked ({1})", argument(fields, Tag::outcome, titles));
  return tr("Card unlock: nobody knows what came of it");
}

}  // namespace

Text sentence_of(const std::string& type, const Fields& fields, const Titles& titles) {
  if (type == record_type::call_received) return call_sentence(fields, false);
  if (type == record_type::ticket_called) return call_sentence(fields, true);
  if (type == record_type::ticket_handed_over) return hand_over_sentence(fields);
  if (type == record_type::message_reported) return reported_sentence(fields);
  if (type == record_type::card_read) return card_read_sentence(fields, titles);
  if (type == record_type::card_pin_shown) return pin_shown_sentence(fields);
  if (type == record_type::action_ended) return ended_sentence(fields, titles);
  if (type.starts_with("effect.") && !value_of(fields, Tag::card_family).empty())
    return card_effect_sentence(type, fields, titles);
  const auto found = patterns().find(type);
  if (found == patterns().end()) return sdk::verbatim(type);
  Text sentence = found->second.sentence;
  for (const Tag tag : found->second.arguments) sentence.args.push_back(argument(fields, tag, titles));
  return sentence;
}

}  // namespace anahtar::core
