// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/mapping.h"

#include "core/result.h"

namespace anahtar::store {
namespace {

constexpr Kind integer = Kind::integer;
constexpr Kind text = Kind::text;
constexpr Kind sealed = Kind::sealed;

template <class Enum>
Enum enum_of(std::optional<Enum> value) {
  if (!value) throw core::FailureError({core::Code::not_intact, core::tr("The database holds a word that is not known.")});
  return *value;
}

const RowSpec site_spec("site", "id",
    {{"created", integer}});
const RowSpec device_spec("device", "id",
    {{"incarnation", integer}, {"public_key", text}, {"wrapped_master", text}, {"wrapped_index", text},
     {"enrolled", integer}});
const RowSpec operator_spec("operator", "id",
    {{"name", text}, {"display_name", text}, {"person", text}, {"role", text}, {"password_hash", text},
     {"must_change_password", integer}, {"disabled", integer}, {"failed_sign_ins", integer},
     {"locked_until", integer}, {"created", integer}});
const RowSpec sealing_key_spec("sealing_key", "owner",
    {{"wrapped", text}});
const RowSpec subscriber_spec("subscriber", "id",
    {{"pseudonym", text}, {"national_id_sealed", sealed}, {"given_names_sealed", sealed},
     {"surname_sealed", sealed}, {"mobile_sealed", sealed}, {"email_sealed", sealed}, {"birth_date_sealed", sealed},
     {"birth_place_sealed", sealed}, {"mother_name_sealed", sealed}, {"father_name_sealed", sealed},
     {"registry_province_sealed", sealed}, {"registry_district_sealed", sealed}, {"volume_number_sealed", sealed},
     {"family_number_sealed", sealed}, {"order_number_sealed", sealed}, {"document_serial_sealed", sealed},
     {"created", integer}});
const RowSpec portal_account_spec("portal_account", "subscriber",
    {{"security_word_hash", text}, {"failed_tries", integer}, {"blocked", integer}, {"blocked_at", integer}});
const RowSpec card_spec("card", "id",
    {{"subscriber", integer}, {"serial", text}, {"model", text}, {"state", text}, {"produced", text}});
const RowSpec certificate_spec("certificate", "id",
    {{"subscriber", integer}, {"card_serial", text}, {"serial", text}, {"state", text}, {"not_before", text},
     {"not_after", text}});
const RowSpec ticket_spec("ticket", "number",
    {{"id", text}, {"subscriber", integer}, {"state", text}, {"channel", text}, {"priority", text}, {"cause", text},
     {"assignee", integer}, {"owner", text}, {"call_number_sealed", sealed}, {"call_proven", integer},
     {"caller_is_sealed", sealed}, {"resolution_sealed", sealed}, {"opened", integer}, {"updated", integer},
     {"closed", integer}});
const RowSpec ticket_note_spec("ticket_note", "id",
    {{"ticket", integer}, {"author", text}, {"written", integer}, {"owner", text}, {"text_sealed", sealed}});
const RowSpec verification_spec("verification", "id",
    {{"ticket", integer}, {"subscriber", integer}, {"method", text}, {"level", integer}, {"granted", integer},
     {"expires", integer}, {"voided", integer}, {"granted_by", text}});
const RowSpec method_state_spec("method_state", "id",
    {{"subscriber", integer}, {"method", text}, {"failures", integer}, {"codes_sent", integer}, {"locked", integer}});
const RowSpec code_challenge_spec("code_challenge", "id",
    {{"ticket", integer}, {"subscriber", integer}, {"keyed_hash", text}, {"sent", integer}, {"expires", integer},
     {"tries_left", integer}, {"voided", integer}});
const RowSpec opening_spec("opening", "id",
    {{"ticket", integer}, {"subscriber", integer}, {"operator_id", integer}, {"until", integer}});
const RowSpec action_run_spec("action_run", "id",
    {{"action", text}, {"ticket", integer}, {"operator_id", integer}, {"started", integer}, {"ended", integer},
     {"outcome", text}, {"device", text}});
const RowSpec policy_version_spec("policy_version", "number",
    {{"sha256", text}, {"text", text}, {"applied", integer}, {"applied_by", text}});
const RowSpec approval_spec("approval", "number",
    {{"action", text}, {"ticket", integer}, {"subscriber", integer}, {"run", text}, {"verification", integer},
     {"requested_by", integer}, {"person", text}, {"role", text}, {"requested", integer}, {"expires", integer},
     {"state", text}, {"decided", integer}, {"decided_by", text}, {"execution", text}, {"owner", text},
     {"change_sealed", sealed}, {"sentence_sealed", sealed}, {"reason_sealed", sealed}});
const RowSpec cooling_off_spec("cooling_off", "subscriber",
    {{"since", integer}, {"until", integer}, {"action", text}, {"run", text}});
const RowSpec number_change_spec("number_change", "id",
    {{"subscriber", integer}, {"owner", text}, {"restores_sealed", sealed}, {"action", text}, {"at", integer},
     {"until", integer}, {"undone", integer}});
const RowSpec outbox_spec("outbox", "id",
    {{"kind", text}, {"channel", text}, {"subscriber", integer}, {"ticket", integer}, {"run", text}, {"device", text},
     {"state", text}, {"reason", text}, {"tries", integer}, {"next_try", integer}, {"deadline", integer},
     {"created", integer}, {"changed", integer}});
const RowSpec outbox_content_spec("outbox_content", "message",
    {{"subscriber", integer}, {"owner", text}, {"recipient_sealed", sealed}, {"subject_sealed", sealed},
     {"body_sealed", sealed}});
const RowSpec call_pin_spec("call_pin", "subscriber",
    {{"hash", text}, {"chosen", integer}});
const RowSpec call_back_spec("call_back", "id",
    {{"ticket", integer}, {"subscriber", integer}, {"owner", text}, {"number_sealed", sealed}, {"run", text},
     {"dialled", integer}, {"expires", integer}, {"answered", integer}, {"voided", integer}});
const RowSpec recording_spec("recording", "id",
    {{"ticket", integer}, {"subscriber", integer}, {"kind", text}, {"owner", text}, {"reference_sealed", sealed},
     {"file", text}, {"sha256", text}, {"bytes", integer}, {"milliseconds", integer}, {"attached", integer},
     {"attached_by", text}, {"of_this_call", integer}});
const RowSpec card_secret_spec("card_secret", "id",
    {{"subscriber", integer}, {"family", text}, {"owner", text}, {"card_serial_sealed", sealed}, {"kind", text},
     {"key_version", integer}, {"kcv", text}, {"spent", integer}, {"answers", integer}, {"added", integer},
     {"value_sealed", sealed}});
const RowSpec card_site_key_spec("card_site_key", "id",
    {{"kcv", text}, {"added", integer}, {"added_by", text}, {"owner", text}, {"value_sealed", sealed}});

}  // namespace

const std::vector<const RowSpec*>& row_specs() {
  static const std::vector<const RowSpec*> all = {
      &site_spec, &device_spec, &operator_spec, &sealing_key_spec,
      &subscriber_spec, &portal_account_spec, &card_spec, &certificate_spec,
      &ticket_spec, &ticket_note_spec, &verification_spec, &method_state_spec,
      &code_challenge_spec, &opening_spec, &action_run_spec, &policy_version_spec, &approval_spec,
      &cooling_off_spec, &outbox_spec, &outbox_content_spec, &call_pin_spec, &call_back_spec, &recording_spec,
      &number_change_spec, &card_secret_spec, &card_site_key_spec};
  return all;
}

template <>
const RowSpec& spec_of<core::CallPin>() {
  return call_pin_spec;
}
template <>
const RowSpec& spec_of<core::CallBack>() {
  return call_back_spec;
}
template <>
const RowSpec& spec_of<core::Recording>() {
  return recording_spec;
}
template <>
const RowSpec& spec_of<core::CardSecret>() {
  return card_secret_spec;
}
template <>
const RowSpec& spec_of<core::CardSiteKey>() {
  return card_site_key_spec;
}
template <>
const RowSpec& spec_of<SiteRow>() {
  return site_spec;
}
template <>
const RowSpec& spec_of<DeviceRow>() {
  return device_spec;
}
template <>
const RowSpec& spec_of<core::Operator>() {
  return operator_spec;
}
template <>
const RowSpec& spec_of<SealingKeyRow>() {
  return sealing_key_spec;
}
template <>
const RowSpec& spec_of<core::Subscriber>() {
  return subscriber_spec;
}
template <>
const RowSpec& spec_of<core::PortalAccount>() {
  return portal_account_spec;
}
template <>
const RowSpec& spec_of<core::Card>() {
  return card_spec;
}
template <>
const RowSpec& spec_of<core::Certificate>() {
  return certificate_spec;
}
template <>
const RowSpec& spec_of<core::Ticket>() {
  return ticket_spec;
}
template <>
const RowSpec& spec_of<core::TicketNote>() {
  return ticket_note_spec;
}
template <>
const RowSpec& spec_of<core::Verification>() {
  return verification_spec;
}
template <>
const RowSpec& spec_of<core::MethodState>() {
  return method_state_spec;
}
template <>
const RowSpec& spec_of<core::CodeChallenge>() {
  return code_challenge_spec;
}
template <>
const RowSpec& spec_of<core::Opening>() {
  return opening_spec;
}
template <>
const RowSpec& spec_of<core::ActionRunRow>() {
  return action_run_spec;
}
template <>
const RowSpec& spec_of<core::PolicyVersion>() {
  return policy_version_spec;
}
template <>
const RowSpec& spec_of<core::Approval>() {
  return approval_spec;
}
template <>
const RowSpec& spec_of<core::OutboxMessage>() {
  return outbox_spec;
}
template <>
const RowSpec& spec_of<core::MessageContent>() {
  return outbox_content_spec;
}
template <>
const RowSpec& spec_of<core::CoolingOff>() {
  return cooling_off_spec;
}

template <>
const RowSpec& spec_of<core::NumberChange>() {
  return number_change_spec;
}

std::string method_state_id(core::SubscriberId subscriber, std::string_view method) {
  return std::to_string(subscriber) + "/" + std::string(method);
}

void write(const SiteRow& value, RowWriter& row) {
  row.time(value.created);
}

void write(const DeviceRow& value, RowWriter& row) {
  row.integer(value.incarnation)
      .text(value.public_key)
      .text(value.wrapped_master)
      .text(value.wrapped_index)
      .time(value.enrolled);
}

void write(const core::Operator& value, RowWriter& row) {
  row.text(value.name)
      .text(value.display_name)
      .text(value.person)
      .text(to_string(value.role))
      .text(value.password_hash)
      .integer(value.must_change_password)
      .integer(value.disabled)
      .integer(value.failed_sign_ins)
      .time(value.locked_until)
      .time(value.created);
}

void write(const SealingKeyRow& value, RowWriter& row) {
  row.text(value.wrapped);
}

void write(const core::Subscriber& value, RowWriter& row) {
  row.owner()
      .sealed(value.national_id)
      .sealed(value.given_names)
      .sealed(value.surname)
      .sealed(value.mobile)
      .sealed(value.email)
      .sealed(value.civil.birth_date)
      .sealed(value.civil.birth_place)
      .sealed(value.civil.mother_name)
      .sealed(value.civil.father_name)
      .sealed(value.civil.registry_province)
      .sealed(value.civil.registry_district)
      .sealed(value.civil.volume_number)
      .sealed(value.civil.family_number)
      .sealed(value.civil.order_number)
      .sealed(value.civil.document_serial)
      .time(value.created);
}

void write(const core::PortalAccount& value, RowWriter& row) {
  row.text(value.security_word_hash)
      .integer(value.failed_tries)
      .integer(value.blocked)
      .time(value.blocked_at);
}

void write(const core::Card& value, RowWriter& row) {
  row.integer(value.subscriber)
      .text(value.serial)
      .text(value.model)
      .text(value.state)
      .text(value.produced);
}

void write(const core::Certificate& value, RowWriter& row) {
  row.integer(value.subscriber)
      .text(value.card_serial)
      .text(value.serial)
      .text(value.state)
      .text(value.not_before)
      .text(value.not_after);
}

void write(const core::Ticket& value, RowWriter& row) {
  row.text(value.id)
      .integer(value.subscriber)
      .text(to_string(value.state))
      .text(to_string(value.channel))
      .text(to_string(value.priority))
      .text(value.cause)
      .integer(value.assignee)
      .owner()
      .sealed(value.call_number)
      .integer(value.call_proven ? value.call_proven->time_since_epoch().count() : 0)
      .sealed(value.caller_is)
      .sealed(value.resolution)
      .time(value.opened)
      .time(value.updated)
      .time(value.closed);
}

void write(const core::TicketNote& value, RowWriter& row) {
  row.integer(value.ticket)
      .text(value.author)
      .time(value.at)
      .owner()
      .sealed(value.text);
}

void write(const core::Verification& value, RowWriter& row) {
  row.integer(value.ticket)
      .integer(value.subscriber)
      .text(value.method)
      .integer(value.level)
      .time(value.granted)
      .time(value.expires)
      .integer(value.voided)
      .text(value.granted_by);
}

void write(const core::MethodState& value, RowWriter& row) {
  row.integer(value.subscriber)
      .text(value.method)
      .integer(value.failures)
      .integer(value.codes_sent)
      .integer(value.locked);
}

void write(const core::CodeChallenge& value, RowWriter& row) {
  row.integer(value.ticket)
      .integer(value.subscriber)
      .text(value.keyed_hash)
      .time(value.sent)
      .time(value.expires)
      .integer(value.tries_left)
      .integer(value.voided);
}

void write(const core::Opening& value, RowWriter& row) {
  row.integer(value.ticket)
      .integer(value.subscriber)
      .integer(value.operator_id)
      .time(value.until);
}

void write(const core::ActionRunRow& value, RowWriter& row) {
  row.text(value.action)
      .integer(value.ticket)
      .integer(value.operator_id)
      .time(value.started)
      .time(value.ended)
      .text(value.outcome)
      .text(value.device);
}

void write(const core::PolicyVersion& value, RowWriter& row) {
  row.text(value.sha256)
      .text(value.text)
      .time(value.applied)
      .text(value.applied_by);
}

void write(const core::Approval& value, RowWriter& row) {
  row.text(value.action)
      .integer(value.ticket)
      .integer(value.subscriber)
      .text(value.run)
      .integer(value.verification)
      .integer(value.requested_by)
      .text(value.person)
      .text(to_string(value.role))
      .time(value.requested)
      .time(value.expires)
      .text(value.state)
      .time(value.decided)
      .text(value.decided_by)
      .text(value.execution)
      .owner()
      .sealed(value.change)
      .sealed(value.sentence)
      .sealed(value.reason);
}

void write(const core::CoolingOff& value, RowWriter& row) {
  row.time(value.since)
      .time(value.until)
      .text(value.action)
      .text(value.run);
}

void write(const core::NumberChange& value, RowWriter& row) {
  row.integer(value.subscriber)
      .owner()
      .sealed(value.restores)
      .text(value.action)
      .time(value.at)
      .time(value.until)
      .time(value.undone);
}

void write(const core::OutboxMessage& value, RowWriter& row) {
  row.text(value.kind)
      .text(to_string(value.channel))
      .integer(value.subscriber)
      .integer(value.ticket)
      .text(value.run)
      .text(value.device)
      .text(to_string(value.state))
      .text(value.reason)
      .integer(value.tries)
      .time(value.next_try)
      .time(value.deadline)
      .time(value.created)
      .time(value.changed);
}

void write(const core::MessageContent& value, RowWriter& row) {
  row.integer(value.subscriber).owner().sealed(value.to).sealed(value.subject).sealed(value.body.expose());
}

void write(const core::CallPin& value, RowWriter& row) { row.text(value.hash).time(value.chosen); }

void write(const core::CallBack& value, RowWriter& row) {
  row.integer(value.ticket)
      .integer(value.subscriber)
      .owner()
      .sealed(value.number)
      .text(value.run)
      .time(value.dialled)
      .time(value.expires)
      .time(value.answered)
      .integer(value.voided);
}

void write(const core::CardSecret& value, RowWriter& row) {
  row.integer(value.subscriber)
      .text(value.family)
      .owner()
      .sealed(value.card_serial)
      .text(value.kind)
      .integer(value.key_version)
      .text(value.kcv)
      .integer(value.spent)
      .integer(value.answers)
      .time(value.added)
      .sealed(value.value.expose());
}

void write(const core::CardSiteKey& value, RowWriter& row) {
  row.text(value.kcv).time(value.added).text(value.added_by).owner().sealed(value.value.expose());
}

void write(const core::Recording& value, RowWriter& row) {
  row.integer(value.ticket)
      .integer(value.subscriber)
      .text(value.kind)
      .owner()
      .sealed(value.reference)
      .text(value.file)
      .text(value.sha256)
      .integer(value.bytes)
      .integer(value.milliseconds)
      .time(value.attached)
      .text(value.attached_by)
      .integer(value.of_this_call);
}

void read(DeviceRow& value, RowReader& row) {
  value.id = row.text();
  value.incarnation = row.integer();
  value.public_key = row.text();
  value.wrapped_master = row.text();
  value.wrapped_index = row.text();
  value.enrolled = row.time();
}

void read(core::Operator& value, RowReader& row) {
  value.id = row.integer();
  value.name = row.text();
  value.display_name = row.text();
  value.person = row.text();
  value.role = enum_of(core::role_from(row.text()));
  value.password_hash = row.text();
  value.must_change_password = row.boolean();
  value.disabled = row.boolean();
  value.failed_sign_ins = row.small();
  value.locked_until = row.optional_time();
  value.created = row.time();
}

void read(core::Subscriber& value, RowReader& row) {
  value.id = row.integer();
  value.pseudonym = row.owner();
  value.national_id = row.sealed();
  value.given_names = row.sealed();
  value.surname = row.sealed();
  value.mobile = row.sealed();
  value.email = row.sealed();
  value.civil.birth_date = row.sealed();
  value.civil.birth_place = row.sealed();
  value.civil.mother_name = row.sealed();
  value.civil.father_name = row.sealed();
  value.civil.registry_province = row.sealed();
  value.civil.registry_district = row.sealed();
  value.civil.volume_number = row.sealed();
  value.civil.family_number = row.sealed();
  value.civil.order_number = row.sealed();
  value.civil.document_serial = row.sealed();
  value.created = row.time();
}

void read(core::PortalAccount& value, RowReader& row) {
  value.subscriber = row.integer();
  value.security_word_hash = row.text();
  value.failed_tries = row.small();
  value.blocked = row.boolean();
  value.blocked_at = row.optional_time();
}

void read(core::Card& value, RowReader& row) {
  value.id = row.integer();
  value.subscriber = row.integer();
  value.serial = row.text();
  value.model = row.text();
  value.state = row.text();
  value.produced = row.text();
}

void read(core::Certificate& value, RowReader& row) {
  value.id = row.integer();
  value.subscriber = row.integer();
  value.card_serial = row.text();
  value.serial = row.text();
  value.state = row.text();
  value.not_before = row.text();
  value.not_after = row.text();
}

void read(core::Ticket& value, RowReader& row) {
  value.number = row.integer();
  value.id = row.text();
  value.subscriber = row.optional_integer();
  value.state = enum_of(core::ticket_state_from(row.text()));
  value.channel = enum_of(core::channel_from(row.text()));
  value.priority = enum_of(core::priority_from(row.text()));
  value.cause = row.text();
  value.assignee = row.optional_integer();
  row.owner();
  value.call_number = row.sealed();
  if (const auto proven = row.time(); proven != core::Time{}) value.call_proven = proven;
  value.caller_is = row.sealed();
  value.resolution = row.sealed();
  value.opened = row.time();
  value.updated = row.time();
  value.closed = row.optional_time();
}

void read(core::TicketNote& value, RowReader& row) {
  value.id = row.integer();
  value.ticket = row.integer();
  value.author = row.text();
  value.at = row.time();
  row.owner();
  value.text = row.sealed();
}

void read(core::Verification& value, RowReader& row) {
  value.id = row.integer();
  value.ticket = row.integer();
  value.subscriber = row.integer();
  value.method = row.text();
  value.level = row.small();
  value.granted = row.time();
  value.expires = row.time();
  value.voided = row.boolean();
  value.granted_by = row.text();
}

void read(core::MethodState& value, RowReader& row) {
  row.text();
  value.subscriber = row.integer();
  value.method = row.text();
  value.failures = row.small();
  value.codes_sent = row.small();
  value.locked = row.boolean();
}

void read(core::CodeChallenge& value, RowReader& row) {
  value.id = row.integer();
  value.ticket = row.integer();
  value.subscriber = row.integer();
  value.keyed_hash = row.text();
  value.sent = row.time();
  value.expires = row.time();
  value.tries_left = row.small();
  value.voided = row.boolean();
}

void read(core::Opening& value, RowReader& row) {
  value.id = row.integer();
  value.ticket = row.integer();
  value.subscriber = row.integer();
  value.operator_id = row.integer();
  value.until = row.time();
}

void read(core::ActionRunRow& value, RowReader& row) {
  value.id = row.text();
  value.action = row.text();
  value.ticket = row.integer();
  value.operator_id = row.integer();
  value.started = row.time();
  value.ended = row.optional_time();
  value.outcome = row.text();
  value.device = row.text();
}

void read(core::PolicyVersion& value, RowReader& row) {
  value.number = row.integer();
  value.sha256 = row.text();
  value.text = row.text();
  value.applied = row.time();
  value.applied_by = row.text();
}

void read(core::Approval& value, RowReader& row) {
  value.number = row.integer();
  value.action = row.text();
  value.ticket = row.integer();
  value.subscriber = row.integer();
  value.run = row.text();
  value.verification = row.integer();
  value.requested_by = row.integer();
  value.person = row.text();
  value.role = enum_of(core::role_from(row.text()));
  value.requested = row.time();
  value.expires = row.time();
  value.state = row.text();
  value.decided = row.optional_time();
  value.decided_by = row.text();
  value.execution = row.text();
  row.owner();
  value.change = row.sealed();
  value.sentence = row.sealed();
  value.reason = row.sealed();
}

void read(core::CoolingOff& value, RowReader& row) {
  value.subscriber = row.integer();
  value.since = row.time();
  value.until = row.time();
  value.action = row.text();
  value.run = row.text();
}

void read(core::NumberChange& value, RowReader& row) {
  value.id = row.integer();
  value.subscriber = row.integer();
  row.owner();
  value.restores = row.sealed();
  value.action = row.text();
  value.at = row.time();
  value.until = row.time();
  value.undone = row.optional_time();
}

void read(core::OutboxMessage& value, RowReader& row) {
  value.id = row.text();
  value.kind = row.text();
  value.channel = enum_of(core::message_channel_from(row.text()));
  value.subscriber = row.integer();
  value.ticket = row.integer();
  value.run = row.text();
  value.device = row.text();
  value.state = enum_of(core::message_state_from(row.text()));
  value.reason = row.text();
  value.tries = row.small();
  value.next_try = row.time();
  value.deadline = row.time();
  value.created = row.time();
  value.changed = row.time();
}

void read(core::MessageContent& value, RowReader& row) {
  value.message = row.text();
  value.subscriber = row.integer();
  row.owner();
  value.to = row.sealed();
  value.subject = row.sealed();
  value.body = sdk::Secret(row.sealed());
}

void read(core::CallPin& value, RowReader& row) {
  value.subscriber = row.integer();
  value.hash = row.text();
  value.chosen = row.time();
}

void read(core::CallBack& value, RowReader& row) {
  value.id = row.text();
  value.ticket = row.integer();
  value.subscriber = row.integer();
  row.owner();
  value.number = row.sealed();
  value.run = row.text();
  value.dialled = row.time();
  value.expires = row.time();
  value.answered = row.optional_time();
  value.voided = row.boolean();
}

void read(core::CardSecret& value, RowReader& row) {
  value.id = row.integer();
  value.subscriber = row.integer();
  value.family = row.text();
  row.owner();
  value.card_serial = row.sealed();
  value.kind = row.text();
  value.key_version = static_cast<int>(row.integer());
  value.kcv = row.text();
  value.spent = row.boolean();
  value.answers = static_cast<int>(row.integer());
  value.added = row.time();
  value.value = sdk::Secret(row.sealed());
}

void read(core::CardSiteKey& value, RowReader& row) {
  value.key_version = row.integer();
  value.kcv = row.text();
  value.added = row.time();
  value.added_by = row.text();
  row.owner();
  value.value = sdk::Secret(row.sealed());
}

void read(core::Recording& value, RowReader& row) {
  value.id = row.integer();
  value.ticket = row.integer();
  value.subscriber = row.integer();
  value.kind = row.text();
  row.owner();
  value.reference = row.sealed();
  value.file = row.text();
  value.sha256 = row.text();
  value.bytes = row.integer();
  value.milliseconds = row.integer();
  value.attached = row.time();
  value.attached_by = row.text();
  value.of_this_call = row.boolean();
}

}  // namespace anahtar::store
