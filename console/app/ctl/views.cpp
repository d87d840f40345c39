// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/views.h"

#include <fmt/format.h>

#include "app/ctl/table.h"
#include "app/ctl/terminal.h"
#include "app/labels.h"

namespace anahtar::app::ctl {
namespace {

Json optional_time(const std::optional<core::Time>& time) { return time ? Json(utc_time(*time)) : Json(nullptr); }

template <class T>
Json optional_number(const std::optional<T>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json rows_json(const core::SubscriberView& view) {
  auto rows = Json::object();
  for (const auto& row : view.rows) rows[row.id] = {{"value", row.value}, {"masked", row.masked}};
  return rows;
}

Json cards_json(const core::SubscriberView& view) {
  auto cards = Json::array();
  for (const auto& card : view.cards)
    cards.push_back({{"serial", card.serial}, {"model", card.model}, {"state", card.state}, {"produced", card.produced}});
  return cards;
}

Json certificates_json(const core::SubscriberView& view) {
  auto list = Json::array();
  for (const auto& certificate : view.certificates)
    list.push_back({{"serial", certificate.serial},
                    {"card_serial", certificate.card_serial},
                    {"state", certificate.state},
                    {"not_before", certificate.not_before},
                    {"not_after", certificate.not_after}});
  return list;
}

Json timeline_json(const core::TicketView& view) {
  auto list = Json::array();
  for (const auto& event : view.timeline)
    list.push_back({{"at", utc_time(event.at)},
                    {"who", event.who},
                    {"type", event.type},
                    {"what", shown(event.what)},
                    {"text", event.text},
                    {"since", shown(event.since)}});
  return list;
}

Json messages_json(const core::TicketView& view) {
  auto list = Json::array();
  for (const auto& message : view.messages) list.push_back(to_json(message));
  return list;
}

std::string line(const std::string& label, const std::string& value) {
  return terminal::harmless(label + ": " + value) + '\n';
}

std::string verification_line(const core::VerificationStatus& status, core::Time now) {
  auto text = shown(status.sentence);
  if (status.expires && *status.expires > now) {
    const auto left = std::chrono::floor<std::chrono::seconds>(*status.expires - now).count();
    text += " · " + say("{1} left", fmt::format("{}:{:02}", left / 60, left % 60));
  }
  return line(say("Caller"), text);
}

std::string timeline_text(const core::TicketView& view) {
  std::string out = '\n' + say("Timeline") + '\n';
  for (const auto& event : view.timeline) {
    const auto who = event.who.empty() ? "" : event.who + ": ";
    const auto since = event.since.empty() ? "" : " · " + shown(event.since);
    out += "  " + terminal::harmless(local_time(event.at) + "  " + who + shown(event.what) + since) + '\n';
    if (!event.text.empty()) out += "    " + terminal::harmless(event.text) + '\n';
  }
  return out;
}

}  // namespace

Json to_json(const core::SubscriberLine& line) {
  return {{"id", line.id},
          {"name", line.name},
          {"national_id", line.national_id},
          {"mobile", line.mobile},
          {"blocked", line.blocked},
          {"open_ticket", optional_number(line.open_ticket)}};
}

Json to_json(const core::SubscriberView& view) {
  return {{"id", view.id},
          {"name", view.name},
          {"mobile", view.mobile},
          {"data", rows_json(view)},
          {"portal", {{"blocked", view.blocked},
                      {"failed_tries", view.failed_tries},
                      {"blocked_at", optional_time(view.blocked_at)}}},
          {"cards", cards_json(view)},
          {"certificates", certificates_json(view)},
          {"opened_until", optional_time(view.opened_until)}};
}

Json to_json(const core::VerificationStatus& status) {
  return {{"level", status.level},
          {"method", status.method},
          {"expires", optional_time(status.expires)},
          {"impossible", status.impossible},
          {"locked_methods", status.locked_methods},
          {"sentence", shown(status.sentence)}};
}

Json to_json(const core::TicketLine& line) {
  return {{"number", line.number},
          {"subscriber", line.subscriber},
          {"cause", shown(line.cause)},
          {"state", core::to_string(line.state)},
          {"priority", core::to_string(line.priority)},
          {"channel", core::to_string(line.channel)},
          {"assignee", line.assignee},
          {"mine", line.mine},
          {"unfinished", line.unfinished},
          {"recording_missing", line.recording_missing},
          {"opened", utc_time(line.opened)},
          {"updated", utc_time(line.updated)}};
}

Json to_json(const core::TicketView& view) {
  const auto& ticket = view.ticket;
  return {{"number", ticket.number},
          {"state", core::to_string(ticket.state)},
          {"priority", core::to_string(ticket.priority)},
          {"channel", core::to_string(ticket.channel)},
          {"cause", ticket.cause},
          {"assignee", view.assignee},
          {"call", view.call},
          {"call_proven", ticket.call_proven.has_value()},
          {"call_is_registered_mobile", view.call_is_registered_mobile},
          {"caller_is", ticket.caller_is},
          {"resolution", ticket.resolution},
          {"opened", utc_time(ticket.opened)},
          {"closed", optional_time(ticket.closed)},
          {"subscriber", view.subscriber ? to_json(*view.subscriber) : Json(nullptr)},
          {"verification", to_json(view.verification)},
          {"timeline", timeline_json(view)},
          {"messages", messages_json(view)}};
}

Json to_json(const core::MessageStatus& message) {
  return {{"id", message.id},
          {"kind", message.kind},
          {"channel", core::to_string(message.channel)},
          {"ticket", message.ticket},
          {"state", core::to_string(message.state)},
          {"retry_in", message.retry_in ? Json(message.retry_in->count()) : Json()},
          {"changed", utc_time(message.changed)},
          {"sentence", shown(message.sentence)}};
}

Json to_json(const core::AuditRow& row, const core::Text& sentence) {
  auto fields = Json::object();
  for (const auto& [name, value] : row.fields) fields[name] = value;
  return {{"device", row.device},
          {"incarnation", row.incarnation},
          {"seq", row.seq},
          {"time", utc_time(row.time)},
          {"type", row.type},
          {"actor", row.actor},
          {"role", row.role},
          {"ticket", optional_number(row.ticket)},
          {"subscriber", optional_number(row.subscriber)},
          {"sentence", shown(sentence)},
          {"fields", fields}};
}

Json to_json(const core::AuditReport& report) {
  auto notes = Json::array();
  for (const auto& note : report.notes) notes.push_back(shown(note));
  return {{"verdict", core::to_string(report.verdict)},
          {"sentence", shown(report.sentence)},
          {"first_bad", report.first_bad},
          {"entries", report.entries},
          {"unfinished", report.unfinished},
          {"notes", notes}};
}

std::string text_of(const core::CardLine& card) {
  const std::string name = card.model.empty() ? card.serial : card.serial + " " + card.model;
  return fmt::format("{} {} {}", name, card.state, card.produced.empty() ? say("production date not known") : card.produced);
}

std::string text_of(const core::SubscriberView& view) {
  std::string out = line(say("Subscriber"), fmt::format("#{} {}", view.id, view.name));
  for (const auto& row : view.rows) out += line(shown(row.label), row.value);
  out += line(say("Portal"), view.blocked ? say("blocked after {1} wrong entries", std::to_string(view.failed_tries))
                                          : say("active"));
  for (const auto& card : view.cards)
    out += line(say("Card"), text_of(card));
  for (const auto& certificate : view.certificates)
    out += line(say("Certificate"), fmt::format("{} {} {}–{}", certificate.serial, certificate.state,
                                                certificate.not_before, certificate.not_after));
  return out;
}

std::string text_of(const core::TicketView& view, core::Time now) {
  const auto& ticket = view.ticket;
  std::string out = line(say("Ticket"), fmt::format("{} · {} · {} · {} · {}", ticket.number, shown(view.cause),
                                                    shown(label(ticket.state)), shown(label(ticket.priority)),
                                                    shown(label(ticket.channel))));
  out += line(say("Assigned to"), view.assignee.empty() ? say("nobody") : view.assignee);
  if (!view.call.empty())
    out += line(say("Call from"),
                view.call + (view.call_is_registered_mobile ? " · " + say("the registered mobile") : ""));
  if (!ticket.caller_is.empty()) out += line(say("Calls for the holder"), ticket.caller_is);
  if (view.not_holder_on)
    out += say("Within the last day somebody else was calling for this subscriber (ticket {1}). Be sure who is speaking.",
               std::to_string(*view.not_holder_on)) + "\n";
  out += verification_line(view.verification, now);
  if (!ticket.resolution.empty()) out += line(say("Resolution"), ticket.resolution);
  out += '\n' + (view.subscriber ? text_of(*view.subscriber) : say("No subscriber yet.") + "\n");
  return out + timeline_text(view);
}

Json to_json(const core::ImportReport& report) {
  auto bad = Json::array();
  for (const auto& row : report.bad) bad.push_back({{"line", row.line}, {"reason", shown(row.reason)}});
  Json json{{"rows", report.rows},           {"added", report.added},         {"updated", report.updated},
            {"unchanged", report.unchanged}, {"bad_count", report.bad_count}, {"bad", bad}};
  if (report.broken_off) json["broken_off"] = shown(report.broken_off->sentence);
  return json;
}

int end_of_import(const core::ImportReport& report) {
  if (!report.broken_off) return report.bad_count > 0 ? Exit::refused : Exit::done;
  terminal::tell(say("The rest of the file was not read: {1} What is counted is in; import the file once more for the rest.",
                     shown(report.broken_off->sentence)));
  return Exit::refused;
}

}  // namespace anahtar::app::ctl
