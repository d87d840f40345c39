// SPDX-License-Identifier: GPL-3.0-or-later
// Every way to unlock every family of cards, undisturbed and with everything that can go wrong at each command that carries
// a secret. The cards are processes of their own.
#include "app/secrets/secrets_fixture.h"
#include "card/emulated/command.h"
#include "card/emulated/gids_card.h"
#include "crypto/base64.h"

namespace anahtar::testing {
namespace {

/// What a card is made of, and what the desk then does with it.
struct Unlock {
  std::string family, serial;
  std::vector<std::string> card = {};  ///< more of anahtar-card's words
  std::string way = {};                ///< where there are several
  std::string code = {};               ///< typed by the holder; empty: the vault or the issuer has it
  bool made = false;                   ///< the new PIN is generated instead of typed
  std::string pin = typed_pin, mistyped = mistyped_pin;
};

struct Fault {
  std::string option;
  bool late = false;  ///< the card does first what it was told
};

const Fault faults[] = {{"--pull-at"},       {"--pull-at", true},   {"--reset-at"}, {"--reset-at", true}, {"--garbage-at"},
                        {"--garbage-at", true}, {"--silent-at"}, {"--silent-at", true}, {"--forget-at"}};

std::vector<std::string> words_of(const Fault& fault, const CommandPlace& place) {
  std::vector<std::string> words = {fault.option, std::to_string(place.nth), "--ins", place.instruction};
  if (fault.late) words.push_back("--late");
  return words;
}

class CardSecrets : public Secrets {
 protected:
  std::unique_ptr<ServedCard> insert(const Unlock& what, const std::vector<std::string>& more) {
    std::vector<std::string> words = {what.family, "--holder", holder, "--serial", what.serial};
    for (const auto& part : {what.card, more}) words.insert(words.end(), part.begin(), part.end());
    return std::make_unique<ServedCard>(desk, site, words);
  }
  std::unique_ptr<ServedCard> insert_locked(const Unlock& what, std::vector<std::string> more) {
    more.insert(more.end(), {"--blocked", "--pin", old_pin});
    return insert(what, more);
  }

  /// As far as the card.
  std::unique_ptr<Program> give_everything(const Unlock& what) {
    nlohmann::json answers{{"pin", what.made ? "made" : "typed"}};
    if (!what.way.empty()) answers["way"] = what.way;
    auto program = run("card.unlock", answers);
    if (what.made) plant_what_is_shown(*program, "the PIN that was made");
    if (!what.made) choose(*program, "New PIN: ", {{"111111", "111111"}, {what.pin, what.mistyped}, {what.pin, what.pin}});
    if (!what.code.empty()) answer(*program, "Code that unlocks the card: ", what.code);
    return program;
  }
  std::unique_ptr<Program> sign(const Unlock& what) {
    auto program = run("verification.card_signature", nlohmann::json::object());
    answer(*program, "PIN of the card: ", what.pin);
    return program;
  }
  static std::string name_of(const Unlock& what) { return what.family + " " + what.way + (what.code.empty() ? "" : " with a typed code"); }

  /// Gives where in the flow the card was sent secrets.
  std::vector<CommandPlace> unlock(const Unlock& what) {
    const auto card = insert_locked(what, {});
    auto program = give_everything(what);
    ends(*program, name_of(what) + ", unlocked");
    const auto places = places_of_secrets(card->told());
    EXPECT_GE(places.size(), 2u) << "the new PIN is set, and proved";
    return places;
  }

  /// A run that has met its fault may have got over it; where it asks what to do, it is ended from the keyboard.
  void end_disturbed(Program& program, const ServedCard& card, const std::string& flow) {
    if (program.says_next("! ")) program.interrupt();
    ends(program, flow, {0, 1});
    EXPECT_TRUE(card.was_struck()) << flow << ": it never struck";
  }
  void disturb(const Unlock& what, const std::vector<std::string>& fault) {
    std::string flow = name_of(what);
    for (const auto& word : fault) flow += " " + word;
    const auto card = insert_locked(what, fault);
    auto program = give_everything(what);
    EXPECT_TRUE(program->says_next("Unlocking the card.")) << flow;
    end_disturbed(*program, *card, flow);
  }
  void disturb_signing(const Unlock& what, const std::vector<std::string>& fault) {
    std::string flow = name_of(what) + ", signing";
    for (const auto& word : fault) flow += " " + word;
    auto words = fault;
    words.insert(words.end(), {"--pin", what.pin});
    const auto card = insert(what, words);
    end_disturbed(*sign(what), *card, flow);
  }
  /// Drawn out after it was told, and inserted again: what it did is seen then.
  void resume(const Unlock& what, const CommandPlace& place, bool tells_which_pin_counts = true) {
    auto words = words_of({"--pull-at", true}, place);
    words.insert(words.end(), {"--again-after", "200"});
    const auto card = insert_locked(what, words);
    auto program = give_everything(what);
    answer(*program, "Press Enter to go on: ", "");
    while (program->says_next("There is no card in the reader.", std::chrono::seconds(1))) answer(*program, "Press Enter to go on: ", "");
    if (!tells_which_pin_counts) {
      EXPECT_TRUE(program->says_next("The card does not tell which PIN counts."));
      program->interrupt();
    }
    ends(*program, name_of(what) + ", pulled and inserted again", {tells_which_pin_counts ? 0 : 1});
    EXPECT_TRUE(card->was_struck());
  }
  void refuse(const Unlock& what) {
    const auto card = insert_locked(what, {});
    auto program = give_everything(what);
    const bool of_the_vault = what.code.empty();  // is not sent twice
    EXPECT_TRUE(program->says_next(of_the_vault ? "is not this card's" : "! ")) << name_of(what);
    if (!of_the_vault) program->interrupt();
    ends(*program, name_of(what) + ", refused", {0, 1});
  }

  void walk(const Unlock& what) {
    for (const CommandPlace& place : unlock(what))
      for (const Fault& fault : faults) disturb(what, words_of(fault, place));
    disturb(what, {"--lie", "counter"});
    disturb(what, {"--slow", "20"});
  }
  void walk_signing(const Unlock& what) {
    std::vector<CommandPlace> places;
    {
      const auto card = insert(what, {"--pin", what.pin});
      ends(*sign(what), name_of(what) + ", signed");
      places = places_of_secrets(card->told());
    }
    EXPECT_FALSE(places.empty());
    for (const CommandPlace& place : places)
      for (const Fault& fault : faults) disturb_signing(what, words_of(fault, place));
    const auto card = insert(what, {"--pin", old_pin});
    auto program = sign(what);
    EXPECT_TRUE(program->says_next("! "));
    program->interrupt();
    ends(*program, name_of(what) + ", signing with a wrong PIN", {0, 1});
  }
};

const CommandPlace unblocking{"2C", 1};

/// The words of a command line stay on the stack to the end: a search that works finds them.
TEST_F(CardSecrets, AreFoundWhereTheyStay) {
  for (Needles* each : {&needles, &while_it_runs}) each->plant_text("the words of a command line", "Zeytin-Tanesi-61");
  auto program = start({"subscribers", "find", "Zeytin-Tanesi-61", "--operator", "field"}, Program::Input::nothing);
  program->wait();
  EXPECT_THAT(std::exchange(left, {}), ::testing::ElementsAre("the words of a command line"));
}

const Unlock piv{.family = "piv", .serial = "A4000000000000000000000000000001", .card = {"--puk", vault_puk}};

TEST_F(CardSecrets, OfPivStayNowhere) {
  walk(piv);
  disturb(piv, {"--lie", "yes"});
  resume(piv, unblocking);
}

TEST_F(CardSecrets, OfPivSigningStayNowhere) { walk_signing(piv); }

TEST_F(CardSecrets, OfPivWithATypedPukStayNowhere) {
  walk({.family = "piv", .serial = "A4000000000000000000000000000009", .card = {"--puk", typed_code}, .code = typed_code});
  refuse({.family = "piv", .serial = "A4000000000000000000000000000009", .card = {"--puk", typed_code}, .code = wrong_code});
}

const Unlock gids{.family = "gids", .serial = "A4000000000000000000000000000002", .card = {"--admin-key", admin_key}};

TEST_F(CardSecrets, OfGidsStayNowhere) {
  walk(gids);
  disturb(gids, {"--lie", "yes"});
  resume(gids, unblocking);
  const std::string other_key = "0102030405060708" "1112131415161718" "2122232425262728";
  refuse({.family = "gids", .serial = gids.serial, .card = {"--admin-key", other_key}});
}

TEST_F(CardSecrets, OfGidsSigningStayNowhere) { walk_signing(gids); }

const std::vector<std::string> openpgp_codes = {"--puk", typed_code, "--admin-pin", officer_code};
const Unlock openpgp{.family = "openpgp", .serial = "A4000001", .card = openpgp_codes, .way = "resetting_code", .code = typed_code};

TEST_F(CardSecrets, OfOpenPgpStayNowhere) {
  walk(openpgp);
  disturb(openpgp, {"--lie", "yes"});
  resume(openpgp, unblocking);
}

TEST_F(CardSecrets, OfOpenPgpAdministratorsStayNowhere) {
  walk({.family = "openpgp", .serial = "A4000001", .card = openpgp_codes, .way = "admin_pin", .code = officer_code});
  refuse({.family = "openpgp", .serial = "A4000001", .card = openpgp_codes, .way = "admin_pin", .code = wrong_code});
}

/// The card wants a hash of each PIN.
TEST_F(CardSecrets, OfOpenPgpWithHashedPinsStayNowhere) {
  auto hashed = openpgp;
  hashed.card.push_back("--hashed");
  unlock(hashed);
  disturb(hashed, words_of({"--pull-at", true}, unblocking));
}

TEST_F(CardSecrets, OfOpenPgpSigningStayNowhere) { walk_signing(openpgp); }

const std::vector<std::string> iso_codes = {"--puk", typed_code, "--admin-pin", officer_code};
const Unlock iso{.family = "iso", .serial = "A4000009", .card = iso_codes, .way = "puk", .code = typed_code};

TEST_F(CardSecrets, OfPlainIsoCardsStayNowhere) {
  walk(iso);
  disturb(iso, {"--lie", "yes"});
  resume(iso, unblocking, false);
}

TEST_F(CardSecrets, OfPlainIsoCardsAdministratorsStayNowhere) {
  walk({.family = "iso", .serial = "A4000009", .card = iso_codes, .way = "admin_pin", .code = officer_code});
}

TEST_F(CardSecrets, OfPlainIsoCardsSigningStayNowhere) { walk_signing(iso); }

/// Its PINs have six digits.
class AkisSecrets : public CardSecrets {
 protected:
  /// With other PINs in each round.
  void twice_with_pins(const std::function<void(const std::string& pin, const std::string& mistyped)>& flow) {
    static const std::array<std::pair<std::string, std::string>, 2> pins = {{{"735196", "407198"}, {"284917", "960352"}}};
    int round = 0;
    twice([&] {
      const auto& [pin, mistyped] = pins.at(static_cast<std::size_t>(round++));
      plant_short("the PIN that the holder chose", pin);
      plant_short("the PIN that the holder mistyped", mistyped);
      flow(pin, mistyped);
    });
  }
};

TEST_F(AkisSecrets, OfThePukStayNowhere) {
  twice_with_pins([this](const std::string& pin, const std::string& mistyped) {
    const Unlock akis{.family = "akis", .serial = "A40000000000000000000001", .card = {"--puk", vault_puk}, .way = "puk", .pin = pin, .mistyped = mistyped};
    walk(akis);
    disturb(akis, {"--lie", "yes"});
    unlock({.family = "akis", .serial = "A40000000000000000000009", .card = {"--puk", typed_code}, .way = "puk", .code = typed_code,
            .pin = pin, .mistyped = mistyped});
    walk_signing(akis);
  });
}

/// The cards of after 2011.
TEST_F(AkisSecrets, OfTheIssuersUnlockStayNowhere) {
  twice_with_pins([this](const std::string& pin, const std::string& mistyped) {
    walk({.family = "akis", .serial = "A40000000000000000000003", .card = {"--no-puk"}, .way = "issuer", .pin = pin, .mistyped = mistyped});
  });
}

TEST_F(CardSecrets, OfAPinThatWasMadeStayNowhereButBeforeTheHolder) {
  twice([this] {
    for (Unlock what : {piv, gids, Unlock{.family = "akis", .serial = "A40000000000000000000003", .card = {"--no-puk"}, .way = "issuer"}}) {
      what.made = true;
      const auto card = insert_locked(what, {});
      const auto ended = ends(*give_everything(what), name_of(what) + ", with a PIN that was made");
      EXPECT_THAT(ended.err, ::testing::HasSubstr("Shown once: "));
    }
  });
}

/// The holder's own computer asks the card for a challenge, and gives it the answer that the operator speaks.
class CardFarAway {
 public:
  CardFarAway() : card_({.admin_key = card::emulated::hex(admin_key), .pin_blocked = true, .serial = card::emulated::hex(gids_serial)}) {}

  std::string challenge() {
    ask("00A4040009A0000003974254465900");
    ask("002281A403830180");
    const auto answer = ask("00870000047C02810000");
    const auto hex = crypto::hex_encode(answer);
    return hex.substr(8, 16);
  }
  bool takes(std::string response) {
    response.erase(std::min(response.find(" \xC2\xB7"), response.size()));
    std::erase(response, ' ');
    return crypto::hex_encode(ask("008700000C7C0A8208" + response)) == "9000";
  }

 private:
  card::emulated::Bytes ask(const std::string& hex) { return card_.answer(card::emulated::hex(hex)); }
  card::emulated::GidsCard card_;
};

TEST_F(CardSecrets, OfAnUnlockByPhoneStayNowhere) {
  CardFarAway card;
  open_a_ticket(gids_holder_id, gids_document);
  for (const bool works : {false, true}) {
    auto program = run("card.unlock_phone", nlohmann::json::object());
    plant_what_is_shown(*program, "the answer to the challenge");
    answer(*program, "Challenge (", card.challenge());
    answer(*program, "Press Enter to go on: ", "");
    ASSERT_TRUE(program->says_next("Shown once: "));
    ASSERT_TRUE(program->says_next("Number: "));
    const auto err = program->err();
    std::smatch shown;
    ASSERT_TRUE(std::regex_search(err, shown, std::regex("Shown once: ([^\n]*)\n")));
    if (works) {
      EXPECT_TRUE(card.takes(shown[1]));
    }
    program->type(works ? "1" : "3");
    if (!works) {
      ASSERT_TRUE(program->says_next("! "));
      program->interrupt();
    }
    ends(*program, "an unlock by phone", {works ? 0 : 1});
  }
}

/// Of a PUK that is spoken, in the groups in which it is.
TEST_F(CardSecrets, OfAPukThatIsToldByPhoneStayNowhere) {
  open_a_ticket(piv_holder_id, piv_document);
  auto program = run("card.tell_puk", nlohmann::json::object());
  plant_what_is_shown(*program, "the PUK as it is told");
  answer(*program, "Press Enter to go on: ", "");
  answer(*program, "Number: ", "1");
  ends(*program, "telling a PUK");
}

TEST_F(CardSecrets, OfWhatIsToldOfCardsStayNowhere) {
  auto program = run("card.information", nlohmann::json::object());
  while (program->says_next("Press Enter to go on: ", std::chrono::seconds(5))) program->type("");
  ends(*program, "the information about cards");
  auto shown = start({"cards", "show", "--subscriber", holder_id, "--operator", "field"}, Program::Input::nothing);
  ends(*shown, "the list of cards");
}

}  // namespace
}  // namespace anahtar::testing
