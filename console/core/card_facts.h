// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>
#include <string>
#include <vector>

#include <anahtar/sdk/desk.h>

#include "core/cards.h"
#include "core/policy.h"
#include "core/ports.h"
#include "core/refusal.h"

/// What a card tells, judged and put into words. Pure.
namespace anahtar::core {

/// Cards produced from this day on were given no PUK.
inline constexpr char no_puk_from[] = "2011-01-01";

/// A serial number as it is compared: letters and digits alone, in capitals.
std::string bare_serial(std::string_view serial);
/// Not of nothing, nor of zeros alone, which tools write on every card.
bool same_serial(std::string_view one, std::string_view other);
/// Of AKİS cards alone: others may have a PUK whenever they were produced. `family`: what the card says of itself, if it was asked.
bool was_made_without_puk(const Card& registered, std::string_view family = {});
/// A hexadecimal digit as keys and their check values are compared.
char hex_capital(char digit);
/// The subscriber's card with this serial number, if it is registered.
std::optional<Card> registered_card(const std::vector<Card>& cards, std::string_view serial);
bool is_key(const CardSecret& secret);
/// The PUK or the key that the vault holds for this card. Pointer into `secrets`; null: nothing.
const CardSecret* secret_of(const std::vector<CardSecret>& secrets, std::string_view serial, bool puk);
/// By its card, or for a form that no code of that card has: it is another card's, or was mistyped.
bool was_refused(const CardSecret& secret);
/// What the vault gives for this way. Nothing that the card refused.
const CardSecret* secret_for(UnlockWay way, const std::vector<CardSecret>& secrets, std::string_view serial);
/// What is to replace the PUK that was told, once that was begun.
const CardSecret* next_puk_of(const std::vector<CardSecret>& secrets, std::string_view serial);
/// The cards in use whose PUK is held, and that PUK was told to somebody or not.
std::vector<Card> cards_with_puk(bool told, std::vector<Card> registered, const std::vector<CardSecret>& secrets);
/// The cards in use of which a key is held that they did not refuse.
std::vector<Card> cards_with_key(std::vector<Card> registered, const std::vector<CardSecret>& secrets);
CardSecret copy_of(const CardSecret& secret);

/// Which allowances the policy makes for this card's certificate.
struct CardPolicy {
  bool expired_certificate = false, revoked_certificate = false;
  bool certificate_needed = false;  ///< being registered is not enough
};
/// Whether its certificate tells whose it is; else the registered number alone does.
bool names_holder(const CardFacts& card);
/// Why this card is not worked with for this subscriber; nothing: it is theirs. Its rule: "card.out_of_use", "card.unregistered",
/// "card.no_certificate", "card.no_roots", "card.untrusted", "card.revoked", "card.not_yet_valid", "card.expired",
/// "card.somebody_elses".
std::optional<Refusal> objection_to_card(const CardFacts& card, const Subscriber& subscriber,
                                         const std::vector<Card>& registered, const CardPolicy& policy, Time now);

std::string name_of(const CardFacts& card);
std::string name_of(const Card& registered);
/// "The PIN is locked." and the like.
Text state_of(const CardFacts& card);
/// What there is to say beside the state.
std::vector<sdk::Fact> facts_of(const CardFacts& card, Time now);
/// Those ways that are possible now, with what they will do and what to beware of.
/// A card that the registry says was produced without a PUK is not asked for one.
std::vector<sdk::CardUnlockWay> ways_of(const CardFacts& card, const std::vector<CardSecret>& secrets, bool has_keys,
                                        const std::optional<Card>& registered);
/// When there is no way: why, and what the holder does next.
Text next_step_of(const CardFacts& card, const std::vector<CardSecret>& secrets, const std::optional<Card>& registered);

/// What an answer told of a code whose counter cannot be read stays known of the same card.
void keep_known_codes(CardFacts& fresh, const CardFacts& before);

CardPin::Kind unlocker_of(UnlockWay way);
/// Whether it is opened by a code that the card counts.
bool has_code(UnlockWay way);
std::optional<UnlockWay> unlock_way_from(std::string_view name);

}  // namespace anahtar::core
