// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/memory_store.h"

namespace anahtar::testing {
using namespace core;

std::string fictional_national_id(std::uint32_t number) {
  std::string id = std::to_string(number);
  id = "1" + std::string(8 - std::min<std::size_t>(id.size(), 8), '0') + id;
  const auto digit = [&](int i) { return id[static_cast<std::size_t>(i)] - '0'; };
  const int odd = digit(0) + digit(2) + digit(4) + digit(6) + digit(8);
  const int even = digit(1) + digit(3) + digit(5) + digit(7);
  const int tenth = ((7 * odd - even) % 10 + 10) % 10;
  id += static_cast<char>('0' + tenth);
  id += static_cast<char>('0' + (odd + even + tenth) % 10);
  return id;
}

namespace {

class Filler {
 public:
  Filler(Transaction& tx, Vault& vault, Time now) : tx_(tx), vault_(vault), now_(now) {}

  Operator add_operator(const char* name, const char* display_name, Role role) {
    Operator value;
    value.name = name;
    value.display_name = display_name;
    value.person = vault_.random_id();
    value.role = role;
    value.password_hash = vault_.hash_password(Secret(demo_password));
    value.created = now_;
    tx_.save(value);
    return value;
  }

  SubscriberId add_subscriber(std::uint32_t number, const char* given, const char* surname, const char* mobile,
                              const char* email, const CivilRecord& civil = {}) {
    Subscriber value;
    value.national_id = fictional_national_id(number);
    value.given_names = given;
    value.surname = surname;
    value.mobile = mobile;
    value.email = email;
    value.civil = civil;
    value.created = now_;
    tx_.save(value);
    PortalAccount account;
    account.subscriber = value.id;
    account.security_word_hash = vault_.hash_password(Secret("hayal ürünü"));
    tx_.save(account);
    return value.id;
  }

  void block(SubscriberId subscriber) {
    PortalAccount account = *tx_.portal_account(subscriber);
    account.failed_tries = 3;
    account.blocked = true;
    account.blocked_at = now_ - std::chrono::hours{1};
    tx_.save(account);
  }

  void add_card(SubscriberId subscriber) {
    Card card{.subscriber = subscriber, .serial = "KART-0000-0001", .model = "AKİS", .state = "active",
              .produced = "2024-05-06"};
    tx_.save(card);
    Certificate certificate{.subscriber = subscriber, .card_serial = card.serial, .serial = "00A1B2C3",
                            .state = "active", .not_before = "2024-05-06", .not_after = "2027-05-06"};
    tx_.save(certificate);
  }

  TicketNumber add_ticket(SubscriberId subscriber, const char* cause, std::optional<OperatorId> assignee) {
    Ticket ticket;
    ticket.subscriber = subscriber;
    ticket.cause = cause;
    ticket.assignee = assignee;
    ticket.opened = ticket.updated = now_;
    tx_.save(ticket);
    return ticket.number;
  }

  void close(TicketNumber number) {
    Ticket ticket = *tx_.ticket(number);
    ticket.state = TicketState::closed;
    ticket.resolution = "Solved.";
    ticket.closed = now_;
    tx_.save(ticket);
  }

 private:
  Transaction& tx_;
  Vault& vault_;
  Time now_;
};

CivilRecord full_record() {
  return {.birth_date = "1985-04-23", .birth_place = "Iğdır", .mother_name = "Gülşen", .father_name = "İbrahim",
          .registry_province = "Iğdır", .registry_district = "Tuzluca", .volume_number = "12", .family_number = "345",
          .order_number = "67", .document_serial = "A00B00001"};
}

void fill(Filler&& filler, Demo& demo) {
  demo.operator_ = filler.add_operator("ada", "Ada Operatör", Role::operator_);
  demo.other_operator = filler.add_operator("bora", "Bora Operatör", Role::operator_);
  demo.supervisor = filler.add_operator("selin", "Selin Süpervizör", Role::supervisor);
  demo.field = filler.add_operator("fatma", "Fatma Saha", Role::field);
  demo.administrator = filler.add_operator("yusuf", "Yusuf Yönetici", Role::administrator);

  demo.blocked = filler.add_subscriber(1, "Işık İnci", "Örnek", "+905000000001", "isik@ornek.example", full_record());
  filler.block(demo.blocked);
  filler.add_card(demo.blocked);
  demo.active = filler.add_subscriber(2, "Çağrı", "Deneme", "+905000000002", "cagri@ornek.example", full_record());
  demo.no_phone = filler.add_subscriber(3, "Ümit", "Kurmaca", "", "");
  demo.shared_a = filler.add_subscriber(4, "Gül", "Masal", "+905000000004", "gul@ornek.example");
  demo.shared_b = filler.add_subscriber(5, "Ege", "Masal", "+905000000004", "ege@ornek.example");

  demo.open = filler.add_ticket(demo.blocked, "password_blocked", {});
  demo.taken = filler.add_ticket(demo.active, "security_word_forgotten", demo.operator_.id);
  demo.closed = filler.add_ticket(demo.active, "other", demo.operator_.id);
  filler.close(demo.closed);
}

}  // namespace

Demo fill_demo(Writer& writer, Vault& vault, Time now) {
  Demo demo;
  const auto filled = writer.commit([&](Transaction& tx) -> Result<void> {
    tx.record({.type = record_type::site_created, .actor = {}, .role = {}, .ticket = {}, .subject = {}});
    fill(Filler(tx, vault, now), demo);
    return {};
  });
  if (!filled) throw FailureError(filled.error());
  return demo;
}

}  // namespace anahtar::testing
