// SPDX-License-Identifier: GPL-3.0-or-later
// Challenges of cards that are far away, answered by telephone.
#include <algorithm>

#include "core/card_ports.h"
#include "core/commit_unit.h"

namespace anahtar::core {
namespace {

constexpr char digits[] = "0123456789ABCDEF";

int value_of(char digit) { return digit <= '9' ? digit - '0' : digit - 'A' + 10; }

std::string bytes_of(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(value_of(hex[i]) * 16 + value_of(hex[i + 1]));
  return out;
}

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const unsigned char byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

std::string plain_hex(const std::string& typed) {
  std::string out;
  for (char c : typed) {
    if (c == ' ' || c == '-' || c == '\t') continue;
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'))) return {};
    out += c;
  }
  return out;
}

std::string grouped_hex(std::string_view hex) {
  std::string out;
  out.reserve(hex.size() * 5 / 4 + 8);
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += ' ';
    out += hex[i];
  }
  return out;
}

std::string spoken_hex(std::string_view hex) {
  int rest = 0;
  for (const char c : hex) rest = (rest * 16 + value_of(c)) % 97;
  const int check = (98 - rest * 100 % 97) % 97;
  std::string out = grouped_hex(hex);
  out += " \xC2\xB7 ";
  out += static_cast<char>('0' + check / 10);
  out += static_cast<char>('0' + check % 10);
  return out;
}

int RunCardResponsePort::limit(Reader& now) const {
  const auto& actions = run_.parts.verification.policy(now).actions;
  const auto found = actions.find(run_.action.id());
  return found == actions.end() ? 0 : found->second.answers_per_card;
}

std::vector<sdk::Choice> RunCardResponsePort::cards() {
  const auto pass = run_.enter();
  Reader& now = run_.parts.reader;
  const Ticket ticket = run_.ticket_now(now);
  const auto registered = now.cards(*ticket.subscriber);
  std::vector<sdk::Choice> out;
  for (const CardSecret& secret : now.card_secrets(*ticket.subscriber)) {
    if (!is_key(secret)) continue;
    const auto card = registered_card(registered, secret.card_serial);
    if (!card || card->state == "revoked") continue;
    out.push_back({std::to_string(secret.id), sdk::verbatim(name_of(*card))});
  }
  return out;
}

std::string RunCardResponsePort::grouped(const std::string& typed) {
  run_.check_alive();
  const std::string hex = plain_hex(typed);
  return hex.size() == 16 || hex.size() == 32 ? grouped_hex(hex) : std::string();
}

CardSecret RunCardResponsePort::key_of(Reader& now, const std::string& card) const {
  for (CardSecret& each : now.card_secrets(*run_.ticket_now(now).subscriber))
    if (std::to_string(each.id) == card && is_key(each)) return std::move(each);
  throw sdk::Failed(tr("No key of this card is held here."));
}

int RunCardResponsePort::answers_left(const std::string& card) {
  const auto pass = run_.enter();
  return std::max(0, limit(run_.parts.reader) - key_of(run_.parts.reader, card).answers);
}

void RunCardResponsePort::answer(const std::string& card, const std::string& challenge) {
  const auto pass = run_.enter();
  if (!run_.parts.outside.card_keys) throw sdk::Failed(tr("No keys of cards are held here."));
  const std::string hex = plain_hex(challenge);
  if (hex.size() != 16 && hex.size() != 32) throw sdk::Failed(tr("That is no challenge of a card."));
  std::optional<CardSecret> key;
  run_.commit_checked([&](Transaction& tx, const Ticket& ticket) -> std::optional<Refusal> {
    key = key_of(tx, card);
    if (key->answers >= limit(tx))
      return Refusal{"rate", tr("This card has had all the answers that it may get. Wrong ones could destroy it: the holder brings it "
                                "to a desk.")};
    ++key->answers;
    run_.count(tx);
    Record used = run_.record(record_type::card_answered, tx, ticket);
    used.fields[Tag::card_family] = key->family;
    used.fields[Tag::card_serial] = key->card_serial;
    used.fields[Tag::kind] = key->kind;
    used.fields[Tag::key_version] = std::to_string(key->key_version);
    used.fields[Tag::count] = std::to_string(key->answers);
    tx.record(std::move(used));
    tx.save(*key);
    return {};
  });
  auto response = value_or_throw(run_.parts.outside.card_keys->respond(
      {key->family, key->card_serial, key->key_version, key->value}, bytes_of(hex)));
  if (!run_.may_be_spoken()) throw sdk::Failed(tr("The policy does not let the operator see this."));
  run_.acted = true;
  const Secret plain(hex_of(response));
  Secret::wipe(response);
  run_.conversation->reveal(Secret(spoken_hex(plain.expose())), sdk::Audience::operator_);
}

void RunCardResponsePort::settle(const std::string& card, bool worked) {
  const auto pass = run_.enter();
  run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
    CardSecret key = key_of(tx, card);
    Record entry = run_.record(record_type::card_answer_settled, tx, ticket);
    entry.fields[Tag::card_family] = key.family;
    entry.fields[Tag::card_serial] = key.card_serial;
    entry.fields[Tag::outcome] = worked ? "worked" : "did_not_work";
    tx.record(std::move(entry));
    if (!worked) return;
    key.answers = 0;
    tx.save(key);
    mark_active(tx, *ticket.subscriber, key.card_serial);
  });
}

}  // namespace anahtar::core
