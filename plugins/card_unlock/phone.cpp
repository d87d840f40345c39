// SPDX-License-Identifier: GPL-3.0-or-later
#include "actions.h"

namespace card_unlock {
using namespace anahtar::sdk;

namespace {

constexpr std::size_t longest_challenge = 48;  // with the spaces between the groups

std::string choose_card(Desk& desk) {
  const auto cards = desk.card_response().cards();
  if (cards.empty()) throw Failed(tr("No key of a card in use is held here that its card did not refuse. The holder brings the card to a desk."));
  if (cards.size() == 1) return cards.front().id;
  return desk.ask(Form(tr("Unlock card by phone")).choice("card", tr("Which card?"), cards))["card"];
}

/// How a challenge of this card looks, and how many more may be answered.
Text hint_of_challenge(Desk& desk, const std::string& card) {
  const std::string left = std::to_string(desk.card_response().answers_left(card));
  const auto lengths = desk.card_response().lengths_of_challenge(card);
  if (lengths.size() == 1) return tr("{1} hexadecimal digits. Answers left for this card: {2}", std::to_string(lengths.front()), left);
  return tr("{1} or {2} hexadecimal digits. Answers left for this card: {3}", std::to_string(lengths.front()), std::to_string(lengths.back()), left);
}

std::string hear_challenge(Desk& desk, const std::string& card, Text problem) {
  while (true) {
    const Answers answers =
        desk.ask(Form(tr("Unlock card by phone"))
                     .say_to_caller(tr("Please read me the challenge on your screen, slowly, in groups of four."))
                     .text("challenge", tr("Challenge"))
                     .max_length(longest_challenge)
                     .hint(hint_of_challenge(desk, card))
                     .problem_is(std::move(problem))
                     .submit_label(tr("Read it back")));
    const std::string read_back = desk.card_response().grouped(card, answers["challenge"]);
    if (read_back.empty()) {
      problem = tr("That is no challenge of this card: digits from 0 to 9 and A to F are needed, as many as are written below.");
      continue;
    }
    const Answers right = desk.ask(Form(tr("Read the challenge back"))
                                       .say_to_caller(tr("I read it back: {1}. Is that what your screen shows?", read_back))
                                       .button("wrong", tr("No, type it again"))
                                       .submit_label(tr("Yes, give the answer")));
    if (!right.pressed("wrong")) return read_back;
    problem = {};
  }
}

Text no_answers_left() { return tr("This card has had all the answers that it may get. The holder brings it to a desk."); }

}  // namespace

Outcome unlock_by_phone(Desk& desk) {
  const std::string card = choose_card(desk);
  Text problem;
  const auto none_left = [&] { return desk.card_response().answers_left(card) == 0; };
  if (none_left()) return refused(no_answers_left());
  while (true) {
    const std::string challenge = hear_challenge(desk, card, std::move(problem));
    desk.card_response().answer(card, challenge);
    const Answers answers =
        desk.ask(Form(tr("Speak the answer"))
                     .say_to_caller(tr("Type the answer that I read to you, without the two digits behind the dot: they are for comparing. "
                                       "Choose your new PIN, and tell me what your screen says. Do not take the card out meanwhile."))
                     .choice("result", tr("What does the holder's screen say?"),
                             {{"worked", tr("The card is unlocked")},
                              {"wrong", tr("The answer was not accepted")},
                              {"new", tr("It shows another challenge")}})
                     .nothing_chosen()
                     .submit_label(tr("Record it")));
    desk.card_response().settle(card, answers["result"] == "worked");
    if (answers["result"] == "worked") return done(tr("The holder says that the card is unlocked."));
    if (none_left()) return refused(no_answers_left());
    problem = tr("The answer before is void. Ask for the challenge that the screen shows now.");
  }
}

}  // namespace card_unlock
