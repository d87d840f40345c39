// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/titles.h"

#include "core/actions.h"

namespace anahtar::core {
namespace {

// Cannot stand in data: records and forms refuse control characters.
constexpr char term_mark = '\x1f';

/// The rules that refuse, verdicts, kinds of messages and changes: the words that core itself writes into records.
const std::map<std::string, Text>& words() {
  static const std::map<std::string, Text> all = {
      {"civil_registry_recorded", tr("Civil-registry questions in a recorded call")},
      {"new_number", tr("Code to the new number")},
      {"assignee", tr("somebody else's ticket")},
      {"caller", tr("the caller is not the holder")},
      {"change", tr("a change that this action may not ask for")},
      {"channel", tr("not on this channel")},
      {"closed", tr("the ticket is closed")},
      {"cooling_off", tr("cooling-off")},
      {"disabled", tr("account disabled")},
      {"evidence", tr("nothing proves it")},
      {"hours", tr("outside the opening hours")},
      {"level", tr("verification too weak")},
      {"locked", tr("locked")},
      {"name", tr("unknown name")},
      {"own", tr("their own request")},
      {"password", tr("wrong password")},
      {"port", tr("something it needs is not set up")},
      {"rate", tr("too many of them")},
      {"requester", tr("whoever asked for it may not any more")},
      {"role", tr("role")},
      {"running", tr("another action is running")},
      {"seen", tr("the answers were on the screen")},
      {"session", tr("session over")},
      {"spoken", tr("not to be spoken")},
      {"state", tr("not possible as things stand")},
      {"unknown", tr("unknown")},
      {"waiting", tr("a request is waiting")},
      {"expired", tr("too late")},
      {"no_call", tr("no such call")},
      {"not_answered", tr("not answered")},
      {"number", tr("another number")},
      {"subscriber", tr("no subscriber")},
      {"void", tr("void already")},
      {"file", tr("file")},
      {"missing", tr("missing")},
      {"reference", tr("name typed by the operator")},
      {"telephone", tr("named by the telephone system")},
      {"call_pin.set", tr("call PIN set")},
      {"puk", tr("PUK")},
      {"replace_puk", tr("replacement of the PUK")},
      {"admin_key", tr("administration key")},
      {"derived_key", tr("administration key, derived")},
      {"resetting_code", tr("resetting code")},
      {"admin_pin", tr("administrator's PIN")},
      {"issuer", tr("issuer's service")},
      {"proven", tr("proven")},
      {"not_proven", tr("not proven")},
      {"other_pin", tr("another PIN than meant")},
      {"blocked", tr("no tries left")},
      {"refused", tr("refused by the card")},
      {"pin_refused", tr("new PIN not accepted")},
      {"not_typed", tr("new PIN not typed")},
      {"not_sent", tr("not sent: a code of that form cannot be right")},
      {"not_told", tr("nobody told")},
      {"other_card", tr("another card")},
      {"not_begun", tr("not begun")},
      {"interrupted", tr("interrupted")},
      {"worked", tr("it worked")},
      {"did_not_work", tr("it did not work")},
      {"signed", tr("signed")},
      {"not_signed", tr("not signed")},
      {"card", tr("not the subscriber's card")},
      {"card.expired", tr("its certificate has expired")},
      {"card.no_certificate", tr("no certificate that names its holder")},
      {"card.no_roots", tr("no root certificates are installed")},
      {"card.no_way", tr("no way to unlock it")},
      {"card.not_yet_valid", tr("its certificate is not valid yet")},
      {"card.out_of_use", tr("taken out of use")},
      {"card.revoked", tr("its certificate was revoked")},
      {"card.shut_down", tr("shut down")},
      {"card.somebody_elses", tr("somebody else's card")},
      {"card.unregistered", tr("not registered to the subscriber")},
      {"card.untrusted", tr("its certificate comes from nobody trusted")},
      {"cards.identify", tr("find a holder by card")},
      {"cards.list", tr("list cards")},
      {"cards.import", tr("import secrets of cards")},
      {"cards.import_site_key", tr("import a site key of cards")},
      {"cards.site_keys", tr("list the site keys of cards")},
      {"call.match", tr("see who calls")},
      {"hints.show", tr("see the hints")},
      {"recording.attach", tr("attach a recording")},
      {"recording.export", tr("export a recording")},
      {"recording.play", tr("play a recording")},
      {"message.list", tr("see messages of other computers")},
      {"message.taken_over", tr("take over a message")},
      {"message.settled", tr("settle a message")},
      {"recording.list", tr("list recordings")},
      {"recording.missing", tr("list missing recordings")},
      {"subscriber.history", tr("see a subscriber's history")},
      {"intact", tr("intact")},
      {"tampered", tr("tampered")},
      {"incomplete", tr("incomplete")},
      {"forked", tr("forked")},
      {"unverifiable", tr("unverifiable")},
      {"verification_code", tr("verification code")},
      {"security_word", tr("security word")},
      {"security_word_spoken", tr("security word, spoken")},
      {"number_changed", tr("notice of the new number")},
      {"number_confirmation", tr("code to the new number")},
      {"number_restored", tr("notice that the number was restored")},
      {"security_word_changed", tr("notice of the new security word")},
      {"confirmed", tr("confirmed")},
      {"denied", tr("not confirmed")},
      {"no_answer", tr("no answer")},
      {"password.unblock", tr("password unblocked")},
      {"phone.update", tr("phone number updated")},
      {"security_word.reset", tr("security word reset")},
      {"verification.grant", tr("caller verified")},
      {"action.resolve", tr("settle an unfinished action")},
      {"audit.list", tr("read the audit log")},
      {"audit.verify", tr("verify the audit log")},
      {"operators.add", tr("add an operator")},
      {"operators.disable", tr("disable an operator")},
      {"operators.list", tr("list the operators")},
      {"operators.reset_password", tr("reset a password")},
      {"operators.set_role", tr("change a role")},
      {"operators.unlock", tr("unlock an operator")},
      {"ticket.call", tr("put a call on a ticket")},
      {"ticket.close", tr("close a ticket")},
      {"ticket.correct_subscriber", tr("correct the subscriber")},
      {"ticket.hand_over", tr("hand a ticket over")},
      {"ticket.note", tr("write a note")},
      {"ticket.note_caller", tr("note who calls")},
      {"ticket.open", tr("open a ticket")},
      {"ticket.prioritise", tr("change the priority")},
      {"ticket.reopen", tr("reopen a ticket")},
      {"ticket.take", tr("take a ticket")},
      {"ticket.view", tr("see a ticket")},
      {"ticket.wait", tr("let a ticket wait")},
      {"verification.lift_lock", tr("lift a lock")},
  };
  return all;
}

const std::map<std::string, Text>& field_names() {
  static const std::map<std::string, Text> all = {
      {"action", tr("Action")},
      {"run", tr("Run")},
      {"outcome", tr("Outcome")},
      {"method", tr("Method")},
      {"level", tr("Level")},
      {"refusal", tr("Rule that refused")},
      {"count", tr("Count")},
      {"until", tr("Until")},
      {"operator_name", tr("Operator")},
      {"role", tr("Role")},
      {"plugin", tr("Plugin")},
      {"version", tr("Version")},
      {"channel", tr("Channel")},
      {"priority", tr("Priority")},
      {"cause", tr("Cause")},
      {"state", tr("State")},
      {"message_kind", tr("Kind of message")},
      {"message_id", tr("Message")},
      {"digest", tr("SHA-256")},
      {"session", tr("Session")},
      {"change_kind", tr("Kind of change")},
      {"query_kind", tr("Searched by")},
      {"approval", tr("Request")},
      {"execution", tr("Execution")},
      {"reason", tr("Reason")},
      {"note", tr("Note")},
      {"query", tr("Searched for")},
      {"ticket_number", tr("Ticket")},
      {"change", tr("Change")},
      {"number", tr("Number")},
      {"caller", tr("Caller")},
      {"detail", tr("Detail")},
      {"file", tr("File")},
      {"document", tr("Document")},
      {"address", tr("Address")},
      {"card_family", tr("Kind of card")},
      {"way", tr("Way")},
      {"key_version", tr("Key version")},
      {"kcv", tr("Key check value")},
      {"card_serial", tr("Card's serial number")},
  };
  return all;
}

std::string title_in(const std::map<std::string, Text>& titles, const std::string& id) {
  const auto found = titles.find(id);
  return found == titles.end() ? id : term(found->second);
}

}  // namespace

std::string term(const Text& title) { return term_mark + title.id; }

std::string_view term_of(std::string_view argument) {
  return !argument.empty() && argument.front() == term_mark ? argument.substr(1) : std::string_view();
}

Titles::Titles(const PluginCatalogue& plugins) {
  for (const LoadedPlugin& loaded : plugins.loaded)
    for (const sdk::Action& action : loaded.plugin.actions) {
      actions_.emplace(action.id, action.title);
      if (!action.verifies.empty()) methods_.emplace(action.verifies, action.title);
    }
}

std::string Titles::action(const std::string& id) const {
  return actions_.contains(id) ? title_in(actions_, id) : word(id);
}
std::string Titles::method(const std::string& id) const { return methods_.contains(id) ? title_in(methods_, id) : word(id); }
Text Titles::field(const std::string& name) {
  const auto found = field_names().find(name);
  return found == field_names().end() ? sdk::verbatim(name) : found->second;
}
std::string Titles::word(const std::string& id) { return title_in(words(), id); }

}  // namespace anahtar::core
