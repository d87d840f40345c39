// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "actions.h"

namespace card_unlock {
using namespace anahtar::sdk;

namespace {

constexpr std::size_t longest_code = 127;  // the card judges what it can be

/// Where the new PIN comes from.
enum class NewPin { made, typed, on_pad, from_issuer };

struct Plan {
  CardUnlockWay way;
  NewPin pin = NewPin::made;
};

/// The keypad is offered first: what is typed there passes through no computer.
std::vector<Choice> sources_of_pin(const std::vector<CardUnlockWay>& ways) {
  std::vector<Choice> choices;
  if (std::ranges::any_of(ways, &CardUnlockWay::pad)) choices.push_back({"pad", tr("The holder types it on the reader's keypad")});
  if (std::ranges::all_of(ways, &CardUnlockWay::makes_pin)) return choices;
  choices.push_back({"made", tr("Generate a new PIN; the holder sees it once")});
  choices.push_back({"typed", tr("The holder chooses it on their own window")});
  return choices;
}

Form plan_form(const CardAtDesk& card, Text problem) {
  std::vector<Choice> ways;
  for (const CardUnlockWay& way : card.ways) ways.push_back({way.id, way.title});
  Form form(card.state);
  form.fact(tr("Card"), verbatim(card.name));
  for (const Fact& fact : card.facts) form.fact(fact.label, fact.value);
  for (const CardUnlockWay& way : card.ways) form.fact(way.title, way.what_happens);
  for (const CardUnlockWay& way : card.ways)
    if (!way.warning.empty()) form.fact(tr("Warning"), way.warning);
  if (card.ways.size() > 1) form.choice("way", tr("Way"), std::move(ways));
  if (auto sources = sources_of_pin(card.ways); !sources.empty()) form.choice("pin", tr("New PIN"), std::move(sources));
  form.problem_is(std::move(problem));
  form.submit_label(tr("Unlock the card"));
  return form;
}

NewPin source_of(const CardUnlockWay& way, const std::string& chosen) {
  if (way.makes_pin) return NewPin::from_issuer;
  if (chosen == "pad") return NewPin::on_pad;
  return chosen == "typed" ? NewPin::typed : NewPin::made;
}

Plan plan(Desk& desk, const CardAtDesk& card, Text problem) {
  while (true) {
    const Answers answers = desk.ask(plan_form(card, std::move(problem)));
    const auto chosen = std::ranges::find(card.ways, answers["way"], &CardUnlockWay::id);
    const CardUnlockWay& way = chosen == card.ways.end() ? card.ways.front() : *chosen;
    const NewPin pin = source_of(way, answers["pin"]);
    if (pin != NewPin::on_pad || way.pad) return {way, pin};
    problem = tr("In this way the new PIN cannot be typed on the reader. Choose another way, or where the PIN comes from.");
  }
}

/// Before what cannot be undone the operator says once more that it shall be.
bool warned(Desk& desk, const CardUnlockWay& way) {
  if (way.warning.empty()) return true;
  const Answers answers = desk.ask(
      Form(way.title)
          .problem_is(way.warning)
          .choice("go_on", tr("Go on?"), {{"no", tr("No, leave the card as it is")}, {"yes", tr("Yes, the holder knows and wants it")}})
          .submit_label(tr("Go on")));
  return answers["go_on"] == "yes";
}

void holder_chooses_pin(Desk& desk, const CardAtDesk& card) {
  Text problem;
  while (true) {
    const auto longest = static_cast<std::size_t>(card.longest_pin);
    const Answers answers = desk.ask(Form(tr("Choose a new PIN"))
                                         .secret("pin", tr("New PIN"))
                                         .max_length(longest)
                                         .secret("again", tr("The same once more"))
                                         .max_length(longest)
                                         .problem_is(std::move(problem))
                                         .submit_label(tr("Take this PIN"))
                                         .for_holder());
    if (answers.secret("pin").expose() != answers.secret("again").expose()) {
      problem = tr("The two PINs differ. Type it twice, the same.");
      continue;
    }
    problem = desk.card().choose_new_pin(answers.secret("pin"));
    if (problem.empty()) return;
  }
}

void take_new_pin(Desk& desk, const CardAtDesk& card, NewPin source) {
  if (source == NewPin::typed) holder_chooses_pin(desk, card);
  if (source == NewPin::made) desk.card().make_new_pin();
  if (source == NewPin::on_pad) desk.card().take_new_pin_from_pad();
}

void holder_gives_code(Desk& desk, const CardUnlockWay& way) {
  const Answers answers = desk.ask(Form(way.title)
                                       .secret("code", tr("Code that unlocks the card"))
                                       .max_length(longest_code)
                                       .submit_label(tr("Give the code"))
                                       .for_holder());
  desk.card().take_unlocker(answers.secret("code"));
}

/// The holder has their PIN already: what becomes of the PUK changes nothing about that.
void see_to_puk(Desk& desk, CardAtDesk::Puk puk) {
  if (puk == CardAtDesk::Puk::stays) return;
  const PukReplaced replaced = replaced_puk(desk, puk);
  if (!replaced.counts)
    desk.ask(Form(tr("The PUK was not replaced")).problem_is(replaced.sentence).submit_label(tr("Continue")));
}

Outcome unlocked(Desk& desk, const Plan& chosen, CardAtDesk::Puk puk) {
  const bool chosen_by_holder = chosen.pin == NewPin::typed || chosen.pin == NewPin::on_pad;
  if (!chosen_by_holder) desk.card().show_new_pin();
  see_to_puk(desk, puk);
  if (chosen_by_holder) return done(tr("The card is unlocked and takes the PIN that the holder chose."));
  return done(tr("The card is unlocked, and takes a new PIN that is for the holder alone: they note it down and sign in with it from now on."));
}

}  // namespace

CardAtDesk card_at_desk(Desk& desk) {
  while (true) {
    CardAtDesk card = desk.card().look();
    if (card.problem.empty()) return card;
    desk.ask(Form(tr("Unlock card"))
                 .problem_is(card.problem)
                 .say_to_caller(tr("Please give me your card."))
                 .submit_label(tr("Read the card again")));
  }
}

Outcome unlock_at_desk(Desk& desk) {
  Text problem;
  while (true) {
    const CardAtDesk card = card_at_desk(desk);
    if (!card.refusal.empty()) return refused(card.refusal);
    if (card.ways.empty()) return refused(card.next_step);
    const Plan chosen = plan(desk, card, std::move(problem));
    if (!warned(desk, chosen.way)) return refused(tr("The card was left as it is."));
    take_new_pin(desk, card, chosen.pin);
    if (chosen.way.holder_types) holder_gives_code(desk, chosen.way);

    desk.progress(-1, chosen.pin == NewPin::on_pad
                          ? tr("The holder types the new PIN on the reader's keypad: twice, and once more to prove it. The C key there stops it.")
                          : tr("Unlocking the card. Leave it in the reader."));
    const CardUnlocked result = desk.card().unlock(chosen.way.id);
    if (result.outcome == CardUnlocked::Outcome::proven) return unlocked(desk, chosen, card.puk);
    if (result.outcome == CardUnlocked::Outcome::ended) return refused(result.sentence);
    problem = result.sentence;
    if (result.outcome == CardUnlocked::Outcome::try_again) continue;

    desk.ask(Form(tr("The card is read again")).problem_is(result.sentence).submit_label(tr("Read the card again")));
    const CardAtDesk again = card_at_desk(desk);
    if (again.new_pin_counts) return unlocked(desk, chosen, again.puk);
    problem = again.since.empty() ? result.sentence : again.since;
  }
}

}  // namespace card_unlock

namespace {
using namespace anahtar::sdk;
using namespace card_unlock;

Plugin describe() {
  return {.title = tr("Card unlock"),
          .actions = {{.id = "card.unlock", .title = tr("Unlock card"), .needs = {Port::card}, .run = unlock_at_desk},
                      {.id = "card.unlock_phone",
                       .title = tr("Unlock card by phone"),
                       .needs = {Port::card_response},
                       .run = unlock_by_phone},
                      {.id = "card.tell_puk", .title = tr("Tell PUK by phone"), .needs = {Port::card_puk}, .run = tell_puk},
                      {.id = "card.replace_puk", .title = tr("Replace PUK"), .needs = {Port::card, Port::card_puk}, .run = replace_puk},
                      {.id = "card.information",
                       .title = tr("PIN/PUK information"),
                       .needs = {Port::card_record},
                       .run = information}}};
}

}  // namespace

ANAHTAR_PLUGIN("card-unlock", "1.0.0", describe)
