// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model.h"

#include <array>
#include <utility>

#include "core/ports.h"

namespace anahtar::core {
namespace {

/// The one table of an enumeration's names, read in both directions.
template <class Enum, std::size_t n>
using Names = std::array<std::pair<Enum, std::string_view>, n>;

constexpr Names<Role, 4> role_names{{{Role::operator_, "operator"},
                                     {Role::supervisor, "supervisor"},
                                     {Role::field, "field"},
                                     {Role::administrator, "administrator"}}};
constexpr Names<TicketState, 3> state_names{
    {{TicketState::open, "open"}, {TicketState::waiting, "waiting"}, {TicketState::closed, "closed"}}};
constexpr Names<Channel, 4> channel_names{
    {{Channel::call, "call"}, {Channel::desk, "desk"}, {Channel::email, "email"}, {Channel::other, "other"}}};
constexpr Names<Priority, 4> priority_names{
    {{Priority::low, "low"}, {Priority::normal, "normal"}, {Priority::high, "high"}, {Priority::urgent, "urgent"}}};
constexpr Names<MessageChannel, 2> message_channel_names{{{MessageChannel::sms, "sms"}, {MessageChannel::mail, "mail"}}};
constexpr Names<MessageState, 6> message_state_names{{{MessageState::queued, "queued"},
                                                      {MessageState::sending, "sending"},
                                                      {MessageState::sent, "sent"},
                                                      {MessageState::delivered, "delivered"},
                                                      {MessageState::failed, "failed"},
                                                      {MessageState::unknown, "unknown"}}};
constexpr Names<Verdict, 5> verdict_names{{{Verdict::intact, "intact"},
                                           {Verdict::tampered, "tampered"},
                                           {Verdict::incomplete, "incomplete"},
                                           {Verdict::forked, "forked"},
                                           {Verdict::unverifiable, "unverifiable"}}};

template <class Enum, std::size_t n>
std::string_view name_of(const Names<Enum, n>& names, Enum value) {
  for (const auto& [candidate, name] : names)
    if (candidate == value) return name;
  return "";
}

template <class Enum, std::size_t n>
std::optional<Enum> value_of(const Names<Enum, n>& names, std::string_view wanted) {
  for (const auto& [value, name] : names)
    if (name == wanted) return value;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Role value) { return name_of(role_names, value); }
std::string_view to_string(TicketState value) { return name_of(state_names, value); }
std::string_view to_string(Channel value) { return name_of(channel_names, value); }
std::string_view to_string(Priority value) { return name_of(priority_names, value); }
std::string_view to_string(MessageChannel value) { return name_of(message_channel_names, value); }
std::string_view to_string(MessageState value) { return name_of(message_state_names, value); }
std::string_view to_string(Verdict value) { return name_of(verdict_names, value); }
std::optional<Role> role_from(std::string_view name) { return value_of(role_names, name); }
std::optional<TicketState> ticket_state_from(std::string_view name) { return value_of(state_names, name); }
std::optional<Channel> channel_from(std::string_view name) { return value_of(channel_names, name); }
std::optional<Priority> priority_from(std::string_view name) { return value_of(priority_names, name); }
std::optional<MessageChannel> message_channel_from(std::string_view name) {
  return value_of(message_channel_names, name);
}
std::optional<MessageState> message_state_from(std::string_view name) { return value_of(message_state_names, name); }

}  // namespace anahtar::core
