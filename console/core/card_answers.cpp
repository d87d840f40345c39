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
  const auto secrets = now.card_secrets(*ticket.subscriber);
  for (const Card& card : cards_with_key(registered, secrets))
    out.push_back({std::to_string(secret_for(UnlockWay::admin_key, secrets, card.serial)->id), sdk::verbatim(name_of(card))});
  return out;
}

/// In hexadecimal digits, as this card's challenges are, as far as its family tells.
std::vector<std::size_t> RunCardResponsePort::lengths_of_challenge(const std::string& card) {
  const auto pass = run_.enter();
  const std::string family = key_of(run_.parts.reader, card).family;
  if (run_.parts.outside.cards)
    for (const CardFamily& each : run_.parts.outside.cards->families())
      if (each.id == family && each.challenge_bytes > 0) return {static_cast<std::size_t>(each.challenge_bytes) * 2};
  return {16, 32};
}

std::string RunCardResponsePort::grouped(const std::string& card, const std::string& typed) {
  const std::string hex = plain_hex(typed);
  const auto lengths = lengths_of_challenge(card);
  return std::ranges::find(lengths, hex.size()) != lengths.end() ? grouped_hex(hex) : std::string();
}

Record RunCardResponsePort::record_of_settling(const CardSecret& key, const char* outcome, Reader& now, const Ticket& ticket) const {
  Record entry = run_.record(record_type::card_answer_settled, now, ticket);
  entry.fields[Tag::card_family] = key.family;
  entry.fields[Tag::card_serial] = key.card_serial;
  entry.fields[Tag::outcome] = outcome;
  return entry;
}

CardSecret RunCardResponsePort::key_of(Reader& now, const std::string& card) const {
  for (CardSecret& each : now.card_secrets(*run_.ticket_now(now).subscriber))
    if (std::to_string(each.id) == card && is_key(each) && !was_refused(each)) return std::move(each);
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
  if (grouped(card, challenge).empty()) throw sdk::Failed(tr("That is no challenge of a card."));
  std::optional<CardSecret> key;
  Record untold;
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
    untold = record_of_settling(*key, nobody_said, tx, ticket);
    return {};
  });
  auto response = value_or_throw(run_.parts.outside.card_keys->respond(
      {key->family, key->card_serial, key->key_version, key->value}, bytes_of(hex)));
  if (!run_.may_be_spoken()) throw sdk::Failed(tr("The policy does not let the operator see this."));
  run_.acted = true;
  const Secret plain(hex_of(response));
  Secret::wipe(response);
  run_.question.ask(std::move(untold));
  run_.conversation->reveal(Secret(spoken_hex(plain.expose())), sdk::Audience::operator_);
}

void RunCardResponsePort::settle(const std::string& card, bool worked) {
  const auto pass = run_.enter();
  run_.question.settled_by([&] {
    run_.commit_on_ticket([&](Transaction& tx, const Ticket& ticket) {
      CardSecret key = key_of(tx, card);
      tx.record(record_of_settling(key, worked ? "worked" : "did_not_work", tx, ticket));
      if (!worked) return;
      key.answers = 0;
      tx.save(key);
      mark_active(tx, *ticket.subscriber, key.card_serial);
    });
  });
}

}  // namespace anahtar::core
