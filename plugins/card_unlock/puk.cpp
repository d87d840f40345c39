// SPDX-License-Identifier: GPL-3.0-or-later
// A PUK that is told by telephone, and the one that takes its place at the desk.
#include "actions.h"

namespace card_unlock {
using namespace anahtar::sdk;

namespace {

std::string card_with_puk(Desk& desk) {
  const auto cards = desk.card_puk().cards();
  if (cards.empty()) throw Failed(tr("No PUK of a card in use is held here that was neither told already nor refused by its card. The holder brings the card to a desk."));
  Form form(tr("Tell the PUK by phone"));
  form.say_to_caller(tr("Please put your card into your reader and open the program that asks for your PUK and a new PIN."))
      .fact(tr("What happens"), tr("The PUK is shown here once, and is never shown again. The card gets another one when it is next at a desk, if it is of a kind that can."));
  if (cards.size() > 1) form.choice("card", tr("Which card?"), cards);
  const Answers answers = desk.ask(std::move(form.submit_label(tr("Show the PUK"))));
  return cards.size() > 1 ? answers["card"] : cards.front().id;
}

bool operator_agrees(Desk& desk, CardAtDesk::Puk puk) {
  if (puk == CardAtDesk::Puk::to_be_replaced) return true;
  const Answers answers =
      desk.ask(Form(tr("Replace the PUK"))
                   .problem_is(tr("A replacement was interrupted, and which PUK counts is not known. To find out may cost one of the PUK's tries; "
                                  "the next right PUK gives it back."))
                   .choice("go_on", tr("Go on?"), {{"no", tr("No, leave the card as it is")}, {"yes", tr("Yes, find out")}})
                   .submit_label(tr("Go on")));
  return answers["go_on"] == "yes";
}

}  // namespace

Outcome tell_puk(Desk& desk) {
  const std::string card = card_with_puk(desk);
  desk.card_puk().tell(card);
  const Answers answers = desk.ask(Form(tr("Tell the PUK by phone"))
                                       .say_to_caller(tr("Type the PUK that I read to you and a new PIN of your own, and tell me what your screen says. "
                                                         "Do not try again if it is not accepted."))
                                       .choice("result", tr("What does the holder's screen say?"),
                                               {{"worked", tr("The card is unlocked")}, {"wrong", tr("The PUK was not accepted")}})
                                       .nothing_chosen()
                                       .submit_label(tr("Record it")));
  const bool worked = answers["result"] == "worked";
  desk.card_puk().settle(card, worked);
  if (worked) return done(tr("The holder says that the card is unlocked. Its PUK is replaced when it is next at a desk, if it is of a kind that can."));
  return refused(tr("The PUK was not accepted. The holder brings the card to a desk, and does not try again."));
}

PukReplaced replaced_puk(Desk& desk, CardAtDesk::Puk puk) {
  if (!operator_agrees(desk, puk)) return {false, tr("The PUK was left as it is.")};
  desk.progress(-1, tr("Giving the card another PUK. Leave it in the reader."));
  return desk.card().replace_puk();
}

Outcome replace_puk(Desk& desk) {
  const CardAtDesk card = card_at_desk(desk);
  if (!card.refusal.empty()) return refused(card.refusal);
  if (card.puk == CardAtDesk::Puk::stays) return refused(tr("The PUK of this card was told to nobody, is not held here, or cannot be replaced on a card of this kind: it stays as it is."));
  const PukReplaced replaced = replaced_puk(desk, card.puk);
  return replaced.counts ? done(replaced.sentence) : refused(replaced.sentence);
}

}  // namespace card_unlock
