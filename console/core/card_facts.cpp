// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/card_facts.h"

#include <algorithm>

#include "core/fold.h"
#include "core/iso_time.h"

namespace anahtar::core {
namespace {

using Trust = HolderCertificate::Trust;

bool is_expired(const HolderCertificate& certificate, Time now) { return certificate.not_after <= now; }

std::optional<Refusal> objection_to_trust(const HolderCertificate& certificate, const CardPolicy& policy, Time now) {
  switch (certificate.trust) {
    case Trust::no_roots:
      return Refusal{"card.no_roots", tr("The card's certificate cannot be judged: no trusted root certificates are installed here.")};
    case Trust::untrusted:
      return Refusal{"card.untrusted", tr("The card's certificate does not come from an authority that is trusted here.")};
    case Trust::revoked:
      if (policy.revoked_certificate) break;
      return Refusal{"card.revoked", tr("The card's certificate was revoked. The policy does not allow work on such a card: the holder needs a new one.")};
    case Trust::trusted:
      break;
  }
  if (certificate.not_before > now) return Refusal{"card.not_yet_valid", tr("The card's certificate is not valid yet.")};
  if (is_expired(certificate, now) && !policy.expired_certificate)
    return Refusal{"card.expired", tr("The card's certificate has expired. The policy does not allow work on such a card: the holder needs a new one.")};
  return {};
}

std::optional<Refusal> objection_to_registration(const CardFacts& card, const std::vector<Card>& registered) {
  if (registered_card(registered, card.serial)) return {};
  return Refusal{"card.unregistered",
                 tr("This card does not show whose it is, and its serial number is not registered to the subscriber of the ticket.")};
}

bool is_blocked(const CardPin* pin) { return pin && (pin->blocked || (pin->tries_left && *pin->tries_left == 0)); }
bool is_usable(const CardPin* pin) { return pin && pin->set && !is_blocked(pin); }

Text name_of(CardPin::Kind kind) {
  switch (kind) {
    case CardPin::Kind::pin:
      return tr("PIN");
    case CardPin::Kind::puk:
      return tr("PUK");
    case CardPin::Kind::resetting_code:
      return tr("Resetting code");
    case CardPin::Kind::admin_pin:
      return tr("Administrator's PIN");
    case CardPin::Kind::admin_key:
      break;
  }
  return tr("Administration key");
}

Text value_of(const CardPin& pin) {
  if (!pin.set) return pin.kind == CardPin::Kind::resetting_code ? tr("none, or used up") : tr("none");
  if (is_blocked(&pin)) return tr("locked");
  if (!pin.tries_left) return tr("the card does not tell how many tries are left");
  if (pin.tries_max)
    return tr("{1} of {2} tries left", std::to_string(*pin.tries_left), std::to_string(*pin.tries_max));
  if (*pin.tries_left == 1) return tr("one try left");
  return tr("{1} tries left", std::to_string(*pin.tries_left));
}

Text title_of(UnlockWay way) {
  switch (way) {
    case UnlockWay::puk:
      return tr("Unlock with the PUK");
    case UnlockWay::admin_key:
      return tr("Unlock with the card's administration key");
    case UnlockWay::resetting_code:
      return tr("Unlock with the resetting code");
    case UnlockWay::admin_pin:
      return tr("Unlock with the administrator's PIN");
    case UnlockWay::issuer:
      break;
  }
  return tr("Unlock through the issuer's service");
}

/// `held`: what the vault has for this card, and gives unless the card refused it.
Text effect_of(const CardFacts& card, UnlockWay way, bool holder_types, const CardSecret* held) {
  if (way == UnlockWay::puk && holder_types && held)
    return tr("The PUK that is held here does not fit this card: the holder types theirs on their own window. The card gets a new PIN.");
  if (way == UnlockWay::puk && holder_types)
    return tr("No PUK of this card is held here: the holder types theirs on their own window. The card gets a new PIN.");
  if (way == UnlockWay::puk && held->spent) return tr("The PUK comes from the vault; it was told by telephone before. The card gets a new PIN.");
  if (way == UnlockWay::puk)
    return tr("The PUK comes from the vault; nobody sees it. The card gets a new PIN.");
  if (way == UnlockWay::admin_key)
    return tr("The card's challenge is answered by the vault. The card gets a new PIN.");
  if (way == UnlockWay::issuer && card.issuer_makes_pin)
    return tr("The issuer's service makes a new PIN and gives it to the card; the holder sees it once. No PUK is needed.");
  if (way == UnlockWay::issuer) return tr("The issuer's service gives the card a new PIN; no PUK is needed.");
  return tr("The holder types the code on their own window. The card gets a new PIN.");
}

Text warning_of(const CardFacts& card, UnlockWay way, const CardSecret* held) {
  if (way == UnlockWay::admin_key && held && held->answers > 0)
    return tr("Beware: the key that is held here was used for this card before and is not known to have fitted. If it is wrong again, "
              "some cards destroy themselves.");
  const CardPin* unlocker = card.pin(unlocker_of(way));
  if (!unlocker || unlocker->tries_left != 1) return {};
  if (way == UnlockWay::puk && card.last_puk_try_erases)
    return tr("Beware: this is the last PUK try. If it is wrong, the card ERASES its keys and cannot be used any more.");
  if (way == UnlockWay::puk)
    return tr("Beware: this is the last PUK try. If it is wrong, the card cannot be unlocked by PUK any more.");
  return tr("Beware: this is the last try of this way. If it is wrong, the way is closed for good.");
}

bool is_possible(const CardFacts& card, UnlockWay way, const std::vector<CardSecret>& secrets, bool has_keys) {
  if (way == UnlockWay::issuer) return true;
  if (way == UnlockWay::admin_key && (!has_keys || !secret_for(way, secrets, card.serial))) return false;
  const CardPin* unlocker = card.pin(unlocker_of(way));
  return !unlocker || is_usable(unlocker);
}

}  // namespace

bool names_holder(const CardFacts& card) { return card.certificate && !card.certificate->national_id.empty(); }

std::string bare_serial(std::string_view serial) {
  std::string out;
  for (const char c : serial) {
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

char hex_capital(char digit) { return digit >= 'a' && digit <= 'f' ? static_cast<char>(digit - 'a' + 'A') : digit; }

bool same_serial(std::string_view one, std::string_view other) {
  const std::string first = bare_serial(one);
  return first.find_first_not_of('0') != std::string::npos && first == bare_serial(other);
}

std::optional<Card> registered_card(const std::vector<Card>& cards, std::string_view serial) {
  const auto found = std::ranges::find_if(cards, [&](const Card& each) { return same_serial(each.serial, serial); });
  return found == cards.end() ? std::nullopt : std::optional(*found);
}

bool was_made_without_puk(const Card& registered, std::string_view family) {
  const bool akis = family == "akis" || (family.empty() && registered.model.empty()) ||
                    fold_loosely(registered.model).find("akis") != std::string::npos;
  return akis && registered.produced >= no_puk_from;
}

bool was_refused(const CardSecret& secret) { return is_key(secret) ? secret.spent : secret.answers > 0; }

bool is_key(const CardSecret& secret) { return secret.kind == "admin_key" || secret.kind == "derived_key"; }

const CardSecret* secret_of(const std::vector<CardSecret>& secrets, std::string_view serial, bool puk) {
  const CardSecret* newest = nullptr;
  for (const CardSecret& each : secrets)
    if ((puk ? each.kind == "puk" : is_key(each)) && same_serial(each.card_serial, serial)) newest = &each;
  return newest;
}

const CardSecret* secret_for(UnlockWay way, const std::vector<CardSecret>& secrets, std::string_view serial) {
  if (way != UnlockWay::puk && way != UnlockWay::admin_key) return nullptr;
  const CardSecret* const held = secret_of(secrets, serial, way == UnlockWay::puk);
  return held && !was_refused(*held) ? held : nullptr;
}

const CardSecret* next_puk_of(const std::vector<CardSecret>& secrets, std::string_view serial) {
  const CardSecret* const told = secret_of(secrets, serial, true);
  if (!told || !told->spent) return nullptr;
  const CardSecret* newest = nullptr;
  for (const CardSecret& each : secrets)
    if (each.kind == "next_puk" && each.id > told->id && same_serial(each.card_serial, serial)) newest = &each;
  return newest;
}

std::vector<Card> cards_with_puk(bool told, std::vector<Card> registered, const std::vector<CardSecret>& secrets) {
  std::erase_if(registered, [&](const Card& card) {
    const CardSecret* const puk = secret_of(secrets, card.serial, true);
    return card.state == "revoked" || !puk || puk->spent != told || was_refused(*puk);
  });
  return registered;
}

std::vector<Card> cards_with_key(std::vector<Card> registered, const std::vector<CardSecret>& secrets) {
  std::erase_if(registered, [&](const Card& card) {
    return card.state == "revoked" || !secret_for(UnlockWay::admin_key, secrets, card.serial);
  });
  return registered;
}

CardSecret copy_of(const CardSecret& secret) {
  return {secret.id,  secret.subscriber, secret.family,  secret.card_serial, secret.kind,  secret.key_version,
          secret.kcv, secret.spent,      secret.answers, secret.added,       secret.value.duplicate()};
}

std::optional<Refusal> objection_to_card(const CardFacts& card, const Subscriber& subscriber,
                                         const std::vector<Card>& registered, const CardPolicy& policy, Time now) {
  const auto known = registered_card(registered, card.serial);
  if (known && known->state == "revoked") return Refusal{"card.out_of_use", tr("This card was taken out of use. The holder needs a new one.")};
  if (!names_holder(card)) {
    if (policy.certificate_needed) return Refusal{"card.no_certificate", tr("The card shows no certificate that names its holder.")};
    return objection_to_registration(card, registered);
  }
  if (auto objection = objection_to_trust(*card.certificate, policy, now)) return objection;
  if (card.certificate->national_id != subscriber.national_id)
    return Refusal{"card.somebody_elses", tr("This card belongs to somebody else, not to the subscriber of the ticket.")};
  return {};
}

std::string name_of(const CardFacts& card) { return card.serial.empty() ? card.title : card.title + " " + card.serial; }

std::string name_of(const Card& registered) {
  return registered.model.empty() ? registered.serial : registered.model + " " + registered.serial;
}

Text state_of(const CardFacts& card) {
  if (card.shut_down) return tr("This card was shut down: it does nothing any more. It must be set up anew or replaced.");
  const CardPin* pin = card.pin(CardPin::Kind::pin);
  if (!pin) return tr("The card does not tell the state of its PIN.");
  if (is_blocked(pin)) {
    const CardPin* puk = card.pin(CardPin::Kind::puk);
    if (is_blocked(puk)) return tr("PIN and PUK are both locked.");
    return tr("The PIN is locked.");
  }
  if (!pin->set) return tr("The card has no PIN yet.");
  if (!pin->tries_left) return tr("The card does not tell how many tries its PIN has left.");
  if (*pin->tries_left == 1) return tr("The PIN is not locked: one try is left.");
  return tr("The PIN is not locked: {1} tries are left.", std::to_string(*pin->tries_left));
}

std::vector<sdk::Fact> facts_of(const CardFacts& card, Time now) {
  std::vector<sdk::Fact> facts;
  for (const CardPin& pin : card.shut_down ? std::vector<CardPin>() : card.pins)
    if (pin.kind != CardPin::Kind::pin && (pin.kind != CardPin::Kind::admin_key || pin.tries_left)) facts.push_back({name_of(pin.kind), value_of(pin)});
  if (card.pad_asks_pin)
    facts.push_back({tr("Keypad of the reader"), card.pad_sets_pin ? tr("takes the PIN and a new PIN") : tr("takes the PIN")});
  if (!names_holder(card)) {
    facts.push_back({tr("Certificate"), card.certificate ? tr("cannot be read, or does not name its holder: whether it was revoked is not known")
                                                         : tr("none is shown: whether it was revoked is not known")});
    return facts;
  }
  const HolderCertificate& certificate = *card.certificate;
  const std::string until = iso_utc(certificate.not_after).substr(0, 10);
  facts.push_back({tr("Certificate"), certificate.trust == Trust::revoked ? tr("revoked")
                                      : is_expired(certificate, now)     ? tr("expired on {1}", until)
                                                                         : tr("valid until {1}", until)});
  return facts;
}

std::vector<sdk::CardUnlockWay> ways_of(const CardFacts& card, const std::vector<CardSecret>& secrets, bool has_keys,
                                        const std::optional<Card>& registered) {
  const bool without_puk = registered && was_made_without_puk(*registered, card.family) && !card.pin(CardPin::Kind::puk) &&
                           !secret_of(secrets, card.serial, true);
  std::vector<sdk::CardUnlockWay> ways;
  for (const UnlockWay way : card.ways) {
    if (!is_possible(card, way, secrets, has_keys) || (way == UnlockWay::puk && without_puk)) continue;
    const CardSecret* const held = secret_for(way, secrets, card.serial);
    const bool typed = way != UnlockWay::issuer && !held;
    const CardSecret* const in_vault = way == UnlockWay::puk ? secret_of(secrets, card.serial, true) : held;
    ways.push_back({.id = std::string(to_string(way)),
                    .title = title_of(way),
                    .what_happens = effect_of(card, way, typed, in_vault),
                    .warning = warning_of(card, way, held),
                    .holder_types = typed,
                    .issuer = way == UnlockWay::issuer,
                    .makes_pin = way == UnlockWay::issuer && card.issuer_makes_pin,
                    .pad = way != UnlockWay::issuer && card.pad_sets_pin});
  }
  return ways;
}

Text next_step_of(const CardFacts& card, const std::vector<CardSecret>& secrets, const std::optional<Card>& registered) {
  if (const CardSecret* const key = secret_of(secrets, card.serial, false); key && was_refused(*key))
    return tr("The card refused the administration key that is held here: it is not this card's. Ask for the right key, and import it.");
  const bool pin_blocked = is_blocked(card.pin(CardPin::Kind::pin));
  if (pin_blocked && is_blocked(card.pin(CardPin::Kind::puk)))
    return tr("PIN and PUK are both locked, and there is no other way into this card. The holder applies for a new card; "
              "the certificates on this one should be revoked.");
  if (registered && was_made_without_puk(*registered, card.family))
    return tr("The card was produced after 01.01.2011 and has no PUK. Only the issuer's service can unlock it, and none is "
              "connected here.");
  if (card.pin(CardPin::Kind::pin) && !pin_blocked)
    return tr("The PIN of this card is not locked. A new one cannot be set here: no PUK or key of the card is held, or the card was "
              "never set up.");
  if (card.pin(CardPin::Kind::admin_key))
    return tr("This card is unlocked by its administration key, and that is not held here. The authority that made the card has it.");
  return tr("No way to unlock this card is open here: no PUK or key of it is held, or their tries are used up. The holder "
            "applies for a new card.");
}

void keep_known_codes(CardFacts& fresh, const CardFacts& before) {
  if (before.family != fresh.family || before.serial != fresh.serial) return;
  for (const CardPin& old : before.pins) {
    if (old.kind == CardPin::Kind::pin || (!old.tries_left && !old.blocked)) continue;
    const auto found = std::ranges::find(fresh.pins, old.kind, &CardPin::kind);
    if (found == fresh.pins.end()) {
      fresh.pins.push_back(old);
    } else if (!found->tries_left && !found->blocked) {
      *found = old;
    }
  }
  std::erase_if(fresh.ways, [&fresh](UnlockWay way) {
    const CardPin* const code = has_code(way) ? fresh.pin(unlocker_of(way)) : nullptr;
    return code && code->blocked;
  });
}

CardPin::Kind unlocker_of(UnlockWay way) {
  switch (way) {
    case UnlockWay::puk:
      return CardPin::Kind::puk;
    case UnlockWay::resetting_code:
      return CardPin::Kind::resetting_code;
    case UnlockWay::admin_pin:
      return CardPin::Kind::admin_pin;
    case UnlockWay::admin_key:
    case UnlockWay::issuer:
      break;
  }
  return CardPin::Kind::admin_key;
}

bool has_code(UnlockWay way) { return way != UnlockWay::admin_key && way != UnlockWay::issuer; }

std::optional<UnlockWay> unlock_way_from(std::string_view name) {
  for (const auto way : {UnlockWay::puk, UnlockWay::admin_key, UnlockWay::resetting_code, UnlockWay::admin_pin, UnlockWay::issuer})
    if (to_string(way) == name) return way;
  return {};
}

}  // namespace anahtar::core
