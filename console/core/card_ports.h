// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/card_facts.h"
#include "core/run_context.h"

/// Private to core: the ports of one run that are about smart cards.
namespace anahtar::core {

/// A card in a reader of this desk, held open while a run works with it.
struct CardInReader {
  std::string reader;
  std::unique_ptr<CardSession> session;
  CardFacts facts;
};
/// The card that the desk means: the only one that is there, or the one of several that is the subscriber's.
Result<CardInReader> card_in_reader(CardDesk& desk, const Subscriber& subscriber, const std::vector<Card>& registered);

class RunCardPort : public sdk::CardPort {
 public:
  explicit RunCardPort(RunContext& run) : run_(run) {}
  sdk::CardAtDesk look() override;
  void make_new_pin() override;
  Text choose_new_pin(const Secret& pin) override;
  void take_new_pin_from_pad() override;
  void take_unlocker(const Secret& code) override { unlocker_ = code.duplicate(); }
  sdk::CardUnlocked unlock(const std::string& way) override;
  void show_new_pin() override;
  sdk::PukReplaced replace_puk() override;
  Text check_signature(const Secret& pin) override { return check_signature(&pin); }
  Text check_signature_on_pad() override { return check_signature(nullptr); }

 private:
  CardPolicy policy_now(Reader& now) const;
  std::optional<Refusal> objection(Reader& now, const Ticket& ticket) const;
  std::optional<Time> unlock_without_end(Reader& now, SubscriberId holder) const;
  void put_in_words(Reader& now, const Ticket& ticket, sdk::CardAtDesk& out);
  void tell_what_came_of_it(sdk::CardAtDesk& out);
  bool ask_card_for_new_pin(sdk::CardAtDesk& out);
  const CardInReader& card() const;
  Record record(const char* type, Reader& now, const Ticket& ticket) const;
  Record record_of_use(const CardSecret& secret, Reader& now, const Ticket& ticket) const;
  void commit_checked(const CheckedWork& work) const;
  void note(const char* type, const std::string& outcome) const;

  Text check_signature(const Secret* pin);
  void check_holder_sees() const;
  void forget_new_pin();
  void settle_new_pin(UnlockWay way);
  void hold_until_shown();
  std::optional<CardSecret> intend(UnlockWay way);
  UnlockOrder order_of(UnlockWay way, const std::optional<CardSecret>& secret) const;
  Result<> settle(UnlockWay way, const std::optional<CardSecret>& given, UnlockReport& report);
  void count_use(Transaction& tx, const CardSecret& given, UnlockReport::Outcome outcome) const;
  sdk::CardUnlocked conclude(UnlockWay way, UnlockReport& report, bool held_here);
  Text holder_objection(Reader& now, const Ticket& ticket) const;

  struct PukChange {
    CardSecret told, next;
    bool was_unsure = false;  ///< an earlier replacement was interrupted
  };
  sdk::CardAtDesk::Puk fate_of_puk(Reader& now, const Ticket& ticket) const;
  PukChange intend_new_puk();
  static bool new_one_counts(const PukChange& change, const UnlockReport& report);
  Result<> settle_new_puk(PukChange& change, const UnlockReport& report);
  bool learn_which_puk_counts(Transaction& tx, UnlockReport::Outcome outcome) const;

  RunContext& run_;
  std::optional<CardInReader> card_;
  Secret new_pin_, unlocker_;
  bool new_pin_counts_ = false, pin_on_pad_ = false, holder_knows_pin_ = false;
  struct Interrupted {
    CardFacts before;
    bool card_said_yes;
  };
  std::optional<Interrupted> interrupted_;
};

class RunCardResponsePort : public sdk::CardResponsePort {
 public:
  explicit RunCardResponsePort(RunContext& run) : run_(run) {}
  std::vector<sdk::Choice> cards() override;
  std::vector<std::size_t> lengths_of_challenge(const std::string& card) override;
  std::string grouped(const std::string& card, const std::string& typed) override;
  int answers_left(const std::string& card) override;
  void answer(const std::string& card, const std::string& challenge) override;
  void settle(const std::string& card, bool worked) override;

 private:
  int limit(Reader& now) const;
  Record record_of_settling(const CardSecret& key, const char* outcome, Reader& now, const Ticket& ticket) const;
  CardSecret key_of(Reader& now, const std::string& card) const;
  RunContext& run_;
};

class RunCardPukPort : public sdk::CardPukPort {
 public:
  explicit RunCardPukPort(RunContext& run) : run_(run) {}
  std::vector<sdk::Choice> cards() override;
  void tell(const std::string& card) override;
  void settle(const std::string& card, bool worked) override;

 private:
  Record record(const char* type, const CardSecret& puk, Reader& now, const Ticket& ticket) const;
  RunContext& run_;
};

class RunCardRecordPort : public sdk::CardRecordPort {
 public:
  explicit RunCardRecordPort(RunContext& run) : run_(run) {}
  std::vector<sdk::CardInformation> cards() override;

 private:
  RunContext& run_;
};

/// In records: `outcome` when the run ended without anybody telling.
inline constexpr char nobody_said[] = "not_told";
/// In records: `way` where nothing is unlocked.
inline constexpr char way_of_puk_change[] = "replace_puk";
const char* type_of_effect(UnlockReport::Outcome outcome);
const char* name_of(UnlockReport::Outcome outcome);  ///< in a record
/// The registry takes a card for locked until it is known to work again.
void mark_active(Transaction& tx, SubscriberId holder, std::string_view serial);

/// Upper-case hex in groups of four, with a check of two digits (ISO 7064 MOD 97-10 over the value): "A1B2 C3D4 … · 42".
std::string spoken_hex(std::string_view hex);
/// Only the hexadecimal digits, in capitals; empty when there is anything else but spaces and hyphens.
std::string plain_hex(const std::string& typed);
/// "A1B2 C3D4"; of any text.
std::string grouped_hex(std::string_view hex);

}  // namespace anahtar::core
