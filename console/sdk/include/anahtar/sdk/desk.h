// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "form.h"
#include "secret.h"
#include "text.h"

namespace anahtar::sdk {

/// Thrown through an action when its operator or its ticket ends it. Do not catch it.
struct Cancelled : std::exception {
  const char* what() const noexcept override { return "the action was cancelled"; }
};

/// Thrown when an action uses a port that it did not declare in `Action::needs`.
struct PortNotDeclared : std::exception {
  const char* what() const noexcept override { return "the action uses a port that it did not declare"; }
};

enum class Audience {
  holder,    ///< the holder's own window or phone
  operator_  ///< the operator, once, to be spoken; only where policy allows
};

/// How a message reaches the holder.
enum class Delivery { sms, email };

/// The subscriber of the ticket as the operator may see them now: masked unless opened.
struct SubscriberSummary {
  std::string name;    ///< e.g. "A••• Y•••••"
  std::string mobile;  ///< e.g. "05•• ••• •• 45"; empty when none is registered
  std::string email;
};

struct PortalAccount {
  bool blocked = false;
  int failed_tries = 0;
};

/// What the authority's registry says about the subscriber's accounts.
class RegistryPort {
 public:
  virtual ~RegistryPort() = default;
  virtual PortalAccount portal_account() = 0;
  /// Whether this action, when it resets, also clears failed tries and block; policy says so.
  virtual bool reset_clears_block() = 0;
};

/// The telephone call of the ticket, as the telephone system (never the operator) told it.
class CallPort {
 public:
  virtual ~CallPort() = default;
  /// True when the telephone system proved the caller's number and it is the subscriber's registered mobile.
  virtual bool from_registered_mobile() = 0;
};

enum class CodeCheck { right, wrong, expired, used_up, locked };

struct SentCode {
  std::string masked_to;                                       ///< e.g. "05•• ••• •• 45"
  std::chrono::sys_time<std::chrono::microseconds> expires;
  int tries_left = 0;
  std::string message;  ///< opaque; for Form::follow_message
};

/// One-time codes to the registered mobile. The code itself is made, kept (as a keyed hash) and compared by the console.
class CodesPort {
 public:
  virtual ~CodesPort() = default;
  /// Sends a new code; any earlier one is void. Throws Failed with a sentence when it cannot be sent.
  virtual SentCode send() = 0;
  virtual CodeCheck check(const Secret& typed) = 0;
  virtual int tries_left() = 0;
};

struct RegistryQuestion {
  std::string id;  ///< e.g. "mother_name"
  Text label;
  FieldKind kind = FieldKind::text;
};

/// Civil-registry questions about the subscriber. Answers are compared, the right ones never shown.
class CivilRegistryPort {
 public:
  virtual ~CivilRegistryPort() = default;
  /// Questions drawn at random from the record. Fewer than asked for when the record holds fewer.
  virtual std::vector<RegistryQuestion> draw(std::size_t count) = 0;
  /// One answer for the whole set: it is not told which one was wrong. Throws Failed when the method is locked.
  virtual bool compare(const std::map<std::string, std::string>& answers) = 0;
};

/// A number that is not registered yet: judged by the numbering plan, and confirmed by a code that is sent to it.
class NewNumberPort {
 public:
  virtual ~NewNumberPort() = default;
  /// E.164; nothing when it is no mobile number that can be registered.
  virtual std::optional<std::string> normalised(const std::string& typed) = 0;
  /// Sends a code to `number` (E.164); an earlier one is void. Throws Failed when it cannot be sent, or too often.
  virtual SentCode send(const std::string& number) = 0;
  virtual CodeCheck check(const Secret& typed) = 0;
  virtual int tries_left() = 0;
};

/// The number that was registered before the last update, while that can be undone.
class PreviousNumberPort {
 public:
  virtual ~PreviousNumberPort() = default;
  /// As the operator may see it, e.g. "05•• ••• •• 45".
  virtual std::string masked() = 0;
  /// Whether the telephone system proved that the ticket's call comes from it.
  virtual bool calling() = 0;
};

/// The identity document of who stands at the desk. Its number is recorded, sealed.
class IdentityDocumentPort {
 public:
  virtual ~IdentityDocumentPort() = default;
  /// Whether it is the document that the record names. A wrong one counts. Throws Failed when the method is locked.
  virtual bool seen(const std::string& number) = 0;
};

/// The holder's call PIN: 4 to 8 digits that they chose earlier. It is kept as a slow salted hash alone.
class CallPinPort {
 public:
  virtual ~CallPinPort() = default;
  /// Takes the PIN for `Change::set_call_pin`. What speaks against it is given back, and then it is not taken.
  virtual Text choose(const Secret& pin) = 0;
  /// Takes a while. A wrong one counts.
  virtual CodeCheck check(const Secret& given) = 0;
  virtual int tries_left() = 0;
};

struct PlacedCall {
  std::string masked_to;  ///< e.g. "05•• ••• •• 45"
  std::chrono::sys_time<std::chrono::microseconds> expires;
};

enum class CallBackCheck { confirmed, not_answered, expired };

/// A call that the telephone system makes to the registered number, which it takes from the record.
class CallBackPort {
 public:
  virtual ~CallBackPort() = default;
  /// Any earlier call is void. Throws Failed when the telephone system cannot be reached.
  virtual PlacedCall dial() = 0;
  /// The operator says that the holder is on the line: confirmed only if the telephone system says it was answered.
  virtual CallBackCheck confirm() = 0;
  /// The operator says that somebody else answered. It counts as a failure.
  virtual void not_the_holder() = 0;
};

/// One way to unlock the card that is at the desk, as it is possible now.
struct CardUnlockWay {
  std::string id;  ///< e.g. "puk"
  Text title;
  Text what_happens;
  Text warning = {};          ///< of what cannot be undone, e.g. before the last try
  bool holder_types = false;  ///< the holder must give the code that unlocks (CardPort::take_unlocker)
  bool issuer = false;        ///< only the issuer's own service can do it
  bool makes_pin = false;     ///< whoever unlocks makes the new PIN: none is chosen here
  bool pad = false;           ///< the holder can type the new PIN on the reader's own keypad
};

/// The card at the desk, as it was read a moment ago.
struct CardAtDesk {
  Text problem;   ///< why no card can be worked with, and what to do; then nothing else is set
  Text refusal;   ///< why this card is not unlocked for this subscriber; empty: it may be
  std::string name;  ///< family and serial number
  Text state;        ///< e.g. "The PIN is locked."
  std::vector<Fact> facts;
  std::vector<CardUnlockWay> ways;
  Text next_step;    ///< when there is no way
  Text since;        ///< after an unlock of which nobody knew what came of it: which PIN counts now
  bool new_pin_counts = false;  ///< with `since`
  int shortest_pin = 6, longest_pin = 8;
  bool pad = false;  ///< the holder can type their PIN on the reader's own keypad
  /// What is to become of a PUK that was told by telephone.
  enum class Puk {
    stays,
    to_be_replaced,
    perhaps_replaced,  ///< a replacement was interrupted: to find out may cost one of its tries
  } puk = Puk::stays;
};

struct CardUnlocked {
  enum class Outcome {
    proven,       ///< the card takes the new PIN
    try_again,    ///< nothing was changed, and another try is possible; `sentence` says what was wrong
    ended,        ///< nothing was changed, and this way is closed
    unknown,      ///< the card must be read again
  };
  Outcome outcome = Outcome::ended;
  Text sentence;
};

struct PukReplaced {
  bool counts = false;  ///< the card has another PUK than the one that was told
  Text sentence;        ///< what came of it
};

/// The card in a reader of this desk. New PIN and unlocking code stay in the console; it compares, checks policy, records
/// before and after, and never repeats anything by itself.
class CardPort {
 public:
  virtual ~CardPort() = default;
  /// Reads the card anew; costs no try.
  virtual CardAtDesk look() = 0;
  /// A new PIN that the card can take, at random.
  virtual void make_new_pin() = 0;
  /// The holder's own choice. What speaks against it is given back, and then it is not taken.
  virtual Text choose_new_pin(const Secret& pin) = 0;
  /// The holder types the new PIN on the reader's keypad while the card is unlocked: twice, and once more to prove it.
  virtual void take_new_pin_from_pad() = 0;
  /// What the holder typed to unlock: PUK, resetting code or administrator's PIN.
  virtual void take_unlocker(const Secret& code) = 0;
  /// Throws Failed when it may not be, or cannot be recorded: then nothing was sent to the card.
  virtual CardUnlocked unlock(const std::string& way) = 0;
  /// Shows the new PIN to the holder, once. Only after it counts.
  virtual void show_new_pin() = 0;
  /// Gives the card a new PUK, which nobody learns, instead of the one that was told. Throws as unlock does.
  virtual PukReplaced replace_puk() = 0;
  /// Whether the card's certificate is the holder's and its key signed a random challenge after `pin`. Empty: it did.
  virtual Text check_signature(const Secret& pin) = 0;
  /// The same, with the PIN typed on the reader's keypad.
  virtual Text check_signature_on_pad() = 0;
};

/// Answers to the challenge that a holder's own screen shows, for a registered card whose key the vault has.
class CardResponsePort {
 public:
  virtual ~CardResponsePort() = default;
  virtual std::vector<Choice> cards() = 0;
  /// How many hexadecimal digits a challenge of this card can have; one number or more.
  virtual std::vector<std::size_t> lengths_of_challenge(const std::string& card) = 0;
  /// As it is read back, in groups; empty when it is no challenge of this card.
  virtual std::string grouped(const std::string& card, const std::string& typed) = 0;
  /// How many more answers the card gets before one of them must have worked.
  virtual int answers_left(const std::string& card) = 0;
  /// Shows the answer to the operator, once, to be spoken. An earlier one is void. Throws Failed when there is none to give.
  virtual void answer(const std::string& card, const std::string& challenge) = 0;
  /// What the holder says came of it.
  virtual void settle(const std::string& card, bool worked) = 0;
};

/// PUKs of the vault that a holder far away types into their own computer.
class CardPukPort {
 public:
  virtual ~CardPukPort() = default;
  /// The cards in use whose PUK is held, and was told to nobody yet.
  virtual std::vector<Choice> cards() = 0;
  /// Shows the PUK to the operator, to be spoken: once for each card. Throws Failed when there is none to tell.
  virtual void tell(const std::string& card) = 0;
  /// What the holder says came of it.
  virtual void settle(const std::string& card, bool worked) = 0;
};

struct CardInformation {
  std::string name;
  std::vector<Fact> facts;
  Text next_step;
};

/// What registry, vault and, where it is in a reader, the card itself tell of the subscriber's cards.
class CardRecordPort {
 public:
  virtual ~CardRecordPort() = default;
  virtual std::vector<CardInformation> cards() = 0;
};

/// Thrown by a port that could not do its work; the sentence is shown to the operator.
struct Failed : std::exception {
  explicit Failed(Text text) : sentence(std::move(text)) {}
  const char* what() const noexcept override { return sentence.id.c_str(); }
  Text sentence;
};

/// All that an action sees of the console. Every call is made on the action's own worker thread, and throws Cancelled
/// once the run has been cancelled or abandoned.
class Desk {
 public:
  virtual ~Desk() = default;

  /// Blocks until the form is answered. No lock, session or transaction is held meanwhile.
  virtual Answers ask(Form form) = 0;
  virtual void show(Text notice) = 0;
  /// Shown once to `audience`; neither stored nor logged.
  virtual void reveal(Secret secret, Audience audience) = 0;
  /// Whether policy lets this action show a secret to `audience`.
  virtual bool may_reveal(Audience audience) = 0;
  /// Whether the holder has given where to, and a gateway for it is set up.
  virtual bool can_reach_holder(Delivery delivery) = 0;
  /// `fraction` is 0…1, or negative when unknown.
  virtual void progress(double fraction, Text sentence) = 0;
  virtual bool cancelled() const = 0;

  virtual SubscriberSummary subscriber() = 0;

  virtual RegistryPort& registry() = 0;
  virtual CallPort& call() = 0;
  virtual CodesPort& codes() = 0;
  virtual CivilRegistryPort& civil_registry() = 0;
  virtual NewNumberPort& new_number() = 0;
  virtual IdentityDocumentPort& identity_document() = 0;
  virtual CallPinPort& call_pin() = 0;
  virtual CallBackPort& call_back() = 0;
  virtual CardPort& card() = 0;
  virtual CardResponsePort& card_response() = 0;
  virtual CardPukPort& card_puk() = 0;
  virtual CardRecordPort& card_record() = 0;
  virtual PreviousNumberPort& previous_number() = 0;
};

}  // namespace anahtar::sdk
