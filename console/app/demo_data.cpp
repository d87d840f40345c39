// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo_data.h"

#include <sstream>

namespace anahtar::app {
namespace {

using core::Session;
using sdk::Secret;
using sdk::tr;

constexpr DemoAccount accounts[] = {
    {"admin", "Deniz Yönetici", core::Role::administrator},
    {"operator", "Umut Operatör", core::Role::operator_},
    {"operator2", "Ilgaz Operatör", core::Role::operator_},
    {"supervisor", "Derya Süpervizör", core::Role::supervisor},
    {"field", "Toprak Saha", core::Role::field},
};

// "Örnek", "Deneme" and the like mean "example" and "trial"; +90 500 000 is assigned to nobody.
constexpr char subscribers[] =
    "national_id,given_names,surname,mobile,email,birth_date,birth_place,mother_name,father_name,registry_province,"
    "registry_district,volume_number,family_number,order_number,document_serial,card_serial,portal_blocked\n"
    "10000000146,Ayşe,Örnek,+905000000001,ayse@ornek.example,1980-05-01,Ankara,Fatma,Mehmet,Ankara,Çankaya,12,345,6,"
    "A01B23456,DEMO-0001,1\n"
    "10000000214,İsmail Işık,Deneme,+905000000002,ismail@deneme.example,1975-11-23,Iğdır,Hatice,Ali,Iğdır,Merkez,3,88,"
    "14,A02B34567,DEMO-0002,1\n"
    "10000000382,Zeynep,Örnek,+905000000003,zeynep@ornek.example,1991-02-14,İzmir,Emine,Hasan,İzmir,Konak,45,1203,2,"
    "A03C45678,DEMO-0003,0\n"
    "10000000450,Çağrı,Kurgu,+905000000004,cagri@kurgu.example,1988-08-30,Şanlıurfa,Gülsüm,Ömer,Şanlıurfa,Eyyübiye,7,"
    "512,33,A04D56789,DEMO-0004,0\n"
    "10000000528,Ümit,Hayali,+905000000005,umit@hayali.example,1969-01-09,Muğla,Şükran,İbrahim,Muğla,Bodrum,19,77,5,"
    "A05E67890,DEMO-0005,1\n"
    "10000000696,Irmak,Deneme,+905000000006,irmak@deneme.example,1999-06-18,Ordu,Öznur,Uğur,Ordu,Ünye,21,640,9,"
    "A06F78901,DEMO-0006,0\n"
    "10000000764,Ayşe,Masal,+905000000007,ayse@masal.example,1984-12-03,Bolu,Nermin,Yaşar,Bolu,Göynük,2,301,27,"
    "A07G89012,DEMO-0007,0\n"
    "10000000832,Oğuz,Kurgu,+905000000008,oguz@kurgu.example,1979-09-12,Çorum,Sevim,Şaban,Çorum,Sungurlu,16,94,11,"
    "A08H90123,DEMO-0008,0\n"
    "10000000900,Sıla Nur,Hayali,+905000000009,sila@hayali.example,2001-04-25,Rize,Gönül,Çetin,Rize,Çayeli,8,215,4,"
    "A09I01234,DEMO-0009,0\n"
    "10000001068,Kemal,Masal,+905000000010,kemal@masal.example,1966-10-29,Edirne,Ayten,Rıza,Edirne,Keşan,31,42,18,"
    "A10J12345,DEMO-0010,0\n"
    "10000001136,Nazlı,Misal,+905000000011,nazli@misal.example,1995-03-08,Artvin,İnci,Tuğrul,Artvin,Arhavi,5,777,1,"
    "A11K23456,DEMO-0011,0\n"
    // Married to the one above and on the same line: a call from it must be asked about, not guessed.
    "10000001204,Barış,Misal,+905000000011,baris@misal.example,1993-07-20,Artvin,Meral,Şener,Artvin,Arhavi,5,777,2,"
    "A12L34567,DEMO-0012,0\n";

Session signed_in(core::Services& desk, const char* name, const char* password) {
  return value_or_throw(desk.sign_in.sign_in(name, Secret(password)));
}

void add_accounts(core::Services& desk, const Session& administrator) {
  static constexpr char first_password[] = "change-me-first";
  for (const auto& account : std::span(accounts).subspan(1)) {
    core::NewOperator wanted{account.name, account.display_name, {}, account.role};
    value_or_throw(desk.operators.add(administrator, wanted, Secret(first_password)));
    const auto session = signed_in(desk, account.name, first_password);
    const auto changed =
        value_or_throw(desk.sign_in.change_password(session, Secret(first_password), Secret(demo_password)));
    value_or_throw(desk.sign_in.sign_out(changed));
  }
}

void add_subscribers(core::Services& desk, const Session& administrator) {
  std::istringstream csv(subscribers);
  const auto report = value_or_throw(desk.import.run(administrator, csv, "demo.csv", [](auto) { return true; }));
  if (report.bad_count > 0)
    throw core::FailureError({core::Code::internal, tr("The demo's subscribers were not all accepted.")});
}

core::SubscriberId by_mobile(core::Services& desk, const Session& session, const char* mobile) {
  const auto found = value_or_throw(desk.directory.find(session, mobile, 1));
  if (found.empty()) throw core::FailureError({core::Code::internal, tr("A subscriber of the demo is missing.")});
  return found.front().id;
}

void add_tickets(core::Services& desk) {
  const auto session = signed_in(desk, "operator2", demo_password);
  const auto open = [&](const char* mobile, core::Channel channel, core::Priority priority, const char* cause,
                        const char* note) {
    return value_or_throw(
        desk.tickets.open(session, {by_mobile(desk, session, mobile), channel, priority, cause, note}));
  };
  open("+905000000002", core::Channel::call, core::Priority::high, "password_blocked",
       "Üç kez yanlış girmiş, bugün beyanname verecek.");
  const auto mine = open("+905000000004", core::Channel::email, core::Priority::normal, "security_word_forgotten", "");
  value_or_throw(desk.tickets.take(session, mine));
  open("+905000000006", core::Channel::desk, core::Priority::normal, "card_locked", "Kartı yanında.");
  const auto done = open("+905000000008", core::Channel::call, core::Priority::low, "other", "Çalışma saatlerini sordu.");
  value_or_throw(desk.tickets.take(session, done));
  value_or_throw(desk.tickets.close(session, done, "Bilgi verildi."));
  value_or_throw(desk.sign_in.sign_out(session));
}

/// One for each card, for three years; the last digit of the serial is the card's.
void certify(core::Transaction& tx, const core::Card& card) {
  core::Certificate certificate{.id = 0,
                                .subscriber = card.subscriber,
                                .card_serial = card.serial,
                                .serial = "4F1C00" + card.serial.substr(card.serial.size() - 4),
                                .state = "active",
                                .not_before = "2025-09-01",
                                .not_after = "2028-08-31"};
  tx.save(certificate);
}

}  // namespace

core::Result<> add_demo_certificates(core::Writer& writer) {
  const auto added = writer.commit([](core::Transaction& tx) -> core::Result<> {
    int count = 0;
    for (core::SubscriberId id = 1; const auto subscriber = tx.subscriber(id); ++id)
      for (const auto& card : tx.cards(subscriber->id)) certify(tx, card), ++count;
    core::Record record{.type = core::record_type::import_rows, .actor = {}, .role = {}, .ticket = {}, .subject = {}};
    record.fields[core::Tag::count] = std::to_string(count);
    tx.record(std::move(record));
    return {};
  });
  if (!added) return std::unexpected(added.error());
  return {};
}

std::span<const DemoAccount> demo_accounts() { return accounts; }
const DemoAccount& demo_administrator() { return accounts[0]; }

core::Result<> fill_demo(core::Services& desk) {
  return core::guarded([&]() -> core::Result<> {
    const auto administrator = signed_in(desk, demo_administrator().name, demo_password);
    add_accounts(desk, administrator);
    add_subscribers(desk, administrator);
    value_or_throw(desk.sign_in.sign_out(administrator));
    add_tickets(desk);
    return {};
  });
}

}  // namespace anahtar::app
